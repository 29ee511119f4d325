package web

import (
	"embed"
	"io/fs"
)

//go:generate sh -c "npm ci --no-audit --no-fund && npm run build"

//go:embed all:dist
var dist embed.FS

// Files is the built site: index.html, assets/* with hashed names, and
// widget.js with a stable one. Paths are relative to the site's root.
func Files() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the path is a constant and valid
	}
	return sub
}
