package twilio_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/connectors/connectortest"
	"parley/connectors/twilio"
	"parley/connectors/twilio/twiliotest"
	"parley/engine"
)

const sid = "SM00000000000000000000000000000001"

// message is an incoming message's form, with changes: key, value, key, value, …
func message(changes ...string) url.Values {
	form := url.Values{
		"MessageSid": {sid}, "SmsMessageSid": {sid}, "SmsSid": {sid}, "AccountSid": {accountSID}, "From": {consumer}, "To": {ours},
		"Body": {"Hello world!"}, "NumMedia": {"0"}, "NumSegments": {"1"}, "SmsStatus": {"received"}, "ApiVersion": {"2010-04-01"},
		"FromCity": {"SAN FRANCISCO"}, "FromState": {"CA"}, "FromZip": {"94103"}, "FromCountry": {"US"}, "ToCountry": {"US"},
		"AddOns": {`{"status":"successful","results":{}}`}, "BrandNewParameter": {"2027"},
	}
	return with(form, changes...)
}

// status is a status callback's form.
func status(state string, changes ...string) url.Values {
	form := url.Values{
		"MessageSid": {sid}, "SmsSid": {sid}, "MessageStatus": {state}, "SmsStatus": {state}, "From": {ours}, "To": {consumer},
		"AccountSid": {accountSID}, "ApiVersion": {"2010-04-01"}, "RawDlrDoneDate": {"2611031000"},
	}
	return with(form, changes...)
}

