package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// policy is the workspace's content policy. Mantine injects its style tags.
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data: https:; " +
	"connect-src 'self' ws: wss:; object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Handler serves the built site, compressed: hashed assets for ever, widget.js
// for a few minutes to any site, and index.html for every other page address.
func Handler() (http.Handler, error) { return serve(Files()) }

func serve(site fs.FS) (http.Handler, error) {
	files, err := load(site)
	if err != nil {
		return nil, err
	}
	if files["index.html"] == nil {
		return nil, errors.New("web: the site has no index.html")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if path.Ext(name) == "" && !strings.HasPrefix(name, "assets/") { // a page's address
			name = "index.html"
		}
		f := files[name]
		if f == nil {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		switch {
		case strings.HasPrefix(name, "assets/"):
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		case name == "widget.js":
			h.Set("Cache-Control", "public, max-age=300, stale-while-revalidate=86400")
			h.Set("Access-Control-Allow-Origin", "*")
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		case name == "index.html":
			h.Set("Cache-Control", "no-cache")
			h.Set("Content-Security-Policy", policy)
		}
		f.serve(w, r, name)
	}), nil
}

// file is one of the site, which never changes while the program runs.
type file struct {
	data   []byte
	tag    string
	packed func() []byte // by gzip, when it is first asked for; nil when that does not pay
}

// load reads all files. Those that are compressed by their nature stay as they are.
func load(site fs.FS) (map[string]*file, error) {
	files := map[string]*file{}
	return files, fs.WalkDir(site, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(site, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		f := &file{data: data, tag: hex.EncodeToString(sum[:8])}
		switch path.Ext(name) {
		case ".html", ".js", ".css", ".svg", ".json", ".map", ".txt":
			f.packed = sync.OnceValue(func() []byte { return pack(data) })
		}
		files[name] = f
		return nil
	})
}

func pack(data []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level exists, and a buffer takes all
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

func (f *file) serve(w http.ResponseWriter, r *http.Request, name string) {
	h, data, tag := w.Header(), f.data, f.tag
	if f.packed != nil {
		h.Set("Vary", "Accept-Encoding")
		if takesGzip(r.Header) {
			h.Set("Content-Encoding", "gzip")
			data, tag = f.packed(), tag+"-gzip"
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
}

// takesGzip reads Accept-Encoding (RFC 9110 §12.5.3): a weight of 0 is a refusal.
func takesGzip(h http.Header) bool {
	for part := range strings.SplitSeq(strings.Join(h.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			q, _ := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
			return strings.Trim(q, "0.") != "" || q == ""
		}
	}
	return false
}
