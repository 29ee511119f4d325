package engine

import (
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzDecodeReply: a reply that is read by hand is what encoding/json reads.
func FuzzDecodeReply(f *testing.F) {
	for _, answer := range []string{
		`{"kind":"ok","text":"yes, please: 5 € “now”","at":1795338000}`, `{"kind":"timeout","at":1}`, `{"kind":"ok","text":"a\\nb","at":1}`,
		`{"kind":"ok","text":"a","at":01}`, `{"kind":"ok","text":"a","at":1,"value":2}`, `{"kind":"ok","text":"a","choice":"b","at":1}`,
		`{"kind":"","text":"a","at":1}`, "{\"kind\":\"ok\",\"text\":\"\xff\",\"at\":1}", `{"kind":"a\u0062","text":"a","at":1}`, `null`, `{`, ``,
	} {
		f.Add([]byte(answer))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		got, ok := plainReply(answer)
		if !ok {
			return
		}
		var want Reply
		if err := json.Unmarshal(answer, &want); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %+v, want %+v, %v", answer, got, want, err)
		}
	})
}

func TestPlainReplyIsReadByHand(t *testing.T) {
	t.Parallel()
	if p, ok := plainReply([]byte(`{"kind":"ok","text":"yes, please","at":1795338000}`)); !ok || p.Text != "yes, please" || p.At != 1795338000 {
		t.Errorf("%+v, %v", p, ok)
	}
}
