package engine_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/engine"
)

func states() []engine.DeliveryState {
	return []engine.DeliveryState{engine.Queued, engine.Unknown, engine.Sent, engine.Failed, engine.Delivered, engine.Read}
}

func TestDeliveryStatesFormALattice(t *testing.T) {
	t.Parallel()
	all := states()
	rank := func(s engine.DeliveryState) int {
		for i, x := range all {
			if s == x {
				return i
			}
		}
		return -1
	}
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) engine.DeliveryState { return rapid.SampledFrom(all).Draw(t, name) }
		a, b, c := draw("a"), draw("b"), draw("c")
		if a.Advance(b) != b.Advance(a) {
			t.Fatalf("%s and %s do not commute", a, b)
		}
		if a.Advance(b).Advance(c) != a.Advance(b.Advance(c)) {
			t.Fatalf("%s, %s, %s are not associative", a, b, c)
		}
		if a.Advance(a) != a {
			t.Fatalf("%s changes itself", a)
		}
		if j := a.Advance(b); rank(j) < rank(a) || rank(j) < rank(b) || j != a && j != b {
			t.Fatalf("%s and %s join to %s", a, b, j)
		}
		// Whatever the order of receipts, they end alike.
		receipts := rapid.SliceOfN(rapid.SampledFrom(all), 1, 8).Draw(t, "receipts")
		end := func(in []engine.DeliveryState) (s engine.DeliveryState) {
			for _, r := range in {
				s = s.Advance(r)
			}
			return s
		}
		if x, y := end(receipts), end(rapid.Permutation(receipts).Draw(t, "other order")); x != y {
			t.Fatalf("%v ends as %s or %s", receipts, x, y)
		}
	})
	if engine.Sent.Advance("nonsense") != engine.Sent || engine.Sent.Advance("") != engine.Sent {
		t.Error("an unknown receipt moves a message")
	}
}

func TestCursorRoundTrip(t *testing.T) {
	t.Parallel()
	for _, n := range []engine.Cursor{0, 1, 35, 36, 12345678, math.MaxInt64} {
		if got, err := engine.ParseCursor(n.String()); err != nil || got != n {
			t.Errorf("%d became %d, %v", n, got, err)
		}
	}
	if c, err := engine.ParseCursor(""); err != nil || c != 0 {
		t.Errorf("the empty cursor is %d, %v", c, err)
	}
	for _, s := range []string{"x", "e", "e-1", "7", "e1.5", "e 1", "ezzzzzzzzzzzzzzzz", "E1", "ä"} {
		if c, err := engine.ParseCursor(s); engine.CodeOf(err) != engine.Invalid {
			t.Errorf("%q is %d, %v", s, c, err)
		}
	}
}

func FuzzParseCursor(f *testing.F) {
	for _, s := range []string{"", "e0", "e1z141z3", "e-1", "e+1", "zzz", "e\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := engine.ParseCursor(s)
		if err != nil {
			if engine.CodeOf(err) != engine.Invalid || c != 0 {
				t.Fatalf("%q gave %d, %v", s, c, err)
			}
			return
		}
		if c < 0 {
			t.Fatalf("%q is %d", s, c)
		}
		if again, err := engine.ParseCursor(c.String()); err != nil || again != c {
			t.Fatalf("%q is %d, then %d, %v", s, c, again, err)
		}
	})
}

