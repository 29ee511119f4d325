package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
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

// Version names this build of the site: it changes with any of its files,
// because index.html names them by their hashes.
func Version() string {
	index, err := fs.ReadFile(Files(), "index.html")
	if err != nil {
		panic(err) // it is embedded, or nothing would have been built
	}
	sum := sha256.Sum256(index)
	return hex.EncodeToString(sum[:6])
}
