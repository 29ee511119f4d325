package outreach

import (
	"fmt"
	"time"

	"parley/engine"
)

// widest is how far apart the clocks of a consumer's zones may be. A number that rings
// in half the world tells nothing of where its owner is; the brand's zone counts then.
const widest = 4 * time.Hour

// kept is how long the times of earlier messages matter.
const kept = 7 * 24 * time.Hour

// Decision on one message.
type Decision struct {
	// Wait is when quiet hours are over; zero when they are not on.
	Wait time.Time
	// Refused says in words why the message may not go at all, "" when it may.
	Refused string
}

// Decide says whether a message may go now. before is when earlier ones
// began; zones are those where the consumer may be, home is the brand's.
func Decide(s engine.OutreachSettings, before []int64, zones []*time.Location, home *time.Location, now time.Time) Decision {
	day, week := count(before, now, 24*time.Hour), count(before, now, kept)
	switch {
	case s.PerDay > 0 && day >= s.PerDay:
		return Decision{Refused: fmt.Sprintf("the consumer had %s in 24 hours, and the brand allows no more", messages(day))}
	case s.PerWeek > 0 && week >= s.PerWeek:
		return Decision{Refused: fmt.Sprintf("the consumer had %s in 7 days, and the brand allows no more", messages(week))}
	}
	return Decision{Wait: quietUntil(s.Quiet, near(zones, home, now), now)}
}

func messages(n int) string {
	if n == 1 {
		return "1 such message"
	}
	return fmt.Sprintf("%d such messages", n)
}

func count(before []int64, now time.Time, within time.Duration) (n int) {
	for _, ms := range before {
		if now.Sub(time.UnixMilli(ms)) < within {
			n++
		}
	}
	return n
}

// Began adds one that goes now to those before it.
func Began(before []int64, now time.Time) []int64 {
	var recent []int64
	for _, ms := range before {
		if now.Sub(time.UnixMilli(ms)) < kept {
			recent = append(recent, ms)
		}
	}
	recent = append(recent, now.UnixMilli())
	return recent[max(0, len(recent)-engine.MostOutreach):]
}

// near are the zones to go by.
func near(zones []*time.Location, home *time.Location, now time.Time) []*time.Location {
	if len(zones) == 0 {
		return []*time.Location{home}
	}
	_, least := now.In(zones[0]).Zone()
	most := least
	for _, z := range zones {
		_, offset := now.In(z).Zone()
		least, most = min(least, offset), max(most, offset)
	}
	if time.Duration(most-least)*time.Second > widest {
		return []*time.Location{home}
	}
	return zones
}

// quietUntil is when it is quiet in none of the zones any more; zero when it is so now.
// Zones far apart may leave no such time in two days; the last end that was found counts then.
func quietUntil(quiet engine.Span, zones []*time.Location, now time.Time) time.Time {
	if quiet == (engine.Span{}) {
		return time.Time{}
	}
	at := now
	for range 2 * len(zones) {
		later := at
		for _, z := range zones {
			later = engine.Later(later, end(quiet, z, at))
		}
		if later.Equal(at) {
			break
		}
		at = later
	}
	if at.Equal(now) {
		return time.Time{}
	}
	return at
}

// end is when quiet hours end that are on at a time in a zone, the time itself when none are.
func end(quiet engine.Span, zone *time.Location, at time.Time) time.Time {
	local := at.In(zone)
	for _, day := range []int{-1, 0} { // those of yesterday may last until today
		midnight := func(minutes int) time.Time {
			return time.Date(local.Year(), local.Month(), local.Day()+day, 0, minutes, 0, 0, zone)
		}
		from, until := midnight(quiet.From), midnight(quiet.Until)
		if !at.Before(from) && at.Before(until) {
			return until
		}
	}
	return at
}
