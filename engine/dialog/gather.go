package dialog

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"parley/engine"
)

// Bounds of a burst of messages that is taken as one.
const (
	maxGather   = 30 * time.Second
	maxBurst    = 20       // messages
	burstBytes  = 64 << 10 // of their data
	burstWindow = 10       // times the silence: somebody who never pauses is answered all the same
)

// gatherOf is the silence that ends a burst on a channel.
func gatherOf(s engine.BrandSettings, ch engine.Channel) time.Duration {
	seconds := s.Gather
	if own, err := strconv.ParseFloat(ch.Config["gather"], 64); err == nil {
		seconds = own
	}
	if !(seconds > 0) || math.IsInf(seconds, 0) {
		return 0
	}
	return min(time.Duration(min(seconds, maxGather.Seconds())*float64(time.Second)), maxGather)
}

// listen takes the messages of one burst, or waits for its end.
func listen(a action, inbox []engine.InboxEntry, gather time.Duration, now time.Time) decision {
	if gather <= 0 {
		return with(a, inbox[0])
	}
	burst, open := burstOf(inbox, gather, now)
	if open.After(now) {
		return decision{action: hold, due: open}
	}
	return with(a, burst...)
}

// burstOf is the first burst among the messages of an inbox that begins with
// one. open is until when more may belong to it, zero when something else came
// after it.
func burstOf(inbox []engine.InboxEntry, gather time.Duration, now time.Time) (burst []engine.InboxEntry, open time.Time) {
	size := 0
	for _, e := range inbox {
		if e.Kind != engine.InboxMessage {
			continue
		}
		size += len(e.Data)
		if n := len(burst); n > 0 && (n == maxBurst || size > burstBytes || e.At.Sub(burst[n-1].At) > gather) {
			return burst, time.Time{}
		}
		burst = append(burst, e)
	}
	open = engine.Earlier(burst[len(burst)-1].At.Add(gather), burst[0].At.Add(burstWindow*gather))
	open = engine.Earlier(open, now.Add(gather)) // the clock of another machine
	if len(burst) == maxBurst {
		open = time.Time{}
	}
	return burst, open
}

// together makes one entry of a burst: its texts by line, all its files, its
// last choice and its last place.
func together(burst []engine.InboxEntry) (engine.InboxEntry, error) {
	one := burst[len(burst)-1]
	if len(burst) == 1 {
		return one, nil
	}
	var all engine.Content
	var lines []string
	for _, e := range burst {
		var c engine.Content
		if err := json.Unmarshal(e.Data, &c); err != nil {
			return one, err
		}
		if c.Text != "" {
			lines = append(lines, c.Text)
		}
		all.Media = append(all.Media, c.Media...)
		all.Cards = append(all.Cards, c.Cards...)
		all.Contacts = append(all.Contacts, c.Contacts...)
		if c.Picked != nil {
			all.Picked = c.Picked
		}
		if c.Location != nil {
			all.Location = c.Location
		}
	}
	all.Text = strings.Join(lines, "\n")
	one.Data = engine.JSON(all)
	return one, nil
}
