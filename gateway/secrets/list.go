package secrets

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"parley/botscripts/yamlfile"
	"parley/engine"
	"parley/gateway/wholefile"
)

// File is the list that is kept in the data folder.
const File = "secrets.yaml"

const (
	maxBytes   = 256 << 10
	maxEntries = 2000
)

const heading = `# Variables of the environment that brands may use, each for one field and for
# the hosts that it is sent to. Written by "parley secrets"; read again when it changes.
`

// entry is how one allowance is written.
type entry struct {
	Brand    string   `yaml:"brand"`
	Field    string   `yaml:"field"`
	Variable string   `yaml:"variable"`
	Hosts    []string `yaml:"hosts,flow"`
}

// List are the references that an operator has allowed.
type List []engine.Reference

// Covers says whether every host of the reference is allowed for its brand,
// field and variable.
func (l List) Covers(r engine.Reference) bool {
	for _, a := range l {
		if a.Brand == r.Brand && a.Field == r.Field && a.Variable == r.Variable && within(r.Hosts, a.Hosts) {
			return true
		}
	}
	return false
}

func within(some, all []string) bool {
	for _, h := range some {
		if !slices.Contains(all, h) {
			return false
		}
	}
	return true
}

// with adds references; the hosts of one that is there already are joined.
func (l List) with(refs []engine.Reference) List {
	out := slices.Clone(l)
	for _, r := range refs {
		r.Hosts = slices.Clone(r.Hosts)
		i := slices.IndexFunc(out, func(a engine.Reference) bool { return same(a, r) })
		if i < 0 {
			out = append(out, r)
			continue
		}
		out[i].Hosts = slices.Concat(out[i].Hosts, r.Hosts)
	}
	for i := range out {
		slices.Sort(out[i].Hosts)
		out[i].Hosts = slices.Compact(out[i].Hosts)
	}
	slices.SortFunc(out, func(a, b engine.Reference) int {
		return cmp.Or(cmp.Compare(a.Brand, b.Brand), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Variable, b.Variable))
	})
	return out
}

func same(a, b engine.Reference) bool {
	return a.Brand == b.Brand && a.Field == b.Field && a.Variable == b.Variable
}

// Filter chooses allowances; an empty field fits all.
type Filter struct{ Brand, Field, Variable, Host string }

// without takes away what the filter fits, and says what that was. With a host
// only that host goes, and the entry with its last one.
func (l List) without(f Filter) (left, gone List) {
	for _, a := range l {
		fits := (f.Brand == "" || f.Brand == a.Brand) && (f.Field == "" || f.Field == a.Field) &&
			(f.Variable == "" || f.Variable == a.Variable) && (f.Host == "" || slices.Contains(a.Hosts, f.Host))
		if !fits {
			left = append(left, a)
			continue
		}
		taken := a
		if f.Host != "" {
			taken.Hosts = []string{f.Host}
			a.Hosts = slices.DeleteFunc(slices.Clone(a.Hosts), func(h string) bool { return h == f.Host })
			if len(a.Hosts) > 0 {
				left = append(left, a)
			}
		}
		gone = append(gone, taken)
	}
	return left, gone
}

// Parse reads a list. The error names the line.
func Parse(file string, data []byte) (List, error) {
	if len(data) > maxBytes {
		return nil, fmt.Errorf("%s is larger than %d KiB", file, maxBytes>>10)
	}
	if empty(data) {
		return nil, nil
	}
	r := yamlfile.Reader{File: file}
	if _, ok := r.Parse(data); !ok { // it bounds what the decoder may be given
		return nil, errors.New(r.Problems[0].String())
	}
	var entries []entry
	d := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict())
	if err := d.Decode(&entries); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: it is no list of brand, field, variable and hosts: %s", file, strings.Join(strings.Fields(yaml.FormatError(err, false, false)), " "))
	}
	if len(entries) > maxEntries {
		return nil, fmt.Errorf("%s has more than %d entries", file, maxEntries)
	}
	var out []engine.Reference
	for i, e := range entries {
		if name, ok := engine.Variable("${" + e.Variable + "}"); !ok || name != e.Variable || e.Brand == "" || e.Field == "" {
			return nil, fmt.Errorf("%s: entry %d needs brand, field, and a variable of letters, digits and _", file, i+1)
		}
		for j := range e.Hosts {
			e.Hosts[j] = strings.ToLower(strings.TrimSpace(e.Hosts[j]))
		}
		out = append(out, engine.Reference{Brand: e.Brand, Field: e.Field, Variable: e.Variable, Hosts: e.Hosts})
	}
	return List{}.with(out), nil
}

func empty(data []byte) bool {
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' && line != "[]" {
			return false
		}
	}
	return true
}

// Bytes writes the list as Parse reads it.
func (l List) Bytes() ([]byte, error) {
	entries := []entry{}
	for _, r := range l {
		entries = append(entries, entry{r.Brand, r.Field, r.Variable, r.Hosts})
	}
	body, err := yaml.Marshal(entries)
	return append([]byte(heading), body...), err
}

func read(file string) (List, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return Parse(file, data)
}

// write replaces the file as a whole; only we may read it.
func write(file string, l List) error {
	data, err := l.Bytes()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return wholefile.Write(file, data)
}
