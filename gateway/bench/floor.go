package bench

import (
	"context"
	"crypto/hmac"
	"errors"
	"net"
	"net/http"
	"time"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/gateway/app"
	"parley/gateway/database"
)

// floor measures what any gateway on this store has to do for a webhook, and no
// more: take it over HTTP, check its signature, insert one row, answer.
func (b *run) floor(ctx context.Context, at place) (err error) {
	store, err := database.Open(ctx, at.Config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	f := newFleet(b.Conversations)
	p, err := startProvider(f.accepted)
	if err != nil {
		return err
	}
	defer p.close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	hook := hookOf(listener.Addr().String())
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: bareHook(store, hook, p.AuthToken())}
	go func() { _ = server.Serve(listener) }() // ends with ErrServerClosed
	defer func() { err = errors.Join(err, server.Close()) }()
	var all load
	err = b.during(ctx, "floor", func(ctx context.Context) (err error) {
		all, err = drive(hook, []string{listener.Addr().String()}, p.Server, b.Clients, func(c *caller, l *load) error { return f.pour(ctx, c, l) })
		return err
	})
	b.result.FloorPerSecond = perSecond(int64(len(all.acknowledged)), all.lasted)
	return err
}

// bareHook inserts each signed webhook as one message.
func bareHook(store engine.Store, url, token string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		form := r.PostForm
		if !hmac.Equal([]byte(r.Header.Get("X-Twilio-Signature")), []byte(twiliotest.Sign(token, url, form))) {
			http.Error(w, "wrong signature", http.StatusForbidden)
			return
		}
		n, _ := textNumber(form.Get("Body"))
		m := engine.Message{
			ID: app.NewID(), Brand: "bench", Conversation: form.Get("From"), Consumer: form.Get("From"), Seq: n, Author: engine.AuthorConsumer,
			Content: engine.Content{Text: form.Get("Body")}, State: engine.Received, Channel: channel, ProviderID: form.Get("MessageSid"), At: time.Now(),
		}
		if err := store.Update(r.Context(), func(tx engine.Tx) error { return tx.Messages().Add(m) }); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}
