package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func TestHandler(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("console.log('hello');\n", 500)
	h, err := serve(fstest.MapFS{
		"index.html":           {Data: []byte("<!doctype html><title>parley</title>")},
		"assets/main-abc12.js": {Data: []byte(long)},
		"widget.js":            {Data: []byte(long)},
		"favicon.svg":          {Data: []byte("<svg/>")},
	})
	if err != nil {
		t.Fatal(err)
	}
	const forever, page = "public, max-age=31536000, immutable", "no-cache"
	for path, want := range map[string]struct {
		status int
		cache  string
		kind   string
	}{
		"/":                              {200, page, "text/html"},
		"/inbox":                         {200, page, "text/html"},
		"/inbox/01999999-0000-7000-8000": {200, page, "text/html"},
		"/assets/main-abc12.js":          {200, forever, "text/javascript"},
		"/widget.js":                     {200, "public, max-age=300, stale-while-revalidate=86400", "text/javascript"},
		"/favicon.svg":                   {200, "", "image/svg+xml"},
		"/assets/main-old99.js":          {404, "", "text/plain"},
		"/assets/nothing":                {404, "", "text/plain"},
		"/nothing.png":                   {404, "", "text/plain"},
		"/assets/":                       {200, page, "text/html"}, // a page address, not a listing
		"/../handler.go":                 {404, "", "text/plain"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
			got := w.Header()
			if w.Code != want.status || got.Get("Cache-Control") != want.cache || !strings.HasPrefix(got.Get("Content-Type"), want.kind) {
				t.Errorf("%s %s: got %d %v", method, path, w.Code, got)
			}
			csp := got.Get("Content-Security-Policy")
			if html := want.kind == "text/html"; html != strings.Contains(csp, "default-src 'self'") || html && !strings.Contains(csp, "frame-ancestors 'none'") {
				t.Errorf("%s %s: content policy %q", method, path, csp)
			}
			if cors := got.Get("Access-Control-Allow-Origin"); (path == "/widget.js") != (cors == "*") {
				t.Errorf("%s %s: shared with %q", method, path, cors)
			}
			if strings.Contains(w.Body.String(), "main-abc12") {
				t.Errorf("%s %s lists the files", method, path)
			}
		}
	}
}

func TestHandlerCompresses(t *testing.T) {
	t.Parallel()
	long := []byte(strings.Repeat("console.log('hello');\n", 500))
	h, err := serve(fstest.MapFS{"index.html": {}, "assets/main-abc12.js": {Data: long}, "assets/inter-abc12.woff2": {Data: long}})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(path string, header ...string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(http.MethodGet, path, nil)
		for i := 0; i < len(header); i += 2 {
			req.Header.Add(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		return w
	}
	tags := map[bool]string{}
	for accepts, want := range map[string]bool{
		"gzip": true, "br, GZIP;q=0.5": true, "deflate,gzip ; q=1": true, "": false, "br": false, "gzip;q=0": false, "gzip; q=0.000": false, "x-gzip": false,
	} {
		w := ask("/assets/main-abc12.js", "Accept-Encoding", accepts)
		packed := w.Header().Get("Content-Encoding") == "gzip"
		if packed != want || packed != (w.Body.Len() < 1000) || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: got %v, %d bytes", accepts, w.Header(), w.Body.Len())
		}
		tags[packed] = w.Header().Get("ETag")
	}
	if tags[true] == tags[false] || tags[true] == "" || tags[false] == "" {
		t.Errorf("the tags are %v", tags)
	}
	w := ask("/assets/main-abc12.js", "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, long) {
		t.Errorf("unpacked it is %d bytes, %v", len(got), err)
	}
	for _, tag := range tags {
		same := ask("/assets/main-abc12.js", "If-None-Match", tag)
		if want := tag == tags[false]; (same.Code == http.StatusNotModified) != want {
			t.Errorf("%s: got %d", tag, same.Code)
		}
	}
	if w := ask("/assets/inter-abc12.woff2", "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "" || w.Header().Get("Vary") != "" {
		t.Errorf("a font: got %v", w.Header())
	}
}

// TestTheBuiltSiteIsWhole asks for everything that the built page refers to.
func TestTheBuiltSiteIsWhole(t *testing.T) {
	t.Parallel()
	h, err := Handler()
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	refs := regexp.MustCompile(`"(/assets/[^"]+)"`).FindAllStringSubmatch(get("/").Body.String(), -1)
	if len(refs) == 0 {
		t.Fatal("the page refers to nothing")
	}
	for _, ref := range refs {
		if w := get(ref[1]); w.Code != http.StatusOK {
			t.Errorf("%s: got %d", ref[1], w.Code)
		}
	}
}