func TestWaitTakes(t *testing.T) {
	t.Parallel()
	kinds := []engine.WaitKind{engine.WaitMessage, engine.WaitTimer, engine.WaitResult, engine.WaitOutcome, engine.WaitStart, ""}
	tests := []struct {
		entry engine.InboxEntry
		takes string // the kinds that take it
	}{
		{engine.InboxEntry{Kind: engine.InboxMessage}, "message"},
		{engine.InboxEntry{Kind: engine.InboxTimer, Session: "s", Step: 3}, "message timer outcome"},
		{engine.InboxEntry{Kind: engine.InboxTimer, Session: "s", Step: 2}, ""},
		{engine.InboxEntry{Kind: engine.InboxTimer, Session: "other", Step: 3}, ""},
		{engine.InboxEntry{Kind: engine.InboxResult, Session: "s", Step: 3}, "result"},
		{engine.InboxEntry{Kind: engine.InboxResult, Session: "s", Step: 4}, ""},
		{engine.InboxEntry{Kind: engine.InboxResult, Session: "other", Step: 3}, ""},
		{engine.InboxEntry{Kind: engine.InboxOutcome, Session: "s"}, "outcome"},
		{engine.InboxEntry{Kind: "new"}, ""},
	}
	for _, tt := range tests {
		var got []string
		for _, k := range kinds {
			if (engine.Wait{Kind: k, Step: 3, Until: time.Now()}).Takes("s", tt.entry) {
				got = append(got, string(k))
			}
		}
		if strings.Join(got, " ") != tt.takes {
			t.Errorf("%+v is taken by %v, want %q", tt.entry, got, tt.takes)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("dial tcp 10.0.0.1: password=hunter2")
	e := engine.Errorf(engine.Unavailable, "Try again in %d s.", 5).Because(cause)
	wrapped := fmt.Errorf("sending: %w", e)
	if engine.CodeOf(wrapped) != engine.Unavailable || engine.MessageOf(wrapped) != "Try again in 5 s." || !errors.Is(wrapped, cause) {
		t.Errorf("%v: %s, %s", wrapped, engine.CodeOf(wrapped), engine.MessageOf(wrapped))
	}
	if !strings.Contains(wrapped.Error(), "hunter2") {
		t.Error("the log must see the cause")
	}
	const ours = "Something went wrong on our side."
	for name, tt := range map[string]struct {
		err     error
		code    engine.Code
		message string
	}{
		"nil":      {nil, "", ours},
		"foreign":  {cause, engine.Internal, ours},
		"internal": {engine.Errorf(engine.Internal, "table users is locked"), engine.Internal, ours},
		"field":    {engine.FieldError("text", "is longer than %d", 3), engine.Invalid, "is longer than 3"},
	} {
		if c, m := engine.CodeOf(tt.err), engine.MessageOf(tt.err); c != tt.code || m != tt.message {
			t.Errorf("%s: %q, %q", name, c, m)
		}
	}
	if s := engine.FieldError("text", "is empty").Error(); s != "invalid: text: is empty" {
		t.Errorf("a field error reads %q", s)
	}
	base := engine.Errorf(engine.Conflict, "x")
	if _ = base.Because(cause); errors.Is(base, cause) {
		t.Error("Because has changed its receiver")
	}
	send := fmt.Errorf("x: %w", &engine.SendError{Class: engine.SendAuth, Message: "no", Cause: cause})
	var s *engine.SendError
	if !errors.As(send, &s) || s.Class != engine.SendAuth || !errors.Is(send, cause) || strings.Contains(send.Error(), "hunter2") {
		t.Errorf("a send error reads %q", send)
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	s := engine.Secret(secret)
	ch := engine.Channel{ID: "acme.sms", Secrets: map[string]engine.Secret{"auth_token": s}}
	for _, verb := range []string{"%s", "%v", "%+v", "%#v", "%q", "%x", "%X", "%d", "%t", "%f", "%c", "%U", "%e", "%o", "%10s", "%-5.1v"} {
		for _, v := range []any{s, &s, []engine.Secret{s}, ch, &ch, ch.Secrets, struct{ S engine.Secret }{s}} {
			out := fmt.Sprintf(verb, v)
			if strings.Contains(out, secret) || strings.Contains(strings.ToLower(out), "68756e74657232") || strings.Contains(out, "104 117") {
				t.Errorf("%s of %T prints %s", verb, v, out)
			}
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", s, "channel", ch)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secret", s)
	if strings.Contains(log.String(), secret) || strings.Contains(fmt.Errorf("sending with %v: %s", ch, s).Error(), secret) {
		t.Errorf("the log has it: %s", &log)
	}
	if s.Reveal() != secret {
		t.Error("it does not reveal itself")
	}
	raw, err := json.Marshal(ch.Secrets) // storage keeps it
	if err != nil || !strings.Contains(string(raw), secret) {
		t.Errorf("stored as %s, %v", raw, err)
	}
}

func TestRolesAndAvailability(t *testing.T) {
	t.Parallel()
	order := []engine.Role{engine.RoleAgent, engine.RoleSupervisor, engine.RoleAdmin}
	for i, have := range order {
		for j, need := range order {
			if have.Allows(need) != (i >= j) {
				t.Errorf("%s allows %s: %t", have, need, have.Allows(need))
			}
		}
		if have.Allows("") || have.Allows("root") || engine.Role("root").Allows(have) || engine.Role("").Allows("") {
			t.Error("an unknown role allows something")
		}
	}
	now := time.UnixMilli(1_000_000)
	u := engine.User{Presence: engine.Online, SeenAt: now}
	for name, tt := range map[string]struct {
		change func(*engine.User)
		want   bool
	}{
		"online":     {func(*engine.User) {}, true},
		"nearly too": {func(u *engine.User) { u.SeenAt = now.Add(time.Millisecond - engine.PresenceTTL) }, true},
		"silent":     {func(u *engine.User) { u.SeenAt = now.Add(-engine.PresenceTTL) }, false},
		"never seen": {func(u *engine.User) { u.SeenAt = time.Time{} }, false},
		"away":       {func(u *engine.User) { u.Presence = engine.Away }, false},
		"back soon":  {func(u *engine.User) { u.Presence = engine.BackSoon }, false},
		"disabled":   {func(u *engine.User) { u.Disabled = true }, false},
	} {
		c := u
		tt.change(&c)
		if c.Available(now) != tt.want {
			t.Errorf("%s: %t", name, c.Available(now))
		}
	}
}

func TestBlank(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " \t\n\r\u00a0\u2003\u3000\u2028", "\u200b", "\u200b\u200c\u200d\u2060\ufeff", "\u00ad", "\u2800\u2800", "\u3164", "\u115f\u1160\uffa0",
		"\ufe0f", "\U000e0100", "\u034f\u17b4\u17b5\u180e", "\u061c\u200e\u202e\u2066", "\U000e0041", "\x00\x07", "\ufffc", "\u180b", " \u200b \n \u3164 ",
	} {
		if !engine.Blank(text) {
			t.Errorf("%+q can be seen", text)
		}
	}
	for _, text := range []string{"a", ".", "👍", "❤️", "\u200bx", "\u0301", "請", "1️⃣", "\ufffd", "\u0600", "\ue000", "👨\u200d👩\u200d👧", "\u200f؟"} {
		if engine.Blank(text) {
			t.Errorf("%+q cannot be seen", text)
		}
	}
}
