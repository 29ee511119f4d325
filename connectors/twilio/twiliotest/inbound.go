package twiliotest

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Inbound is one message from a consumer.
type Inbound struct {
	From, To   string
	Body       string
	SID        string // "" makes a new one; the same again is a repetition
	Media      []Media
	OptOutType string     // STOP, START or HELP where Twilio has answered by itself
	Extra      url.Values // more parameters, or other values for the usual ones
}

// Media is a file of an incoming message.
type Media struct {
	MIME string
	Data []byte
}

// Inbound posts a message from a consumer to the gateway as Twilio does: once,
// with 15 seconds for the answer. STOP and START words change what the API
// takes for that consumer from then on.
func (s *Server) Inbound(ctx context.Context, hook Hook, in Inbound) (Reply, error) {
	return s.post(ctx, hook, s.InboundForm(in))
}

// InboundUntilAcked posts the message again and again until the answer is 2xx,
// as an account does that has asked Twilio to repeat. It tells how many posts
// that took.
func (s *Server) InboundUntilAcked(ctx context.Context, hook Hook, in Inbound) (Reply, int, error) {
	form := s.InboundForm(in)
	for attempts := 1; ; attempts++ {
		reply, err := s.post(ctx, hook, form)
		if err == nil && reply.Status/100 == 2 {
			return reply, attempts, nil
		}
		select {
		case <-time.After(resendAfter):
		case <-ctx.Done():
			return reply, attempts, ctx.Err()
		case <-s.ctx.Done():
			return reply, attempts, s.ctx.Err()
		}
	}
}

// InboundRequest is the signed request of Inbound, not yet sent, for callers
// with a client of their own.
func (s *Server) InboundRequest(ctx context.Context, hook Hook, in Inbound) (*http.Request, error) {
	return s.request(ctx, hook, s.InboundForm(in))
}

// InboundForm keeps the message and gives the webhook's parameters for it.
func (s *Server) InboundForm(in Inbound) url.Values {
	m := &Message{SID: in.SID, Direction: inbound, From: in.From, To: in.To, Body: in.Body, Status: "received", At: s.cfg.Now()}
	if m.SID == "" {
		m.SID = s.newSID(map[bool]string{true: "SM", false: "MM"}[len(in.Media) == 0])
	}
	form := url.Values{
		"MessageSid": {m.SID}, "SmsMessageSid": {m.SID}, "SmsSid": {m.SID}, "AccountSid": {s.cfg.AccountSID},
		"From": {in.From}, "To": {in.To}, "Body": {in.Body}, "NumMedia": {strconv.Itoa(len(in.Media))},
		"NumSegments": {"1"}, "SmsStatus": {"received"}, "ApiVersion": {"2010-04-01"}, "FromCountry": {"US"}, "ToCountry": {"US"},
	}
	if in.OptOutType != "" {
		form.Set("OptOutType", in.OptOutType)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, file := range in.Media {
		sid := s.newSID("ME")
		s.media[sid] = file
		address := s.url + "/2010-04-01/Accounts/" + s.cfg.AccountSID + "/Messages/" + m.SID + "/Media/" + sid
		m.Media = append(m.Media, address)
		form.Set("MediaUrl"+strconv.Itoa(i), address)
		form.Set("MediaContentType"+strconv.Itoa(i), file.MIME)
	}
	maps.Copy(form, in.Extra)
	if s.bySID[m.SID] == nil {
		s.keep(m)
		s.heed(in)
	}
	return form
}

// heed keeps Twilio's own opt-out list; s.mu is held.
func (s *Server) heed(in Inbound) {
	sender := cmp.Or(in.Extra.Get("MessagingServiceSid"), in.To)
	switch strings.ToUpper(strings.TrimSpace(in.Body)) {
	case "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT":
		s.optOuts[[2]string{sender, in.From}] = true
	case "START", "YES", "UNSTOP":
		delete(s.optOuts, [2]string{sender, in.From})
	}
}

// redirectToMedia sends a signed-in client on to where the bytes are.
func (s *Server) redirectToMedia(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/cdn/"+url.PathEscape(r.PathValue("media")), http.StatusTemporaryRedirect)
}

// serveMedia gives the bytes, without a sign-in, as a content network does. The
// host is the API's own, so a client may bring its credentials along.
func (s *Server) serveMedia(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	file, found := s.media[r.PathValue("media")]
	s.mu.Unlock()
	if !found {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", file.MIME)
	_, _ = w.Write(file.Data) // the client may have gone
}
