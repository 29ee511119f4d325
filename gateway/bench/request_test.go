package bench

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"parley/connectors/twilio/twiliotest"
)

func TestRequestIsWhatTwilioWouldSend(t *testing.T) {
	t.Parallel()
	const hook = "http://127.0.0.1:4711/hooks/bench.sms"
	s, err := newSigner(hook, twiliotest.DefaultAccountSID, twiliotest.DefaultAuthToken)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int64{1, 2, 1234567890} {
		req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(s.request(n, "+15550000042"))))
		if err != nil {
			t.Fatal(err)
		}
		if err := req.ParseForm(); err != nil {
			t.Fatal(err)
		}
		if got := req.PostForm.Get("MessageSid"); got != messageSID(n) || len(got) != 34 {
			t.Errorf("MessageSid %q", got)
		}
		if got, ok := textNumber("You said: " + req.PostForm.Get("Body")); !ok || got != n {
			t.Errorf("text %q has the number %d, %v; want %d", req.PostForm.Get("Body"), got, ok, n)
		}
		want := twiliotest.Sign(twiliotest.DefaultAuthToken, hook, req.PostForm)
		if got := req.Header.Get("X-Twilio-Signature"); got != want {
			t.Errorf("signature %q, want %q", got, want)
		}
		if req.URL.Path != "/hooks/bench.sms" || req.Host != "127.0.0.1:4711" || req.PostForm.Get("From") != "+15550000042" {
			t.Errorf("request %v %v %v", req.URL, req.Host, req.PostForm)
		}
	}
}

func TestReadAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		status   int
		fails    bool
	}{
		{"with a body", "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\ncontent-length: 5\r\n\r\nhello", 200, false},
		{"without", "HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n", 204, false},
		{"refused", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", 403, false},
		{"no length", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, true},
		{"bad length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", 0, true},
		{"cut", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", 200, true},
		{"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n", 0, true},
		{"nothing", "", 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := bufio.NewReader(strings.NewReader(c.in + "rest"))
			if c.fails {
				in = bufio.NewReader(strings.NewReader(c.in))
			}
			status, err := readAnswer(in)
			if status != c.status || (err != nil) != c.fails {
				t.Fatalf("%d, %v; want %d, failing %v", status, err, c.status, c.fails)
			}
			if rest, _ := in.ReadString(0); err == nil && rest != "rest" {
				t.Errorf("it left %q", rest)
			}
		})
	}
}

func TestTextNumber(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{
		text(7):                               7,
		"That was all. You said: " + text(12): 12,
		"no number":                           -1,
		"order 12":                            -1,
		"order abcdefghij":                    -1,
	} {
		got, ok := textNumber(in)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q: %d, want %d", in, got, want)
		}
	}
}
