package brandfolder

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"parley/botscripts/faq"
	"parley/engine"
	"parley/engine/egress"
	"parley/engine/texts"
)

// Brand is what a folder says.
type Brand struct {
	Brand    engine.Brand
	Channels []engine.Channel // by id
	Skills   []engine.Skill   // by id
	Agents   []Agent          // in the order of brand.yaml; only the bundled example's are used
	Bundle   engine.Bundle    // CreatedAt is zero
	Tests    map[string]string
}

// Problem is one thing wrong with a folder.
type Problem struct {
	File    string // path in the folder
	Line    int    // from 1
	Message string // holds no secret
}

func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message) }

// Load reads a brand's folder. env looks up environment variables, as
// os.LookupEnv does. The problems are all there are, by file and line; with
// any, the brand is for looking at and not for use. Scripts are not compiled.
func Load(fsys fs.FS, env func(string) (string, bool)) (Brand, []Problem) {
	dir := readFolder(fsys)
	b := &builder{reader: reader{file: "brand.yaml", problems: dir.problems}, env: env}
	b.brand.Bundle.Files = bundleFiles(dir.files)
	b.brand.Tests = maps.Clone(dir.files)
	maps.DeleteFunc(b.brand.Tests, func(name, _ string) bool { return !strings.HasPrefix(name, "tests/") })

	if data, ok := dir.files["brand.yaml"]; ok {
		if root, ok := b.parse([]byte(data)); ok {
			b.root(root)
		}
	}
	for _, check := range b.checks {
		check()
	}
	b.checkFAQ()
	b.checkIntents()

	hash := Hash(b.brand.Bundle.Files)
	b.brand.Brand.Bundle = hash
	b.brand.Bundle.Hash = hash
	b.brand.Bundle.Brand = b.brand.Brand.ID
	slices.SortFunc(b.problems, func(x, y Problem) int {
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Message, y.Message))
	})
	return b.brand, slices.Compact(b.problems)
}

// LoadDir reads the folder dir with the environment of the process. Nothing
// outside of it is read, whatever links say. The error says that there is no
// such folder.
func LoadDir(dir string) (Brand, []Problem, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Brand{}, nil, engine.Errorf(engine.NotFound, "the brand folder %s cannot be opened", dir).Because(err)
	}
	defer root.Close()
	b, problems := Load(root.FS(), os.LookupEnv)
	return b, problems, nil
}

// builder makes a Brand of brand.yaml.
type builder struct {
	reader
	env    func(string) (string, bool)
	brand  Brand
	checks []func() // that need the whole file
}

func (b *builder) later(check func()) { b.checks = append(b.checks, check) }

const (
	maxName  = 80
	maxText  = 2000
	maxWord  = 40
	maxWords = 100
)

// These are never written.
var (
	slugPattern     = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)
	languagePattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	colorPattern    = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	keyPattern      = regexp.MustCompile(`^[a-z][a-z0-9_.]{0,79}$`)
)

func (b *builder) slug(s string, line int, name string) bool {
	if !slugPattern.MatchString(s) {
		b.problem(line, "%s: %q is not an id; use a-z, 0-9 and -, at most 40", name, s)
		return false
	}
	return true
}

func (b *builder) root(n node) {
	given := b.fields(n)
	s := &b.brand.Brand.Settings
	missing := []string{"id", "name", "time_zone", "languages", "default_skill", "skills", "channels"}
	// The id is part of other ids, so it comes first wherever it stands.
	for _, f := range given {
		if f.key == "id" {
			if id, ok := b.text(f.node); ok && b.slug(id, f.line, f.name) {
				b.brand.Brand.ID = id
			}
		}
	}
	s.BotName = "Assistant"
	for _, f := range given {
		missing = slices.DeleteFunc(missing, func(s string) bool { return s == f.key })
		switch f.key {
		case "id":
		case "name":
			b.brand.Brand.Name = b.short(f.node)
		case "time_zone":
			s.TimeZone = b.zone(f.node)
		case "languages":
			b.languages(f.node)
		case "bot_name":
			s.BotName = b.short(f.node)
		case "color":
			v, ok := b.text(f.node)
			if ok && !colorPattern.MatchString(v) {
				b.problem(f.line, `%s: %q is not a colour; write it as "#0f766e"`, f.name, v)
			}
			s.Color = strings.ToLower(v)
		case "default_skill":
			id, ok := b.text(f.node)
			s.DefaultSkill = id
			if ok {
				b.later(func() { b.skillExists(f, id) })
			}
		case "escape_words":
			s.EscapeWords = b.escapeWords(f.node)
		case "http":
			b.http(f.node)
		case "hours":
			if h := b.hours(f.node); h != nil {
				s.Hours = *h
			}
		case "texts":
			s.Texts = b.texts(f.node)
		case "skills":
			b.skills(f.node)
		case "channels":
			b.channels(f.node)
		case "agents":
			b.agents(f.node)
		default:
			b.unknown(f, "id", "name", "time_zone", "languages", "bot_name", "color", "default_skill", "escape_words",
				"http", "hours", "texts", "skills", "channels", "agents")
		}
	}
	for _, key := range missing {
		b.problem(1, "%s is missing", key)
	}
}

