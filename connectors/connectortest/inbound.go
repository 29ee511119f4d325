package connectortest

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/engine"
)

const maxBody = 1 << 20

// InboundCase is one webhook request and what it decodes to.
type InboundCase struct {
	Name    string
	Channel func(*engine.Channel) // changes the suite's channel; nil keeps it
	Method  string                // default POST
	Path    string                // default /hooks/{channel}; may have a query
	Header  map[string]string     // Content-Type is set for a Form
	Form    url.Values            // the body; or
	Body    string                // the body as it is
	// Sign replaces the suite's for this case, to sign it wrongly.
	Sign func(ch engine.Channel, req *engine.WebhookRequest)

	Inbound  []engine.Inbound
	Statuses []engine.StatusUpdate
	Response engine.WebhookResponse
	Err      engine.Code
}

func (c InboundCase) request(s Suite, ch engine.Channel) engine.WebhookRequest {
	path := c.Path
	if path == "" {
		path = "/hooks/" + ch.ID
	}
	req := engine.WebhookRequest{Method: c.Method, URL: PublicURL + path, Header: map[string][]string{}, Body: []byte(c.Body), Now: Now()}
	if req.Method == "" {
		req.Method = http.MethodPost
	}
	if c.Form != nil {
		req.Header["Content-Type"] = []string{"application/x-www-form-urlencoded"}
		req.Body = []byte(c.Form.Encode())
	}
	for key, value := range c.Header {
		req.Header[http.CanonicalHeaderKey(key)] = []string{value}
	}
	sign := s.Sign
	if c.Sign != nil {
		sign = c.Sign
	}
	if sign != nil {
		sign(ch, &req)
	}
	return req
}

// RunInbound runs the cases and, for a connector with webhooks, all that
// derives from them.
func RunInbound(t *testing.T, s Suite, cases []InboundCase) {
	t.Helper()
	if len(cases) == 0 {
		t.Fatal("the table of inbound cases is empty")
	}
	conn := s.New(newClient(t))
	can := conn.Spec().Can(s.Channel)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			ch := s.channel(c.Channel)
			for _, problem := range checkDecode(conn, ch, c.request(s, ch), c) {
				t.Error(problem)
			}
			if c.Err != "" || !can.Webhook {
				return
			}
			for name, derived := range derive(s, c) {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					if problem := derived(conn); problem != "" {
						t.Error(problem)
					}
				})
			}
		})
	}
	if can.Webhook && !slices.ContainsFunc(cases, func(c InboundCase) bool { return c.Err == "" && c.Method != http.MethodGet }) {
		t.Error("no case is a good POST; the derived cases have nothing to start from")
	}
}

// checkDecode compares one decoded request with what the case wants.
func checkDecode(conn engine.Connector, ch engine.Channel, req engine.WebhookRequest, want InboundCase) []string {
	got, err := conn.Decode(ch, req)
	var problems []string
	if code := engine.CodeOf(err); code != want.Err {
		problems = append(problems, fmt.Sprintf("Decode gives error %q (%v), want %q", code, err, want.Err))
	}
	if leaked := leaks(ch, err, got); leaked != "" {
		problems = append(problems, "Decode shows the secret "+leaked)
	}
	if err != nil && !isEmpty(got) {
		problems = append(problems, fmt.Sprintf("Decode gives an error and a result: %+v", got))
	}
	empty := cmpopts.EquateEmpty()
	for _, diff := range []string{
		cmp.Diff(want.Inbound, got.Inbound, empty), cmp.Diff(want.Statuses, got.Statuses, empty), cmp.Diff(want.Response, got.Response, empty),
	} {
		if diff != "" {
			problems = append(problems, "Decode differs (-want +got):\n"+diff)
		}
	}
	return problems
}