func with(form url.Values, changes ...string) url.Values {
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

func received(text string, media ...engine.Media) []engine.Inbound {
	return []engine.Inbound{{From: consumer, ProviderID: sid, Content: engine.Content{Text: text, Media: media}}}
}

func TestInbound(t *testing.T) {
	t.Parallel()
	ack := engine.WebhookResponse{Status: 200, ContentType: "text/xml", Body: []byte(`<?xml version="1.0" encoding="UTF-8"?><Response/>`)}
	const media = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME"
	keyword := func(text string) []engine.Inbound {
		in := received(text)
		in[0].Keyword = strings.ToUpper(text)
		return in
	}
	optedOut := func(text string) []engine.Inbound {
		in := received(text)
		in[0].Keyword = "STOP"
		return in
	}
	from := func(address string) []engine.Inbound {
		in := received("Hello world!")
		in[0].From = address
		return in
	}
	byOldToken := signWith("auth_token_old")
	cases := []connectortest.InboundCase{
		{Name: "text", Form: message(), Inbound: received("Hello world!"), Response: ack},
		{Name: "text to a URL with a query", Path: "/hooks/acme.sms?tenant=t1", Form: message(), Inbound: received("Hello world!"), Response: ack},
		{Name: "prefix keys and repeated spaces", Form: message("Bo", "x", "BodyTwo", "y", "Body", "  a  b "), Inbound: received("  a  b "), Response: ack},
		{Name: "emoji and other scripts", Form: message("Body", "你好 👩‍👩‍👧 é"), Inbound: received("你好 👩‍👩‍👧 é"), Response: ack},
		{Name: "bytes that a database cannot hold", Form: message("Body", "a\x00b\xff"), Inbound: received("ab\uFFFD"), Response: ack},
		{Name: "base64 stays", Form: message("Body", "SGVsbG8gd29ybGQh"), Inbound: received("SGVsbG8gd29ybGQh"), Response: ack},
		{Name: "picture with text", Form: message("NumMedia", "1", "MediaUrl0", media+"0", "MediaContentType0", "image/jpeg"),
			Inbound: received("Hello world!", engine.Media{Kind: "image", URL: media + "0", MIME: "image/jpeg"}), Response: ack},
		{Name: "media alone", Form: message("Body", "", "NumMedia", "3", "MediaUrl0", media+"0", "MediaContentType0", "video/mp4",
			"MediaUrl1", media+"1", "MediaContentType1", "audio/amr; rate=8000", "MediaUrl2", media+"2", "MediaContentType2", "text/x-vcard"),
			Inbound: received("", engine.Media{Kind: "video", URL: media + "0", MIME: "video/mp4"},
				engine.Media{Kind: "audio", URL: media + "1", MIME: "audio/amr"}, engine.Media{Kind: "file", URL: media + "2", MIME: "text/x-vcard"}), Response: ack},
		{Name: "media that is no web address", Form: message("NumMedia", "2", "MediaUrl0", "file:///etc/passwd", "MediaUrl1", "x"),
			Inbound: received("Hello world!"), Response: ack},
		{Name: "more media than are there", Form: message("NumMedia", "999999999"), Err: engine.Forbidden},
		{Name: "STOP that Twilio answered", Form: message("Body", "STOP", "OptOutType", "STOP"), Inbound: keyword("STOP"), Response: ack},
		{Name: "START that Twilio answered", Form: message("Body", "start", "OptOutType", "START"), Inbound: keyword("start"), Response: ack},
		{Name: "HELP that Twilio answered", Form: message("Body", "help", "OptOutType", "HELP"), Inbound: keyword("help"), Response: ack},
		{Name: "STOP in a word of the account's own", Form: message("Body", "Ya no quiero 🛑", "OptOutType", "STOP"), Inbound: optedOut("Ya no quiero 🛑"), Response: ack},
		{Name: "STOP with no text that is left", Form: message("Body", "", "OptOutType", "STOP"), Inbound: optedOut("STOP"), Response: ack},
		{Name: "STOP that is ours to answer", Form: message("Body", "STOP"), Inbound: received("STOP"), Response: ack},
		{Name: "from a short code", Form: message("From", "384387"), Inbound: from("384387"), Response: ack},
		{Name: "from a name", Form: message("From", "INFO"), Inbound: from("INFO"), Response: ack},
		{Name: "to a messaging service", Form: message("MessagingServiceSid", "MG00000000000000000000000000000001"), Inbound: received("Hello world!"), Response: ack},
		{Name: "nothing said", Form: message("Body", ""), Response: ack},
		{Name: "from nobody", Form: message("From", ""), Response: ack},
		{Name: "without an id", Form: message("MessageSid", "", "SmsSid", "", "SmsMessageSid", "")},
		{Name: "old id alone", Form: message("MessageSid", "", "SmsMessageSid", ""), Inbound: received("Hello world!"), Response: ack},
		{Name: "GET", Method: "GET", Path: "/hooks/acme.sms?" + message().Encode(), Inbound: received("Hello world!"), Response: ack},
		{Name: "GET signed for another URL", Method: "GET", Path: "/hooks/acme.sms?" + message().Encode(), Err: engine.Unauthenticated,
			Sign: func(ch engine.Channel, req *engine.WebhookRequest) {
				other := *req
				other.URL += "&Body=other"
				sign(authToken, &other)
			}},
		{Name: "JSON event", Header: map[string]string{"Content-Type": "application/json"}, Body: `{"event":"x","n":1}`},
		{Name: "JSON without its hash", Header: map[string]string{"Content-Type": "application/json"}, Body: `{"event":"x","n":1}`, Err: engine.Unauthenticated,
			Sign: func(ch engine.Channel, req *engine.WebhookRequest) {
				http.Header(req.Header).Set("X-Twilio-Signature", twiliotest.Sign(authToken, req.URL, nil))
			}},
		{Name: "JSON with the hash of another body", Header: map[string]string{"Content-Type": "application/json"}, Body: `{"event":"x"}`, Err: engine.Unauthenticated,
			Sign: func(ch engine.Channel, req *engine.WebhookRequest) {
				sign(authToken, req)
				req.Body = []byte(`{"event":"y"}`)
			}},
		{Name: "signed by the old token", Form: message(), Sign: byOldToken, Inbound: received("Hello world!"), Response: ack},
		{Name: "old token that is gone", Form: message(), Sign: func(_ engine.Channel, req *engine.WebhookRequest) { sign(oldToken, req) },
			Channel: func(ch *engine.Channel) { delete(ch.Secrets, "auth_token_old") }, Err: engine.Unauthenticated},
		{Name: "signed with the port", Form: message(), Sign: resigned(":443"), Inbound: received("Hello world!"), Response: ack},
		{Name: "signed with another port", Form: message(), Sign: resigned(":8443"), Err: engine.Unauthenticated},
		{Name: "two signatures", Form: message(), Err: engine.Unauthenticated, Sign: func(ch engine.Channel, req *engine.WebhookRequest) {
			sign(authToken, req)
			req.Header["X-Twilio-Signature"] = append(req.Header["X-Twilio-Signature"], "x")
		}},
		{Name: "signature that is not base64", Form: message(), Err: engine.Unauthenticated, Sign: func(ch engine.Channel, req *engine.WebhookRequest) {
			http.Header(req.Header).Set("X-Twilio-Signature", "***")
		}},
		{Name: "form that cannot be read", Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, Body: "Body=%zz", Err: engine.Invalid},
		{Name: "query that cannot be read", Path: "/hooks/acme.sms?a=%zz", Form: message(), Err: engine.Invalid},
	}
	connectortest.RunInbound(t, suite(), cases)
}

// resigned signs the URL with a port in it that the request does not show.
func resigned(port string) func(engine.Channel, *engine.WebhookRequest) {
	return func(_ engine.Channel, req *engine.WebhookRequest) {
		withPort := *req
		withPort.URL = strings.Replace(req.URL, "gw.example.com", "gw.example.com"+port, 1)
		sign(authToken, &withPort)
	}
}

func TestStatusCallbacks(t *testing.T) {
	t.Parallel()
	const hook = "/hooks/acme.sms?item=item-1"
	update := func(state engine.DeliveryState) []engine.StatusUpdate {
		return []engine.StatusUpdate{{Item: "item-1", ProviderID: sid, State: state}}
	}
	failed := func(code string, class engine.SendClass, words string) []engine.StatusUpdate {
		return []engine.StatusUpdate{{Item: "item-1", ProviderID: sid, State: engine.Failed, Code: code, Class: class, Message: words}}
	}
	throttled := func(code, words string, wait time.Duration) []engine.StatusUpdate {
		all := failed(code, engine.SendThrottle, words)
		all[0].RetryAfter = wait
		return all
	}
	cases := []connectortest.InboundCase{
		{Name: "without our item", Form: status("sent"), Statuses: []engine.StatusUpdate{{ProviderID: sid, State: engine.Sent}}},
		{Name: "item of no length", Path: "/hooks/acme.sms?item=" + strings.Repeat("x", 200), Form: status("sent"),
			Statuses: []engine.StatusUpdate{{ProviderID: sid, State: engine.Sent}}},
		{Name: "in the old field alone", Path: hook, Form: status("delivered", "MessageStatus", ""), Statuses: update(engine.Delivered)},
		{Name: "state of the future", Path: hook, Form: status("teleported")},
		{Name: "undelivered with a code", Path: hook, Form: status("undelivered", "ErrorCode", "30005"),
			Statuses: failed("30005", engine.SendGone, "The number is unknown or no longer in use.")},
		{Name: "undelivered, filtered", Path: hook, Form: status("undelivered", "ErrorCode", "30007"),
			Statuses: failed("30007", engine.SendBlocked, "The carrier filtered the message.")},
		{Name: "failed for its rate", Path: hook, Form: status("failed", "ErrorCode", "30022"),
			Statuses: throttled("30022", "This sender sends faster than its rate allows.", time.Second)},
		{Name: "failed for a full queue", Path: hook, Form: status("failed", "ErrorCode", "30001"),
			Statuses: throttled("30001", "Twilio's queue for this sender is full.", 15*time.Minute)},
		{Name: "failed with a code of the future", Path: hook, Form: status("failed", "ErrorCode", "99999"),
			Statuses: failed("99999", engine.SendInvalid, "Twilio could not send the message.")},
		{Name: "undelivered without a code", Path: hook, Form: status("undelivered"),
			Statuses: failed("", engine.SendBlocked, "The carrier did not deliver the message.")},
		{Name: "canceled", Path: hook, Form: status("canceled"),
			Statuses: failed("", engine.SendInvalid, "The message was canceled at Twilio before it went out.")},
	}
	for _, state := range []string{"accepted", "scheduled", "queued", "sending", "sent", "partially_delivered"} {
		cases = append(cases, connectortest.InboundCase{Name: state, Path: hook, Form: status(state), Statuses: update(engine.Sent)})
	}
	cases = append(cases,
		connectortest.InboundCase{Name: "delivered", Path: hook, Form: status("delivered"), Statuses: update(engine.Delivered)},
		connectortest.InboundCase{Name: "read", Path: hook, Form: status("read"), Statuses: update(engine.Read)})
	connectortest.RunInbound(t, suite(), cases)
}

// The vectors come from Twilio's documentation and from openssl, not from code of ours.
func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	conn := twilio.New(twilio.Config{HTTP: http.DefaultClient})
	const documented = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
	for _, tt := range []struct{ name, token, url, contentType, body, signature string }{
		{"documented", "12345", "https://mycompany.com/myapp.php?foo=1&bar=2", "application/x-www-form-urlencoded", documented, "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		{"key that begins with another key", "12345", "https://mycompany.com/myapp.php?foo=1&bar=2", "application/x-www-form-urlencoded",
			documented + "&Reason=Participant&ReasonConferenceEnded=test", "vOEb5UThFn24KEfnOFLQY2AE5FY="},
		{"form", authToken, "https://gw.example.com/v1/in/twilio/ch_42?tenant=t1", "application/x-www-form-urlencoded",
			"Body=Hello+world%21&From=%2B14155550100&MessageSid=SM00000000000000000000000000000001&NumMedia=0&To=%2B14155550199", "zO4ILzUzKElJti23/7N6BHwpWzU="},
		{"JSON", authToken, "https://gw.example.com/v1/in/twilio/ch_42?bodySHA256=27ebfe91a318dc07829eec267640f3751e9a3cdc12079c47803ad76b3404b82e",
			"application/json", `{"event":"x","n":1}`, "bNEin/ajxbYLIZw9o8OLcozmBX4="},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ch := channel()
			ch.Secrets = map[string]engine.Secret{"auth_token": engine.Secret(tt.token)}
			req := engine.WebhookRequest{Method: "POST", URL: tt.url, Body: []byte(tt.body), Header: map[string][]string{
				"Content-Type": {tt.contentType}, "X-Twilio-Signature": {tt.signature},
			}}
			if _, err := conn.Decode(ch, req); err != nil {
				t.Errorf("Decode: %v", err)
			}
			req.Body = append(req.Body, " "...)
			if _, err := conn.Decode(ch, req); engine.CodeOf(err) != engine.Unauthenticated {
				t.Errorf("Decode of a changed body: %v", err)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("POST", "/hooks/acme.sms?item=1", "application/x-www-form-urlencoded", message().Encode())
	f.Add("POST", "/hooks/acme.sms?item=1", "application/x-www-form-urlencoded", status("failed", "ErrorCode", "30005").Encode())
	f.Add("POST", "/hooks/acme.sms", "application/json", `{"a":1}`)
	f.Add("GET", "/hooks/acme.sms?"+message("NumMedia", "2", "MediaUrl0", "https://x.example/1").Encode(), "", "")
	f.Add("POST", "/h?%zz#x", "text/plain; x", "Body=%zz;a&&=")
	conn, ch := twilio.New(twilio.Config{HTTP: http.DefaultClient}), channel()
	f.Fuzz(func(t *testing.T, method, path, contentType, body string) {
		req := engine.WebhookRequest{Method: method, URL: connectortest.PublicURL + path, Body: []byte(body), Header: map[string][]string{
			"Content-Type": {contentType}, "X-Twilio-Signature": {"RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		}}
		if got, err := conn.Decode(ch, req); err == nil {
			t.Fatalf("a forged request decodes to %+v", got)
		}
		var form url.Values
		if method != "GET" {
			form, _ = url.ParseQuery(body)
		}
		http.Header(req.Header).Set("X-Twilio-Signature", twiliotest.Sign(authToken, strings.SplitN(req.URL, "#", 2)[0], form))
		got, err := conn.Decode(ch, req)
		if err != nil {
			return
		}
		for _, in := range got.Inbound {
			if in.From == "" || in.ProviderID == "" || in.Content.Text == "" && len(in.Content.Media) == 0 {
				t.Errorf("incomplete message %+v", in)
			}
			if strings.ContainsRune(in.Content.Text, 0) || strings.ToValidUTF8(in.Content.Text, "") != in.Content.Text {
				t.Errorf("text %q cannot be stored", in.Content.Text)
			}
		}
		for _, s := range got.Statuses {
			if s.ProviderID == "" || s.State == "" || (s.State == engine.Failed) != (s.Message != "") {
				t.Errorf("incomplete status %+v", s)
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	conn, ch := twilio.New(twilio.Config{HTTP: http.DefaultClient}), channel()
	req := engine.WebhookRequest{Method: "POST", URL: connectortest.PublicURL + "/hooks/acme.sms", Body: []byte(message().Encode()),
		Header: map[string][]string{"Content-Type": {"application/x-www-form-urlencoded"}}}
	sign(authToken, &req)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if got, err := conn.Decode(ch, req); err != nil || len(got.Inbound) != 1 {
			b.Fatal(strconv.Itoa(i), err)
		}
	}
}
