package outbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"parley/engine"
	"parley/engine/receipt"
)

const (
	tripAfter    = 3 // failures in a row
	firstProbe   = time.Second
	maxProbe     = time.Minute
	firstAuth    = 30 * time.Second
	maxAuth      = 5 * time.Minute
	tellAfter    = 2 * time.Minute // of an outage
	maxOverdue   = 100             // given up in one sweep of a channel
	oneByOneTime = 2 * time.Second // of a sweep for them
	maxSkew      = time.Minute     // by which another process's clock may be ahead
)

// blames says whether a failure may be the channel's, and not the message's.
func blames(class engine.SendClass) bool {
	return slices.Contains([]engine.SendClass{engine.SendRetry, engine.SendThrottle, engine.SendUnsure, engine.SendAuth, engine.SendQuota}, class)
}

// trip is a channel's circuit after a send that the channel may be to blame for.
// Throttles, quotas and wrong credentials open it at once, as does a provider
// that says when to come back; other failures do when there are several in a row.
func (p Policy) trip(c engine.Circuit, item string, err *engine.SendError, settings string, now time.Time) engine.Circuit {
	probe := c.Probe == item
	if c.Open() && !probe {
		// It began before the circuit opened, so it tells nothing about the next probe,
		// but for the time that the provider names.
		if at := now.Add(err.RetryAfter); c.Probe == "" && at.After(c.ProbeAt) {
			c.ProbeAt = at
		}
		return c
	}
	if c.Failures == 0 {
		c.Since = now
	}
	c.Failures++
	c.Class, c.Code, c.Message, c.Settings = err.Class, err.Code, err.Message, settings
	wait := time.Duration(0)
	switch {
	case err.Class == engine.SendAuth:
		wait = p.spread(doubled(firstAuth, c.Failures, maxAuth))
	case err.Class == engine.SendQuota:
		wait = receipt.QuotaHold
	case err.Class == engine.SendThrottle, err.RetryAfter > 0, c.Open():
		wait = p.spread(doubled(firstProbe, c.Failures, maxProbe))
	case c.Failures >= tripAfter:
		wait = p.spread(firstProbe)
	}
	c.Probe, c.ProbeAt = "", time.Time{}
	if wait = max(wait, err.RetryAfter); wait > 0 {
		c.ProbeAt = now.Add(wait)
	}
	return c
}

// learn changes the circuit of an item's channel by what came of its try.
func (w *Worker) learn(tx engine.Tx, now time.Time, item engine.OutboxItem, ch engine.Channel, o outcome) error {
	if o.well && o.failed == nil {
		return nil // what others have learnt meanwhile this one does not disprove
	}
	c, err := tx.Circuits().Get(item.Channel)
	found := err == nil
	if err != nil && engine.CodeOf(err) != engine.NotFound {
		return err
	}
	switch {
	case !o.asked: // the provider was not
		return free(tx, now, c, item.ID)
	case o.failed != nil && blames(o.failed.Class):
		c.Brand, c.Channel = item.Brand, item.Channel
		c = w.Policy.trip(c, item.ID, o.failed, digest(ch), now)
		if !found { // of several that fail first, all count
			return tx.Circuits().Add(c)
		}
		return tx.Circuits().Save(c)
	case !found || c.Open() && c.Probe != item.ID:
		return nil // what began before it opened proves nothing
	}
	if err := tx.Circuits().Remove(c.Channel); err != nil || !c.Open() {
		return err
	}
	if err := tx.Sends().Hurry(c.Channel, now, now.Add(maxBackoff)); err != nil || !c.Told {
		return err
	}
	return channelEvent(tx, now, c, true)
}

// free lets the next one probe in an item's place.
func free(tx engine.Tx, now time.Time, c engine.Circuit, item string) error {
	if !c.Open() || c.Probe != item {
		return nil
	}
	c.Probe, c.ProbeAt = "", now
	return tx.Circuits().Save(c)
}

func channelEvent(tx engine.Tx, now time.Time, c engine.Circuit, ok bool) error {
	d := engine.ChannelData{Channel: c.Channel, OK: ok, Since: c.Since.UnixMilli()}
	if !ok {
		d.Class, d.Code, d.Reason = c.Class, c.Code, c.Message
	}
	return tx.Events().Add(&engine.Event{At: now, Brand: c.Brand, Kind: engine.EventChannel, Actor: "system", Data: engine.JSON(d)})
}

