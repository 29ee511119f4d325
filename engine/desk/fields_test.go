package desk_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"parley/engine"
)

// asks makes the handoff of a conversation expect fields.
func (w world) asks(c engine.Conversation, expects ...engine.ExpectedField) engine.Conversation {
	w.Update(func(tx engine.Tx) (err error) {
		if c, err = tx.Conversations().Get(c.Brand, c.ID); err != nil {
			return err
		}
		c.Handoff.Expects = expects
		return tx.Conversations().Save(&c)
	})
	return c
}

func expected() []engine.ExpectedField {
	return []engine.ExpectedField{
		{Name: "refund", Kind: "boolean", Required: true},
		{Name: "amount", Kind: "number"},
		{Name: "until", Kind: "date"},
		{Name: "why", Kind: "choice", Choices: []string{"late", "broken"}},
		{Name: "remark", Kind: "text"},
	}
}

func TestCloseChecksFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t, passed)
	c := w.asks(w.mine(), expected()...)
	with := func(name string, v any) map[string]any {
		f := map[string]any{"refund": false}
		f[name] = v
		return f
	}
	for name, tt := range map[string]struct {
		fields map[string]any
		field  string
		words  string
	}{
		"nothing":             {nil, "refund", "is needed"},
		"null":                {with("refund", nil), "refund", "is needed"},
		"unknown":             {with("colour", "red"), "colour", "is not asked for"},
		"text for a boolean":  {with("refund", "yes"), "refund", "is not true or false"},
		"text for a number":   {with("amount", "7"), "amount", "is not a number"},
		"not a number":        {with("amount", math.NaN()), "amount", "is not a number"},
		"too big":             {with("amount", json.Number("1e999")), "amount", "is not a number"},
		"a number for text":   {with("remark", 7.0), "remark", "is not text"},
		"a list":              {with("remark", []any{"x"}), "remark", "is not text"},
		"no such day":         {with("until", "2026-02-30"), "until", "is not a date such as 2026-12-24"},
		"another date format": {with("until", "24.12.2026"), "until", "is not a date such as 2026-12-24"},
		"not in the list":     {with("why", "lost"), "why", "is not one of late, broken"},
		"too long":            {with("remark", strings.Repeat("x", 1001)), "remark", "has more than 1000 characters"},
		"broken text":         {with("remark", "\xff"), "remark", "is not valid text"},
	} {
		_, err := w.Desk.Close(t.Context(), w.sam, c.ID, c.Rev, "solved", "", tt.fields)
		e := w.code(engine.Invalid, err)
		if e.Field != "fields."+tt.field || e.Message != tt.words {
			t.Errorf("%s: %s %s", name, e.Field, e.Message)
		}
	}
	w.equal(c.Rev, w.Conversation(c.ID).Rev)

	all := map[string]any{"refund": true, "amount": 12.5, "until": " 2026-12-24 ", "why": "late", "remark": ""}
	got := w.ok(w.Desk.Close(t.Context(), w.sam, c.ID, c.Rev, "solved", "", all))
	w.equal(engine.Closed, got.State)
	w.equal(map[string]string{"refund": "true", "amount": "12.5", "until": "2026-12-24", "why": "late"}, got.Attributes)
}

func TestCloseTellsTheBotTheFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t, awaited)
	c := w.asks(w.mine(), expected()...)
	c = w.ok(w.Desk.Close(t.Context(), w.sam, c.ID, c.Rev, "solved", "done", map[string]any{"refund": true, "amount": 3.0}))
	w.equal(map[string]string{"refund": "true", "amount": "3"}, c.Attributes)
	inbox := w.Inbox(c.ID)
	if len(inbox) != 1 || inbox[0].Kind != engine.InboxOutcome {
		t.Fatalf("the inbox holds %+v", inbox)
	}
	var out engine.HandoffOutcome
	if err := json.Unmarshal(inbox[0].Data, &out); err != nil {
		t.Fatal(err)
	}
	w.equal(engine.HandoffOutcome{
		Kind: engine.OutcomeClosed, Outcome: "solved", Summary: "done", Agent: w.sam.Name, Fields: map[string]any{"refund": true, "amount": 3.0},
	}, out)
}

func TestFieldsWithoutBeingAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, passed)
	c := w.mine()
	_, err := w.Desk.Close(t.Context(), w.sam, c.ID, c.Rev, "solved", "", map[string]any{"refund": true})
	if e := w.code(engine.Invalid, err); e.Field != "fields.refund" {
		t.Errorf("the field is %q", e.Field)
	}
	w.equal(map[string]string(nil), w.ok(w.Desk.Close(t.Context(), w.sam, c.ID, c.Rev, "solved", "", map[string]any{})).Attributes)
}

// TestMovesKeepWhatIsAsked: the bot waits for the fields whoever closes, until
// it gets the conversation back.
func TestMovesKeepWhatIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, awaited)
	c := w.asks(w.mine(), expected()...)
	w.Update(func(tx engine.Tx) (err error) {
		c.Handoff.Level, c.Handoff.Language = 3, "de"
		return tx.Conversations().Save(&c)
	})
	c = w.ok(w.Desk.Requeue(t.Context(), w.sam, c.ID, c.Rev, ""))
	if h := c.Handoff; h.Level != 3 || h.Language != "de" || len(h.Expects) != 5 {
		t.Errorf("back in the queue it needs %+v", h)
	}
	c = w.Assign(c.ID, w.kim)
	c = w.ok(w.Desk.Transfer(t.Context(), w.kim, c.ID, c.Rev, toSkill("sales"), "please"))
	if h := c.Handoff; h.Level != 0 || h.Language != "de" || len(h.Expects) != 5 {
		t.Errorf("with another skill it needs %+v", h)
	}
	c = w.Assign(c.ID, w.sam)
	c = w.ok(w.Desk.Return(t.Context(), w.sam, c.ID, c.Rev, ""))
	if c.Handoff.Expects != nil {
		t.Errorf("the bot has it, and agents are asked for %+v", c.Handoff.Expects)
	}
}
