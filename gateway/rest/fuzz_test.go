package rest

import (
	"strings"
	"testing"

	"parley/engine"
	"parley/gateway/api"
)

// FuzzDecode reads any body: what is taken says what it must, and what is
// refused is the client's fault.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		`{"client_id":"12345678","text":"hi","after":"e1"}`, `{"CLIENT_ID":"x"}`, `null`, `[]`, `{"text":1}`, `{"text":null}`, "", "{", `{"text":"\ud800"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var b api.ReplyJSONRequestBody
		err := decode(raw, &b)
		if code := engine.CodeOf(err); err != nil && code != engine.Invalid {
			t.Errorf("%q: %v", raw, err)
		}
		if err == nil && !strings.Contains(string(raw), "{") {
			t.Errorf("%q was taken", raw)
		}
	})
}
