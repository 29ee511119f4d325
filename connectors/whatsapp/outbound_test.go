package whatsapp_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/connectortest"
	"parley/connectors/fakes/meta"
	"parley/connectors/whatsapp"
	"parley/engine"
)

func text(s string) engine.Outbound {
	return engine.Outbound{Item: "item-1", To: ann, Content: engine.Content{Text: s}}
}

const made = `{"messaging_product":"whatsapp","contacts":[{"input":"16505551234","wa_id":"16505551234"}],"messages":[{"id":"wamid.OUT","message_status":"accepted"}]}`

func refusal(code int, more string) string {
	return fmt.Sprintf(`{"error":{"message":"(#%d) Meta's words","type":"OAuthException","code":%d,"fbtrace_id":"A"%s}}`, code, code, more)
}

func TestOutbound(t *testing.T) {
	t.Parallel()
	asked := func(body string) []connectortest.Request {
		return []connectortest.Request{{Path: messages, Body: body, Header: map[string]string{
			"Authorization": "Bearer " + meta.DefaultToken, "Content-Type": "application/json",
		}}}
	}
	const said = `{"messaging_product":"whatsapp","recipient_type":"individual","to":"16505551234","type":"text","text":{"body":"Hi"},"biz_opaque_callback_data":"item-1"}`
	accepted := engine.Receipt{ProviderID: "wamid.OUT", State: engine.Sent}
	quoting, byUserID := text("Hi"), text("Hi")
	quoting.Answers, byUserID.To = "wamid.IN", annUserID
	connectortest.RunOutbound(t, suite(), []connectortest.OutboundCase{
		{Name: "text", Outbound: text("Hi"), Answers: []connectortest.Answer{{Body: made}}, Requests: asked(said), Receipt: accepted},
		{Name: "another version", Outbound: text("Hi"), Channel: func(ch *engine.Channel) { ch.Config["api_version"] = "v26.0" }, Answers: []connectortest.Answer{{Body: made}},
			Requests: []connectortest.Request{{Path: "/v26.0/" + number + "/messages", Body: said}}, Receipt: accepted},
		{Name: "answer to a message", Outbound: quoting, Answers: []connectortest.Answer{{Body: made}}, Receipt: accepted,
			Requests: asked(strings.Replace(said, `"type"`, `"context":{"message_id":"wamid.IN"},"type"`, 1))},
		{Name: "no phone", Outbound: byUserID, Answers: []connectortest.Answer{{Body: made}}, Receipt: accepted,
			Requests: asked(strings.Replace(said, `"to":"16505551234"`, `"recipient":"`+annUserID+`"`, 1))},
		{Name: "window", Outbound: text("Hi"), Answers: []connectortest.Answer{{Status: 400, Body: refusal(131047, "")}}, Requests: asked(said),
			Class: engine.SendWindow, Code: "131047", Message: "24 hours"},
		{Name: "token in the words", Outbound: text("Hi"), Answers: []connectortest.Answer{{Status: 400, Body: `{"error":{"message":"bad ` + meta.DefaultToken + `","code":7}}`}},
			Requests: asked(said), Class: engine.SendInvalid, Code: "7", Message: "bad ***"},
		{Name: "too fast", Outbound: text("Hi"), Answers: []connectortest.Answer{{Status: 429, Header: map[string]string{"Retry-After": "5"}, Body: refusal(130429, "")}},
			Requests: asked(said), Class: engine.SendThrottle, Code: "130429", RetryAfter: 5 * time.Second},
		{Name: "lost", Outbound: text("Hi"), Answers: []connectortest.Answer{{Drop: true}}, Requests: asked(said), Class: engine.SendUnsure},
		{Name: "no id", Outbound: text("Hi"), Answers: []connectortest.Answer{{Body: `{"messages":[]}`}}, Requests: asked(said), Class: engine.SendUnsure},
		{Name: "a proxy", Outbound: text("Hi"), Answers: []connectortest.Answer{{Status: 502, Body: "<html>"}}, Requests: asked(said), Class: engine.SendUnsure},
		{Name: "to nobody", Outbound: engine.Outbound{Content: engine.Content{Text: "Hi"}}, Class: engine.SendInvalid, Message: "no recipient"},
		{Name: "nothing", Outbound: engine.Outbound{To: ann}, Class: engine.SendInvalid, Message: "nothing"},
		{Name: "no token", Outbound: text("Hi"), Channel: func(ch *engine.Channel) { ch.Secrets["access_token"] = "" }, Class: engine.SendAuth, Message: "settings"},
		{Name: "no number", Outbound: text("Hi"), Channel: func(ch *engine.Channel) { ch.Address = "me/../1" }, Class: engine.SendAuth, Message: "settings"},
	})
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	body := func(int) string { return made }
	connectortest.RunStatuses(t, suite(), text("Hi"), body, func(status int) engine.SendClass {
		switch {
		case status/100 == 2:
			return ""
		case status == 429:
			return engine.SendThrottle
		case status == 401, status == 403, status == 404, status == 407:
			return engine.SendAuth
		case status == 408, status == 425:
			return engine.SendRetry
		case status/100 == 3, status/100 == 4:
			return engine.SendInvalid
		}
		return engine.SendUnsure // a proxy's words say nothing
	})
}