// derive makes the cases that follow from a good one. Each tells what is wrong,
// "" for nothing.
func derive(s Suite, c InboundCase) map[string]func(engine.Connector) string {
	refuse := func(change func(ch *engine.Channel, req *engine.WebhookRequest), codes ...engine.Code) func(engine.Connector) string {
		return func(conn engine.Connector) string {
			ch := s.channel(c.Channel)
			req := c.request(s, ch)
			change(&ch, &req)
			got, err := conn.Decode(ch, req)
			if leaked := leaks(ch, err, got); leaked != "" {
				return "Decode shows the secret " + leaked
			}
			if !isEmpty(got) {
				return fmt.Sprintf("Decode gives %+v for a request to refuse", got)
			}
			if !slices.Contains(codes, engine.CodeOf(err)) {
				return fmt.Sprintf("Decode gives error %q, want one of %q", engine.CodeOf(err), codes)
			}
			return ""
		}
	}
	derived := map[string]func(engine.Connector) string{
		"+signed with another secret": refuse(func(ch *engine.Channel, _ *engine.WebhookRequest) {
			for name, secret := range ch.Secrets {
				ch.Secrets[name] = engine.Secret(reverse(secret.Reveal()) + "x")
			}
		}, engine.Unauthenticated),
		"+no secrets": refuse(func(ch *engine.Channel, req *engine.WebhookRequest) {
			for name := range ch.Secrets {
				ch.Secrets[name] = ""
			}
			s.Sign(*ch, req) // what everybody can sign
		}, engine.Unauthenticated),
		"+not signed": refuse(func(ch *engine.Channel, req *engine.WebhookRequest) {
			unsigned := c
			unsigned.Sign = func(engine.Channel, *engine.WebhookRequest) {}
			*req = unsigned.request(s, *ch)
		}, engine.Unauthenticated),
		"+another URL": refuse(func(_ *engine.Channel, req *engine.WebhookRequest) {
			req.URL = strings.Replace(req.URL, PublicURL, PublicURL+"/other", 1)
		}, engine.Unauthenticated),
	}
	if !signsURL(s, c) {
		delete(derived, "+another URL")
	}
	if body := c.request(s, s.channel(c.Channel)).Body; len(body) > 0 {
		derived["+truncated"] = refuse(func(_ *engine.Channel, req *engine.WebhookRequest) {
			req.Body = req.Body[:len(req.Body)/2]
		}, engine.Unauthenticated, engine.Invalid)
		derived["+oversize"] = refuse(func(ch *engine.Channel, req *engine.WebhookRequest) {
			big := c
			if c.Form != nil {
				big.Form = maps.Clone(c.Form)
				big.Form.Set("Padding", strings.Repeat("x", maxBody))
			} else {
				big.Body += strings.Repeat(" ", maxBody)
			}
			*req = big.request(s, *ch)
		}, engine.TooLarge)
		derived["+unknown event"] = func(conn engine.Connector) string { return checkUnknown(conn, s, c) }
	}
	if c.Form != nil {
		derived["+parameter added after signing"] = refuse(func(_ *engine.Channel, req *engine.WebhookRequest) {
			for key := range c.Form {
				req.Body = append(req.Body, "&"+url.QueryEscape(key)+"=forged"...)
			}
		}, engine.Unauthenticated)
		derived["+parameters repeated"] = func(conn engine.Connector) string { return checkRepeated(conn, s, c) }
	}
	return derived
}

// signsURL tells whether the signature covers the URL.
func signsURL(s Suite, c InboundCase) bool {
	ch := s.channel(c.Channel)
	here, there := c, c
	here.Path, there.Path = "/here", "/there"
	return !cmp.Equal(here.request(s, ch).Header, there.request(s, ch).Header)
}

// checkUnknown posts a well signed event that no connector knows: it is no
// error, and it brings nothing.
func checkUnknown(conn engine.Connector, s Suite, c InboundCase) string {
	ch := s.channel(c.Channel)
	unknown := InboundCase{Method: c.Method, Header: c.Header, Sign: c.Sign, Body: `{"unknown_event":{"n":1}}`}
	if c.Form != nil {
		unknown.Form = url.Values{"UnknownEvent": {"1"}}
	}
	got, err := conn.Decode(ch, unknown.request(s, ch))
	switch {
	case err != nil:
		return fmt.Sprintf("Decode of an unknown event: %v", err)
	case len(got.Inbound)+len(got.Statuses) > 0:
		return fmt.Sprintf("Decode of an unknown event gives %+v", got)
	case got.Response.Status != 0 && got.Response.Status/100 != 2:
		return fmt.Sprintf("an unknown event is answered with %d", got.Response.Status)
	}
	return ""
}

// checkRepeated posts every parameter twice, well signed: the result stays.
func checkRepeated(conn engine.Connector, s Suite, c InboundCase) string {
	ch := s.channel(c.Channel)
	twice := c
	twice.Form = url.Values{}
	for key, values := range c.Form {
		twice.Form[key] = append(slices.Clone(values), values...)
	}
	return strings.Join(checkDecode(conn, ch, twice.request(s, ch), c), "\n")
}

func isEmpty(d engine.Decoded) bool {
	return len(d.Inbound) == 0 && len(d.Statuses) == 0 && d.Response.Status == 0 && len(d.Response.Body) == 0
}

func reverse(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}
