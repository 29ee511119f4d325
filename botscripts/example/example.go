package example

import (
	"embed"
	"io/fs"
)

//go:embed all:acme
var acme embed.FS

// FS is the brand folder, with brand.yaml at its root.
func FS() fs.FS {
	sub, err := fs.Sub(acme, "acme")
	if err != nil { // the name is fixed above and valid
		panic(err)
	}
	return sub
}