func (b *builder) languages(n node) {
	s := &b.brand.Brand.Settings
	for _, item := range b.list(n) {
		switch {
		case !b.language(item.key, item.line, n.name):
		case slices.Contains(s.Languages, item.key):
			b.problem(item.line, "%s has %q twice", n.name, item.key)
		default:
			s.Languages = append(s.Languages, item.key)
		}
	}
}

func (b *builder) language(s string, line int, name string) bool {
	if !languagePattern.MatchString(s) {
		b.problem(line, "%s: %q is not a language; write it as en or pt-BR", name, s)
		return false
	}
	return true
}

func (b *builder) escapeWords(n node) map[string][]string {
	out := map[string][]string{}
	for _, f := range b.fields(n) {
		if !b.language(f.key, f.line, n.name) {
			continue
		}
		for _, item := range b.list(f.node) {
			word := strings.ToLower(strings.TrimSpace(item.key))
			if len(word) > maxWord {
				b.problem(item.line, "%s: a word has at most %d bytes", f.name, maxWord)
				continue
			}
			if !slices.Contains(out[f.key], word) {
				out[f.key] = append(out[f.key], word)
			}
		}
		if len(out[f.key]) > maxWords {
			b.problem(f.line, "%s has more than %d words", f.name, maxWords)
		}
	}
	return out
}

func (b *builder) http(n node) {
	for _, f := range b.fields(n) {
		if f.key != "hosts" {
			b.unknown(f, "hosts")
			continue
		}
		for _, item := range b.list(f.node) {
			if err := egress.CheckHost(item.key); err != nil {
				b.problem(item.line, "%s: %q: %v", f.name, item.key, err)
				continue
			}
			b.brand.Brand.Settings.HTTPHosts = append(b.brand.Brand.Settings.HTTPHosts, item.key)
		}
	}
}

func (b *builder) texts(n node) map[string]string {
	out := map[string]string{}
	for _, f := range b.fields(n) {
		s, _ := b.text(f.node)
		switch {
		case !isText(f.key):
			b.problem(f.line, "%s: %q is not the name of a text", n.name, f.key)
		case len(s) > maxText:
			b.problem(f.line, "%s is longer than %d bytes", f.name, maxText)
		default:
			out[f.key] = strings.TrimSpace(s)
		}
	}
	return out
}

// isText tells the keys of the system's texts, "connecting" and "connecting.de".
func isText(key string) bool {
	key, language, one := strings.Cut(key, ".")
	return texts.Format(engine.BrandSettings{}, "en", key, nil) != "" && (!one || languagePattern.MatchString(language))
}

// checkFAQ reads all questions and holds that none is asked twice.
func (b *builder) checkFAQ() {
	first := map[string]faq.Entry{}
	for _, name := range slices.Sorted(maps.Keys(b.brand.Bundle.Files)) {
		if !strings.HasPrefix(name, "faq/") {
			continue
		}
		entries, err := faq.Parse(name, b.brand.Bundle.Files[name])
		for _, e := range faqErrors(err) {
			b.problems = append(b.problems, Problem{e.Path, e.Line, e.Message})
		}
		for _, e := range entries {
			key := strings.ToLower(strings.Join(strings.Fields(e.Question), " "))
			if f, twice := first[key]; twice {
				b.problems = append(b.problems, Problem{e.Path, e.Line,
					fmt.Sprintf("the question %q is already in %s, line %d", e.Question, f.Path, f.Line)})
				continue
			}
			first[key] = e
		}
	}
}

func faqErrors(err error) []*faq.Error {
	var out []*faq.Error
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			out = append(out, faqErrors(e)...)
		}
		return out
	}
	var one *faq.Error
	if errors.As(err, &one) {
		out = append(out, one)
	}
	return out
}

// checkIntents holds that intents.yaml maps names to examples.
func (b *builder) checkIntents() {
	data, ok := b.brand.Bundle.Files["intents.yaml"]
	if !ok {
		return
	}
	r := reader{file: "intents.yaml"}
	if root, ok := r.parse([]byte(data)); ok {
		for _, f := range r.fields(root) {
			if !keyPattern.MatchString(f.key) {
				r.problem(f.line, "%q is not the name of an intent; use a-z, 0-9 and _", f.key)
			}
			seen := map[string]bool{}
			for _, item := range r.list(f.node) {
				if seen[item.key] {
					r.problem(item.line, "%s has the example %q twice", f.key, item.key)
				}
				seen[item.key] = true
			}
		}
	}
	b.problems = append(b.problems, r.problems...)
}
