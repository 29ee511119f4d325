package twilio_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/connectors/connectortest"
	"parley/connectors/twilio"
	"parley/connectors/twilio/twiliotest"
	"parley/engine"
)

// pair is one parameter.
type pair struct{ name, value string }

func pairsOf(form url.Values) (out []pair) {
	for name := range form {
		out = append(out, pair{name, form.Get(name)})
	}
	slices.SortFunc(out, func(a, b pair) int { return strings.Compare(a.name, b.name) })
	return out
}

// letters is what Twilio signs of parameters in this order; false when they have another.
func letters(all []pair) (string, bool) {
	var b strings.Builder
	for i, p := range all {
		if i > 0 && all[i-1].name > p.name {
			return "", false
		}
		b.WriteString(p.name + p.value)
	}
	return b.String(), true
}

// reshaper sends what somebody made of a captured request, with its signature.
type reshaper struct {
	t         testing.TB
	conn      *twilio.Connector
	ch        engine.Channel
	url       string
	signature string
	letters   string
	genuine   engine.Decoded
	tried     int
}

func capture(t testing.TB, ch engine.Channel, address string, form url.Values) *reshaper {
	r := &reshaper{t: t, conn: twilio.New(twilio.Config{HTTP: http.DefaultClient}), ch: ch, url: address, signature: twiliotest.Sign(authToken, address, form)}
	r.letters, _ = letters(pairsOf(form))
	var err error
	if r.genuine, err = r.send(address, pairsOf(form)); err != nil {
		t.Fatalf("the genuine request: %v", err)
	}
	return r
}

func (r *reshaper) send(address string, all []pair) (engine.Decoded, error) {
	var body strings.Builder
	for i, p := range all {
		if i > 0 {
			body.WriteByte('&')
		}
		body.WriteString(url.QueryEscape(p.name) + "=" + url.QueryEscape(p.value))
	}
	return r.conn.Decode(r.ch, engine.WebhookRequest{Method: "POST", URL: address, Body: []byte(body.String()), Header: map[string][]string{
		"Content-Type": {"application/x-www-form-urlencoded"}, "X-Twilio-Signature": {r.signature},
	}})
}

// try fails the test when the parameters are taken for something else than what was captured.
func (r *reshaper) try(all []pair) {
	r.t.Helper()
	if got, ok := letters(all); !ok || got != r.letters {
		return // it has another signature
	}
	r.tried++
	got, err := r.send(r.url, all)
	if err != nil || len(got.Inbound)+len(got.Statuses) == 0 {
		return
	}
	if diff := cmp.Diff(r.genuine, got); diff != "" {
		r.t.Errorf("%q\nis taken for something else:\n%s", all, diff)
	}
}

// everything moves every boundary, swallows every parameter and cuts every value.
func (r *reshaper) everything(all []pair) {
	with := func(i, n int, put ...pair) []pair { return slices.Replace(slices.Clone(all), i, i+n, put...) }
	for i, p := range all {
		s := p.name + p.value
		for cut := 0; cut <= len(s); cut++ {
			r.try(with(i, 1, pair{s[:cut], s[cut:]}))
		}
		for from := 1; from < len(s); from++ { // one more parameter
			for to := from; to <= len(s); to++ {
				for at := min(len(p.name), from); at <= from; at += max(1, from-min(len(p.name), from)) {
					r.try(with(i, 1, pair{s[:at], s[at:from]}, pair{s[from:to], s[to:]}))
				}
			}
		}
		for n := 1; i+n < len(all) && n < 6; n++ { // it swallows the next ones
			value := p.value
			for _, next := range all[i+1 : i+1+n] {
				value += next.name + next.value
			}
			r.try(with(i, n+1, pair{p.name, value}))
		}
		if i+1 == len(all) {
			continue
		}
		next := all[i+1]
		for cut := 1; cut < len(p.value); cut++ { // the next one begins earlier …
			r.try(with(i, 2, pair{p.name, p.value[:cut]}, pair{p.value[cut:] + next.name, next.value}))
		}
		for cut := 1; cut < len(next.name); cut++ { // … or later
			r.try(with(i, 2, pair{p.name, p.value + next.name[:cut]}, pair{next.name[cut:], next.value}))
		}
	}
}