// answering is a transport that always says the same.
type answering struct {
	status int
	body   string
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

// TestCodes goes through every code of Meta's documentation, as the answer to a send and
// as what a status reports.
func TestCodes(t *testing.T) {
	t.Parallel()
	codes := map[engine.SendClass][]int{
		engine.SendRetry:    {1, 2, 131000, 131016, 131056},
		engine.SendThrottle: {4, 80007, 130429, 131057, 133016},
		engine.SendQuota:    {131048},
		engine.SendWindow:   {131047},
		engine.SendBlocked:  {131049, 130472, 131050, 130497},
		engine.SendGone:     {131026, 131021, 131030},
		engine.SendInvalid: {
			132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018, 132068, 132069, 100, 131008, 131009, 131051, 131052, 131053, 987654,
		},
		engine.SendAuth: {190, 3, 10, 200, 219, 299, 33, 131005, 131031, 131042, 131045, 131037, 133010, 368, 134011},
	}
	for class, all := range codes {
		for _, code := range all {
			conn := whatsapp.New(whatsapp.Config{HTTP: &http.Client{Transport: answering{400, refusal(code, "")}}, Now: connectortest.Now})
			_, err := conn.Send(t.Context(), channel(), text("Hi"))
			failed, ok := errors.AsType[*engine.SendError](err)
			if !ok || failed.Class != class || failed.Code != fmt.Sprint(code) || failed.Message == "" {
				t.Errorf("%d: %+v, want class %q", code, failed, class)
			}
			if class == engine.SendThrottle && failed.RetryAfter == 0 {
				t.Errorf("%d names no time", code)
			}
			req := engine.WebhookRequest{Method: http.MethodPost, Header: map[string][]string{}, Body: []byte(receipt(fmt.Sprintf(`"status":"failed","errors":[{"code":%d}]`, code)))}
			signWith("app_secret")(channel(), &req)
			decoded, err := conn.Decode(channel(), req)
			if err != nil || len(decoded.Statuses) != 1 || decoded.Statuses[0].Class != class {
				t.Errorf("%d later: %+v, %v, want class %q", code, decoded.Statuses, err, class)
			}
			if code != 987654 && strings.Contains(decoded.Statuses[0].Message, "could not deliver") {
				t.Errorf("%d has no words of its own", code)
			}
		}
	}
	transient := whatsapp.New(whatsapp.Config{HTTP: &http.Client{Transport: answering{400, refusal(131009, `,"is_transient":true`)}}, Now: connectortest.Now})
	if _, err := transient.Send(t.Context(), channel(), text("Hi")); !strings.HasPrefix(err.Error(), string(engine.SendRetry)) {
		t.Errorf("for a moment: %v", err)
	}
}

// A send in doubt is given time for its status before people are told.
func TestReconcile(t *testing.T) {
	t.Parallel()
	conn := whatsapp.New(whatsapp.Config{HTTP: http.DefaultClient})
	for lookups, settled := range map[int]bool{0: false, 3: false, 4: true, 9: true} {
		out := text("Hi")
		out.Lookups = lookups
		_, err := conn.Reconcile(t.Context(), channel(), out, nil)
		failed, ok := errors.AsType[*engine.SendError](err)
		if err == nil || ok != settled || settled && failed.Class != engine.SendInvalid {
			t.Errorf("after %d look-ups: %v", lookups, err)
		}
		if _, never := errors.AsType[engine.ErrNotSent](err); never {
			t.Error("nobody can know that it was not sent")
		}
	}
}

func TestAttention(t *testing.T) {
	t.Parallel()
	fake := meta.New(meta.Config{})
	defer fake.Close()
	fake.WhatsApp(waba, number)
	conn, ch := against(t, fake)
	for _, err := range []error{conn.Seen(t.Context(), ch, ann, "wamid.1"), conn.Typing(t.Context(), ch, ann, "wamid.2"), conn.Typing(t.Context(), ch, ann, "")} {
		if err != nil {
			t.Error(err)
		}
	}
	want := []meta.Action{{Node: number, Kind: "read", Of: "wamid.1"}, {Node: number, Kind: "read", Of: "wamid.2"}, {Node: number, Kind: "typing", Of: "wamid.2"}}
	if got := fake.Actions(); fmt.Sprint(got) != fmt.Sprint(want) || len(fake.Sent()) != 0 {
		t.Errorf("%+v, want %+v", got, want)
	}
	ch.Secrets["access_token"] = "another-token"
	if err := conn.Seen(t.Context(), ch, ann, "wamid.1"); err == nil {
		t.Error("a wrong token is accepted")
	}
}

// against is a connector and a channel that speak to a fake.
func against(t *testing.T, fake *meta.Server) (*whatsapp.Connector, engine.Channel) {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	ch := channel()
	ch.Config["api_base"] = fake.URL()
	return whatsapp.New(whatsapp.Config{HTTP: &http.Client{Transport: transport}}), ch
}

func TestMedia(t *testing.T) {
	t.Parallel()
	fake := meta.New(meta.Config{})
	defer fake.Close()
	fake.WhatsApp(waba, number)
	conn, ch := against(t, fake)
	id := fake.Put(meta.Media{MIME: "application/pdf", Data: []byte("a bill")})
	file, err := conn.OpenMedia(t.Context(), ch, engine.Media{Kind: engine.MediaFile, Ref: id, Name: "Bill.pdf"})
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(file.Body)
	if err != nil || string(body) != "a bill" || file.MIME != "application/pdf" || file.Name != "Bill.pdf" || file.Size != 6 || file.Body.Close() != nil {
		t.Errorf("%+v %q %v", file, body, err)
	}
	for ref, class := range map[string]engine.SendClass{
		"": engine.SendInvalid, "../me": engine.SendInvalid, "a?b": engine.SendInvalid, "404": engine.SendAuth,
	} {
		_, err := conn.OpenMedia(t.Context(), ch, engine.Media{Ref: ref})
		if failed, ok := errors.AsType[*engine.SendError](err); !ok || failed.Class != class {
			t.Errorf("%q: %v, want %s", ref, err, class)
		}
	}
	ch.Address = ""
	if _, err := conn.OpenMedia(t.Context(), ch, engine.Media{Ref: id}); err == nil {
		t.Error("a channel without a number opens files")
	}
}

func TestNewNeedsAClient(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a connector without a client was made")
		}
	}()
	whatsapp.New(whatsapp.Config{})
}
