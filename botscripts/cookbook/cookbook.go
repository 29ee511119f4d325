package cookbook

import (
	"embed"
	"io/fs"

	"parley/engine"
)

//go:embed */brand.yaml */bots */tests */faq */i18n */lib
var folders embed.FS

// Names are the folders, sorted.
func Names() []string {
	entries, err := folders.ReadDir(".")
	if err != nil { // it is compiled in
		panic(err)
	}
	var names []string
	for _, e := range entries {
		if _, err := fs.Stat(folders, e.Name()+"/brand.yaml"); err == nil {
			names = append(names, e.Name())
		}
	}
	return names
}

// FS is one brand folder, with brand.yaml at its root. Errors: NotFound.
func FS(name string) (fs.FS, error) {
	if _, err := fs.Stat(folders, name+"/brand.yaml"); err != nil || !fs.ValidPath(name) {
		return nil, engine.Errorf(engine.NotFound, "the cookbook has no %q", name)
	}
	return fs.Sub(folders, name)
}