func captures() map[string]url.Values {
	media := "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME"
	all := map[string]url.Values{
		"message":  message(),
		"sentence": message("Body", "Dear Bob, Dora and Evan: Call Eve, FaceTime me, or Find Emil. Bye Ed", "FromCity", "NEW YORK"),
		"media": message("NumMedia", "2", "MediaUrl0", media+"0", "MediaContentType0", "image/jpeg", "MediaUrl1", media+"1",
			"MediaContentType1", "image/png", "SmsSid", "MM00000000000000000000000000000001", "SmsMessageSid", "MM00000000000000000000000000000001",
			"MessageSid", "MM00000000000000000000000000000001"),
		"keyword":   message("Body", "STOP", "OptOutType", "STOP"),
		"service":   message("MessagingServiceSid", "MG00000000000000000000000000000001"),
		"delivered": status("delivered", "ErrorCode", ""),
		"failed":    status("failed", "ErrorCode", "30005", "ErrorMessage", "Unknown destination handset"),
	}
	for _, form := range all {
		form.Del("BrandNewParameter") // nothing like it comes between Body and From
		form.Set("ZebraParameter", "1")
	}
	return all
}

// TestCapturedRequestsCannotBeReshaped: the letters that are signed have no marks
// between them, and yet nothing comes in but what was sent.
func TestCapturedRequestsCannotBeReshaped(t *testing.T) {
	t.Parallel()
	for name, form := range captures() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := capture(t, channel(), connectortest.PublicURL+"/hooks/acme.sms?item=01890a5d-ac96-774b-bcce-b302099a8057", form)
			r.everything(pairsOf(form))
			if r.tried < 300 {
				t.Errorf("only %d shapes were tried", r.tried)
			}
		})
	}
}

// TestReshapedAtRandom: any cuts at all.
func TestReshapedAtRandom(t *testing.T) {
	t.Parallel()
	all := captures()
	rapid.Check(t, func(rt *rapid.T) {
		form := all[rapid.SampledFrom([]string{"message", "sentence", "media", "keyword", "service", "delivered", "failed"}).Draw(rt, "form")]
		r := capture(t, channel(), connectortest.PublicURL+"/hooks/acme.sms", form)
		pairs := pairsOf(form)
		for range rapid.IntRange(1, 4).Draw(rt, "moves") {
			i := rapid.IntRange(0, len(pairs)-1).Draw(rt, "at")
			s, n := pairs[i].name+pairs[i].value, 1
			if i+1 < len(pairs) && rapid.Bool().Draw(rt, "merge") {
				s, n = s+pairs[i+1].name+pairs[i+1].value, 2
			}
			a := rapid.IntRange(0, len(s)).Draw(rt, "cut")
			b := rapid.IntRange(a, len(s)).Draw(rt, "end")
			c := rapid.IntRange(b, len(s)).Draw(rt, "next")
			put := []pair{{s[:a], s[a:b]}, {s[b:c], s[c:]}}
			if b == len(s) {
				put = []pair{{s[:a], s[a:]}}
			}
			pairs = slices.Replace(slices.Clone(pairs), i, i+n, put...)
		}
		r.try(pairs)
	})
}

// TestForgedByItsOwnText: who can choose a text and sees the request cannot make
// it one of somebody else.
func TestForgedByItsOwnText(t *testing.T) {
	t.Parallel()
	const other = "SM0000000000000000000000000000beef"
	for name, tt := range map[string]struct {
		genuine url.Values
		forged  []pair
	}{
		"another sender": {
			message("Body", "hiFrom+19995550100FromA"),
			[]pair{{"Body", "hi"}, {"From", "+19995550100"}, {"FromA", "From" + consumer}},
		},
		"another sender in a city": {
			message("Body", "hiFrom+19995550100FromCityX"),
			[]pair{{"Body", "hi"}, {"From", "+19995550100"}, {"FromCity", "XFrom" + consumer + "FromCitySAN FRANCISCO"}},
		},
		"another id": {
			message("FromZip", "94103MessageSid"+other+"MessageX"),
			[]pair{{"FromZip", "94103"}, {"MessageSid", other}, {"MessageX", "MessageSid" + sid}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.genuine.Del("BrandNewParameter")
			want, _ := letters(pairsOf(tt.genuine))
			var all []pair
			for _, p := range pairsOf(tt.genuine) {
				if slices.ContainsFunc(tt.forged, func(f pair) bool { return f.name == p.name || strings.Contains(f.value, p.name+p.value) }) {
					continue
				}
				all = append(all, p)
			}
			all = append(all, tt.forged...)
			slices.SortFunc(all, func(a, b pair) int { return strings.Compare(a.name, b.name) })
			if got, ok := letters(all); !ok || got != want {
				t.Fatalf("that is another signature:\n%s\n%s", got, want)
			}
			r := &reshaper{t: t, conn: twilio.New(twilio.Config{HTTP: http.DefaultClient}), ch: channel(), url: connectortest.PublicURL + "/hooks/acme.sms"}
			r.signature = twiliotest.Sign(authToken, r.url, tt.genuine)
			if got, err := r.send(r.url, all); engine.CodeOf(err) != engine.Forbidden {
				t.Errorf("taken for %+v (%v)", got.Inbound, err)
			}
		})
	}
}

