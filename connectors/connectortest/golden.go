package connectortest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

// RunGolden renders contents and compares the requests that are made of them with a file
// of each one's name in testdata/requests, or writes these. accepts is the provider's answer
// to every request. Every file must be of a content.
func RunGolden(t *testing.T, s Suite, accepts string, update bool, contents map[string]engine.Content) {
	t.Helper()
	const folder = "testdata/requests"
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, ok := contents[strings.TrimSuffix(filepath.Base(file), ".json")]; !ok {
			t.Errorf("%s is of no content", file)
		}
	}
	for name, content := range contents {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(folder, name+".json")
			got := requests(t, s, content, accepts)
			if update {
				if err := os.MkdirAll(folder, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// requests are what a content becomes, one part after the other.
func requests(t *testing.T, s Suite, content engine.Content, accepts string) string {
	t.Helper()
	asked := &keeping{answer: accepts}
	conn := s.New(&http.Client{Transport: asked})
	parts := []engine.Content{content}
	if r, ok := conn.(engine.Renderer); ok {
		parts = r.Render(s.channel(nil), content, "Reply with a number.")
	}
	for i, part := range parts {
		out := engine.Outbound{Item: fmt.Sprint("item-", i+1), To: conn.Spec().Consumer, Author: engine.AuthorBot, Content: part}
		if _, err := conn.Send(t.Context(), s.channel(nil), out); err != nil {
			t.Errorf("part %d is not sent: %v", i+1, err)
		}
	}
	return asked.all.String()
}

// keeping is a provider that takes everything and keeps how it was asked.
type keeping struct {
	answer string
	all    bytes.Buffer
}

func (k *keeping) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	_ = r.Body.Close()
	fmt.Fprintf(&k.all, "// %s %s\n", r.Method, r.URL)
	var pretty bytes.Buffer
	if json.Indent(&pretty, raw, "", "  ") != nil {
		pretty.Reset()
		pretty.Write(raw) // a form, say
	}
	k.all.Write(pretty.Bytes())
	k.all.WriteByte('\n')
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(strings.NewReader(k.answer)), Request: r,
	}, nil
}
