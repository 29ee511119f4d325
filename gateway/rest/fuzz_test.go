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

// FuzzPlace reads any cursor of a page: what is taken comes out the same.
func FuzzPlace(f *testing.F) {
	for _, s := range []string{"", "mzlb0000x", "00000001", "zzzzzzzzzz", "-0000001x", "mzlb000001999999000070008000000000000001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePlace(s)
		if err != nil {
			if engine.CodeOf(err) != engine.Invalid {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		again, err := parsePlace(p.String())
		if err != nil || !again.at.Equal(p.at) || again.id != p.id && len(s) <= maxID {
			t.Errorf("%q: got %+v, %v, want %+v", s, again, err, p)
		}
	})
}
