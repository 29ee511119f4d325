package receive_test

import (
	"testing"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/receive"
)

// app is a world in which one webhook serves several channels: two of the brand's that
// share an app, one with an app of its own, one of another kind, and another brand's.
func app(t *testing.T) (w *enginetest.World, call func(engine.Decoded) error, left map[receive.LeftOut]int) {
	t.Helper()
	w = world(t)
	config := func(app string) map[string]string { return map[string]string{"app": app} }
	w.Update(func(tx engine.Tx) error {
		if err := tx.Brands().Save(engine.Brand{ID: "other", Name: "Other"}); err != nil {
			return err
		}
		if err := tx.Brands().SaveChannels("other", []engine.Channel{{Brand: "other", ID: "other.phone", Kind: "phone", Address: "page-9", Config: config("a")}}); err != nil {
			return err
		}
		return tx.Brands().SaveChannels(enginetest.Brand, []engine.Channel{
			{Brand: enginetest.Brand, ID: enginetest.Phone, Kind: "phone", Address: "page-1", Config: config("a")},
			{Brand: enginetest.Brand, ID: "acme.second", Kind: "phone", Address: "page-2", Config: config("a")},
			{Brand: enginetest.Brand, ID: "acme.third", Kind: "phone", Address: "page-3", Config: config("b")},
			{Brand: enginetest.Brand, ID: enginetest.Web, Kind: "web", Address: "page-4", Config: config("a")},
		})
	})
	left = map[receive.LeftOut]int{}
	w.Receiver.Observe = func(n int, why receive.LeftOut) { left[why] += n }
	call = func(d engine.Decoded) error {
		req := engine.WebhookRequest{Method: "POST", Header: map[string][]string{"App": {"a"}}, Body: engine.JSON(d)}
		_, err := w.Receiver.Webhook(t.Context(), enginetest.Phone, req)
		return err
	}
	return w, call, left
}

func TestOneWebhookServesTheBrandsChannels(t *testing.T) {
	t.Parallel()
	w, call, left := app(t)
	to := func(address, id string) engine.Inbound {
		m := in(id, "to "+address)
		m.To, m.From = address, "+1555"+id
		return m
	}
	d := engine.Decoded{Inbound: []engine.Inbound{
		to("page-1", "1"), to("page-2", "2"), to("page-2", "3"), to("page-3", "4"), to("page-4", "5"), to("page-9", "6"), to("page-7", "7"), to("", "8"),
	}}
	for range 2 { // what comes again changes nothing
		if err := call(d); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]int{}
	for _, c := range all(w) {
		for _, m := range w.Messages(c.ID) {
			got[c.Channel+": "+m.Content.Text]++
		}
	}
	equal(t, map[string]int{"acme.phone: to page-1": 1, "acme.second: to page-2": 2, "acme.phone: to ": 1}, got)
	equal(t, map[receive.LeftOut]int{receive.LeftRecipient: 8}, left)
	others := enginetest.Read(w, func(tx engine.Tx) ([]engine.Conversation, error) {
		return tx.Conversations().List(engine.ConversationFilter{Brand: "other", Limit: 10})
	})
	equal(t, 0, len(others))
}

func TestReceiptsOfOneWebhookGoToTheirChannel(t *testing.T) {
	t.Parallel()
	w, call, left := app(t)
	id := w.WriteAs("acme.second", in("m1", "hi")).Conversation.ID
	sent := w.Queue(id, "hello")[0]
	item := engine.SendID(sent.ID, 0, 0)
	for _, to := range []string{"page-9", "page-3", ""} { // of others, and of the channel whose webhook it is
		if err := call(engine.Decoded{Statuses: []engine.StatusUpdate{{To: to, Item: item, State: engine.Read}}}); err != nil {
			t.Fatal(err)
		}
		equal(t, engine.Queued, w.Message(sent.ID).State)
	}
	if err := call(engine.Decoded{Statuses: []engine.StatusUpdate{{To: "page-2", Item: item, State: engine.Read}}}); err != nil {
		t.Fatal(err)
	}
	equal(t, engine.Read, w.Message(sent.ID).State)
	equal(t, map[receive.LeftOut]int{receive.LeftRecipient: 2}, left)
}

func TestTypingIsPassedOn(t *testing.T) {
	t.Parallel()
	w, call, left := app(t)
	var passed []engine.Signal
	defer w.Bus.Subscribe(engine.TopicPass, func(s engine.Signal) { passed = append(passed, s) })()
	typing := engine.Decoded{Inbound: []engine.Inbound{{Kind: engine.InboundTyping, From: enginetest.Address}, {Kind: "dance", From: enginetest.Address}}}
	if err := call(typing); err != nil {
		t.Fatal(err)
	}
	equal(t, 0, len(passed)) // nobody has written yet
	c := w.Write("hi").Conversation
	events := w.Cursor()
	if err := call(typing); err != nil {
		t.Fatal(err)
	}
	equal(t, []engine.Signal{engine.Typing(engine.ConversationRef{Brand: c.Brand, ID: c.ID}, engine.AuthorConsumer, "", "", true)}, passed)
	equal(t, events, w.Cursor())
	equal(t, map[receive.LeftOut]int{receive.LeftKind: 2}, left)
}