// TestTheURLSwallowsNothing: the first parameter's name follows the URL.
func TestTheURLSwallowsNothing(t *testing.T) {
	t.Parallel()
	form := status("delivered")
	address := connectortest.PublicURL + "/hooks/acme.sms?item=A1"
	r := capture(t, channel(), address, form)
	all := pairsOf(form)
	for n := 1; n < len(all); n++ {
		swallowed, _ := letters(all[:n])
		if got, err := r.send(address+swallowed, all[n:]); err == nil {
			t.Errorf("%d parameters in the URL: taken for %+v", n, got.Statuses)
		}
		got, err := r.send(strings.TrimSuffix(address, "1"), append([]pair{{"1" + all[0].name, all[0].value}}, all[1:]...))
		if err == nil {
			t.Errorf("a part of the URL in the form: taken for %+v", got.Statuses)
		}
	}
}

// TestNotOurs: a signature of the account's says nothing of the channel.
func TestNotOurs(t *testing.T) {
	t.Parallel()
	service := "MG00000000000000000000000000000001"
	of := func(address, service string) func(*engine.Channel) {
		return func(ch *engine.Channel) {
			ch.Address = address
			ch.Config = map[string]string{"account_sid": accountSID, "messaging_service_sid": service}
		}
	}
	for name, tt := range map[string]struct {
		ch   func(*engine.Channel)
		form url.Values
		word string // of the refusal, "" when it is taken
	}{
		"another account":             {of(ours, ""), message("AccountSid", "AC00000000000000000000000000000002"), "AccountSid"},
		"another number":              {of(ours, ""), message("To", "+14155550198"), "To"},
		"a status of another number":  {of(ours, ""), status("sent", "From", "+14155550198"), "From"},
		"our short code":              {of("12345", ""), message("To", "12345"), ""},
		"our service":                 {of("", service), message("To", "+14155550198", "MessagingServiceSid", service), ""},
		"another service":             {of("", service), message("MessagingServiceSid", "MG00000000000000000000000000000002"), "MessagingServiceSid"},
		"a number of no service":      {of("", service), message("To", "+14155550198"), ""},
		"our number in any service":   {of(ours, ""), message("MessagingServiceSid", service), ""},
		"a number of our service":     {of(ours, service), message("To", "+14155550198", "MessagingServiceSid", service), ""},
		"a status of our service":     {of(ours, service), status("sent", "From", "+14155550198"), ""},
		"no id of Twilio's":           {of(ours, ""), message("MessageSid", "x"), "MessageSid"},
		"a status of no form":         {of(ours, ""), status("SENT!"), "Status"},
		"two ids":                     {of(ours, ""), message("SmsSid", "SM00000000000000000000000000000002"), "SmsSid"},
		"two states":                  {of(ours, ""), status("sent", "SmsStatus", "read"), "SmsStatus"},
		"eleven files":                {of(ours, ""), message("NumMedia", "11"), "NumMedia"},
		"a file less than it says":    {of(ours, ""), message("NumMedia", "1"), "NumMedia"},
		"a file more than it says":    {of(ours, ""), message("MediaUrl0", "https://x.example/1"), "NumMedia"},
		"a parameter of the future":   {of(ours, ""), message("ChannelMetadata", `{"type":"sms"}`, "Direction", "x"), "Direction"},
		"a parameter of the future 2": {of(ours, ""), message("ChannelMetadata", `{"type":"sms"}`, "MessageDirection", "in"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ch := channel()
			tt.ch(&ch)
			req := engine.WebhookRequest{Method: "POST", URL: connectortest.PublicURL + "/hooks/acme.sms", Body: []byte(tt.form.Encode()),
				Header: map[string][]string{"Content-Type": {"application/x-www-form-urlencoded"}}}
			sign(authToken, &req)
			got, err := twilio.New(twilio.Config{HTTP: http.DefaultClient}).Decode(ch, req)
			if tt.word == "" && (err != nil || len(got.Inbound)+len(got.Statuses) != 1) {
				t.Errorf("it is refused: %v %s", err, strconv.Itoa(len(got.Inbound)))
			}
			if tt.word != "" && (engine.CodeOf(err) != engine.Forbidden || !strings.Contains(err.Error(), tt.word)) {
				t.Errorf("taken for %+v (%v)", got, err)
			}
		})
	}
}
