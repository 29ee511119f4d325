package web

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// policy is the workspace's content policy. Mantine injects its style tags.
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data: https:; " +
	"connect-src 'self' ws: wss:; object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Handler serves the built site, compressed: hashed assets for ever, widget.js
// for a few minutes to any site, and index.html for every other page address.
func Handler() (http.Handler, error) { return serve(Files()) }

func serve(site fs.FS) (http.Handler, error) {
	index, err := fs.ReadFile(site, "index.html")
	if err != nil {
		return nil, err
	}
	files := http.FileServerFS(site)
	return gzhttp.GzipHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		h := w.Header()
		switch {
		case strings.HasPrefix(name, "assets/"):
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		case name == "widget.js":
			h.Set("Cache-Control", "public, max-age=300, stale-while-revalidate=86400")
			h.Set("Access-Control-Allow-Origin", "*")
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		case path.Ext(name) == "":
			h.Set("Cache-Control", "no-cache")
			h.Set("Content-Type", "text/html; charset=utf-8")
			h.Set("Content-Security-Policy", policy)
			_, _ = w.Write(index) // the client is gone when this fails
			return
		}
		files.ServeHTTP(w, r)
	})), nil
}
