package brandfolder

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// strays tells of what looks like a part of the brand and is not read, because it stands in another place or under
// another name. Everything else in the folder is the author's own.
func (f *folder) strays(fsys fs.FS) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return // told for brand.yaml
	}
	for _, e := range entries {
		name := e.Name()
		switch {
		case strings.HasPrefix(name, ".") || slices.ContainsFunc(places(), func(p place) bool { return p.dir == name }):
		case e.IsDir():
			f.strayFolder(fsys, name)
		default:
			f.strayFile(name)
		}
	}
}

func (f *folder) strayFile(name string) {
	stem, ext := strings.ToLower(strings.TrimSuffix(name, path.Ext(name))), strings.ToLower(path.Ext(name))
	for _, known := range []string{"brand.yaml", "intents.yaml"} {
		if name != known && (ext == ".yaml" || ext == ".yml") && (stem+".yaml" == known || stem+"s.yaml" == known || stem == known) {
			f.problem(name, "this file is not read: its name is %s", known)
			return
		}
	}
	switch ext {
	case ".lua":
		f.problem(name, "this file is not read: bots are in bots/, modules that they share in lib/")
	case ".chat":
		f.problem(name, "this file is not read: tests are in tests/")
	}
}

// strayFolder tells of a folder that was meant to be one of the brand's: by its name, or by the scripts and tests
// in it.
func (f *folder) strayFolder(fsys fs.FS, name string) {
	for _, p := range places() {
		if !meant(strings.ToLower(name), p.dir) {
			continue
		}
		if file := holds(fsys, name, p.ext); file != "" {
			f.problem(file, "this file is not read: such files are in %s/", p.dir)
			return
		}
	}
	for _, p := range places() {
		if p.ext != ".lua" && p.ext != ".chat" {
			continue
		}
		if file := holds(fsys, name, p.ext); file != "" {
			f.problem(file, "this file is not read: %s files are in %s", p.ext, folders(p.ext))
			return
		}
	}
}

func folders(ext string) string {
	var names []string
	for _, p := range places() {
		if p.ext == ext {
			names = append(names, p.dir+"/")
		}
	}
	return strings.Join(names, " or ")
}

// meant tells of a name that is nearly the folder's.
func meant(name, dir string) bool {
	other := map[string]string{"libs": "lib", "library": "lib", "modules": "lib", "scripts": "bots", "faqs": "faq", "locales": "i18n", "translations": "i18n", "texts": "i18n", "lang": "i18n"}
	return name == dir || name+"s" == dir || name == dir+"s" || other[name] == dir
}

// holds is the first file with the extension in a folder, "" when there is none. It looks at a few only.
func holds(fsys fs.FS, dir, ext string) (found string) {
	const most = 1000
	seen := 0
	_ = fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error { // what cannot be read is no part of the brand
		seen++
		switch {
		case err != nil || seen > most:
			return fs.SkipAll
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
			return fs.SkipDir
		case !d.IsDir() && strings.EqualFold(path.Ext(name), ext):
			found = name
			return fs.SkipAll
		}
		return nil
	})
	return found
}

// isAside tells of files that nobody means to be read: notes, and what editors leave behind.
func isAside(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasPrefix(lower, "readme") || strings.HasSuffix(lower, "~") || strings.HasPrefix(lower, "#") ||
		slices.Contains([]string{".bak", ".orig", ".swp", ".tmp", ".log"}, path.Ext(lower))
}