// digest tells whether a channel's settings or credentials were changed.
func digest(ch engine.Channel) string {
	secrets := map[string]string{}
	for name, s := range ch.Secrets {
		secrets[name] = s.Reveal()
	}
	raw, _ := json.Marshal([]any{ch.Kind, ch.Address, ch.Config, secrets}) // of strings: cannot fail
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// attend looks after channels that are not well: it tells people, tries at once
// when their settings were changed, and gives up what has become too old.
func (w *Worker) attend(ctx context.Context) {
	all, err := engine.View(ctx, w.Store, func(tx engine.Tx) ([]engine.Circuit, error) { return tx.Circuits().List("") })
	if err != nil {
		if ctx.Err() == nil {
			w.Log.Error("looking after channels", "error", err)
		}
		return
	}
	if w.Watch != nil {
		w.Watch(all)
	}
	for _, c := range all {
		err := w.setRight(ctx, c)
		if c.Open() {
			err = errors.Join(err, w.care(ctx, c))
		}
		if err != nil && ctx.Err() == nil {
			w.Log.Error("looking after a channel", "channel", c.Channel, "error", err)
		}
	}
}

// setRight tries at once what a clock that was ahead made wait: nothing fails in the future.
func (w *Worker) setRight(ctx context.Context, c engine.Circuit) error {
	if c.Since.Sub(w.Clock()) <= maxSkew {
		return nil
	}
	return w.Store.Update(ctx, func(tx engine.Tx) error {
		now := w.Clock()
		cur, err := tx.Circuits().Get(c.Channel)
		if err != nil || cur.Since.Sub(now) <= maxSkew {
			return engine.UnlessGone(err)
		}
		last := engine.Later(cur.Since, cur.ProbeAt)
		if cur.Since = now; cur.Open() {
			cur.Probe, cur.ProbeAt = "", now
		}
		if err := tx.Circuits().Save(cur); err != nil {
			return err
		}
		return tx.Sends().Hurry(cur.Channel, now, last.Add(maxBackoff))
	})
}

func (w *Worker) care(ctx context.Context, c engine.Circuit) error {
	ch, _, err := w.Catalog.Channel(ctx, c.Channel)
	gone := engine.CodeOf(err) == engine.NotFound
	if err != nil && !gone {
		return err
	}
	now := w.Clock()
	changed := !gone && digest(ch) != c.Settings
	tell := !c.Told && (c.Class == engine.SendAuth || c.Class == engine.SendQuota || now.Sub(c.Since) >= tellAfter)
	if gone || changed || tell {
		told := false
		err := w.Store.Update(ctx, func(tx engine.Tx) error {
			told = false
			cur, err := tx.Circuits().Get(c.Channel)
			if err != nil || !cur.Open() {
				return engine.UnlessGone(err)
			}
			if gone { // its messages fail when they are sent
				return tx.Circuits().Remove(cur.Channel)
			}
			if changed && cur.Settings == c.Settings {
				cur.Settings, cur.Probe, cur.ProbeAt, cur.Failures = digest(ch), "", now, 1
			}
			if tell && !cur.Told {
				cur.Told, told = true, true
				if err := channelEvent(tx, now, cur, false); err != nil {
					return err
				}
			}
			return tx.Circuits().Save(cur)
		})
		if err != nil {
			return err
		}
		if told {
			w.Log.Error("a channel does not send; its messages wait", "channel", c.Channel, "class", c.Class, "code", c.Code, "why", c.Message)
		}
	}
	if gone {
		return nil
	}
	return w.giveUpOverdue(ctx, c.Channel, w.Policy.limitsOf(ch))
}

// giveUpOverdue ends messages of a channel that wait for its circuit and have
// become too old meanwhile: nobody claims them.
func (w *Worker) giveUpOverdue(ctx context.Context, channel string, l limits) error {
	began := time.Now()
	for time.Since(began) < oneByOneTime {
		now := w.Clock()
		items, err := engine.View(ctx, w.Store, func(tx engine.Tx) ([]engine.OutboxItem, error) {
			return tx.Sends().Overdue(channel, now.Add(-l.giveUp), maxOverdue)
		})
		if err != nil {
			return err
		}
		for _, item := range items {
			if err := w.expire(ctx, item, l); err != nil {
				return err
			}
		}
		if len(items) < maxOverdue {
			return nil
		}
	}
	return nil
}

func (w *Worker) expire(ctx context.Context, item engine.OutboxItem, l limits) error {
	return w.Store.Update(ctx, func(tx engine.Tx) error {
		now := w.Clock()
		if err := keep(tx, item); err != nil {
			return err
		}
		cur, err := tx.Outbox().Get(item.ID)
		if err != nil || cur.State != engine.OutboxPending || cur.Attempt != item.Attempt || !l.overdue(cur, now) {
			return err
		}
		cur = w.Policy.giveUp(cur, l, cur.Failure)
		return w.write(tx, now, cur, &engine.SendError{Class: engine.SendRetry, Message: cur.Failure})
	})
}

func count(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
