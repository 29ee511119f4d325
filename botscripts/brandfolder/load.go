package brandfolder

import (
	"cmp"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"parley/botscripts/intents"
	"parley/botscripts/yamlfile"
	"parley/engine"
	"parley/engine/texts"
)

// Brand is what a folder says.
type Brand struct {
	Brand    engine.Brand
	Channels []engine.Channel // by id
	Skills   []engine.Skill   // by id
	Agents   []Agent          // in the order of brand.yaml; only the bundled example's are used
	// Bundle holds every file that belongs to the brand, brand.yaml as it was
	// written, with its ${…}. CreatedAt is zero.
	Bundle engine.Bundle
	Tests  map[string]string // those of the bundle's files that are *.chat tests
	// Uses are the variables of the environment that it names. The channels and
	// the brand's secrets hold them as they are written, ${NAME}.
	Uses []Use
	// Kinds are those that it was read with.
	Kinds engine.ChannelKinds
}

// Problem is one thing wrong with a folder.
type Problem = yamlfile.Problem

type (
	node  = yamlfile.Node
	field = yamlfile.Field
)

// reader knows the kinds of values that a brand.yaml holds.
type reader struct{ yamlfile.Reader }

// Reader reads brands.
type Reader struct {
	// Kinds are those that channels may be of. With none, only the kind, name and bot of a channel are read.
	Kinds engine.ChannelKinds
	// Env looks up environment variables, as os.LookupEnv does, and is asked only whether they are set.
	Env func(name string) (string, bool)
}

// Load reads a brand's folder. The problems are all there are, by file and line; with any, the brand is for looking at
// and not for use. Scripts are not compiled.
func (r Reader) Load(fsys fs.FS) (Brand, []Problem) {
	return readFolder(fsys).brand(r)
}

// Assumed stands for an environment in which every variable is set.
func Assumed(string) (string, bool) { return "set", true }

// FromFiles reads a brand from the files of a bundle, as Load does from a
// folder: the same files give the same brand and the same problems.
func (r Reader) FromFiles(files map[string]string) (Brand, []Problem) {
	return takeFiles(files).brand(r)
}

// brand makes the brand of what was read.
func (f *folder) brand(r Reader) (Brand, []Problem) {
	b := &builder{reader: reader{yamlfile.Reader{File: "brand.yaml", Problems: f.problems}}, from: r}
	b.brand.Kinds = r.Kinds
	b.brand.Bundle.Files = f.files
	b.brand.Tests = maps.Clone(f.files)
	maps.DeleteFunc(b.brand.Tests, func(name, _ string) bool {
		return !strings.HasPrefix(name, "tests/") || name == intents.CasesFile
	})

	if data, ok := f.files["brand.yaml"]; ok {
		if root, ok := b.Parse([]byte(data)); ok {
			b.root(root)
		}
	}
	for _, check := range b.checks {
		check()
	}
	b.checkFAQ()
	b.checkIntents()
	b.checkTexts()

	for i := range b.brand.Uses {
		b.brand.Uses[i].Brand = b.brand.Brand.ID
	}
	hash := Hash(b.brand.Bundle.Files)
	b.brand.Brand.Version = hash
	b.brand.Bundle.Hash = hash
	b.brand.Bundle.Model = intents.ModelHash(f.files)
	b.brand.Bundle.Brand = b.brand.Brand.ID
	slices.SortFunc(b.Problems, func(x, y Problem) int {
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Message, y.Message))
	})
	return b.brand, slices.Compact(b.Problems)
}

// LoadDir reads the folder dir as Load does. Nothing outside of it is read, whatever links say. The error says that there is no
// such folder.
func (r Reader) LoadDir(dir string) (Brand, []Problem, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Brand{}, nil, engine.Errorf(engine.NotFound, "the brand folder %s cannot be opened", dir).Because(err)
	}
	defer root.Close()
	b, problems := r.Load(root.FS())
	return b, problems, nil
}

// builder makes a Brand of brand.yaml.
type builder struct {
	reader
	from   Reader
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
)

func (b *builder) slug(s string, line int, name string) bool {
	if !slugPattern.MatchString(s) {
		b.Problem(line, "%s: %q is not an id; use a-z, 0-9 and -, at most 40", name, s)
		return false
	}
	return true
}

func (b *builder) root(n node) {
	s := &b.brand.Brand.Settings
	s.BotName = "Assistant"
	// The id is part of other ids, so it comes first wherever it stands. What is wrong with the keys is told once.
	for _, f := range b.Fields(n) {
		if f.Key == "id" {
			if id, ok := b.Text(f.Node); ok && b.slug(id, f.Line, f.Name) {
				b.brand.Brand.ID = id
			}
		}
	}
	given := b.keys(n,
		key{"id", func(field) {}},
		key{"name", into(&b.brand.Brand.Name, b.short)},
		key{"time_zone", into(&s.TimeZone, b.zone)},
		key{"languages", func(f field) { b.languages(f.Node) }},
		key{"bot_name", into(&s.BotName, b.short)},
		key{"color", into(&s.Color, b.color)},
		key{"default_skill", func(f field) {
			id, ok := b.Text(f.Node)
			if s.DefaultSkill = id; ok {
				b.later(func() { b.skillExists(f, id) })
			}
		}},
		key{"escape_words", into(&s.EscapeWords, b.escapeWords)},
		key{"http", func(f field) { b.http(f.Node) }},
		key{"hours", func(f field) {
			if h := b.hours(f.Node); h != nil {
				s.Hours = *h
			}
		}},
		key{"gather", into(&s.Gather, b.gather)},
		key{"texts", into(&s.Texts, b.texts)},
		key{"patterns", into(&s.Patterns, b.patterns)},
		key{"holidays", into(&s.Holidays, b.holidays)},
		key{"sentiment", into(&s.Sentiment, b.sentiment)},
		key{"loops", into(&s.Loops, b.loops)},
		key{"desk", into(&s.Desk, b.desk)},
		key{"outreach", into(&s.Outreach, b.outreach)},
		key{"retention", into(&s.Retention, b.retention)},
		key{"skills", func(f field) { b.skills(f.Node) }},
		key{"channels", func(f field) { b.channels(f.Node) }},
		key{"agents", func(f field) { b.agents(f.Node) }},
	)
	for _, key := range lacks(given, "id", "name", "time_zone", "languages", "default_skill", "skills", "channels") {
		b.Problem(1, "%s is missing", key)
	}
}

func (b *builder) color(n node) string {
	v, ok := b.Text(n)
	if ok && !colorPattern.MatchString(v) {
		b.Problem(n.Line, `%s: %q is not a colour; write it as "#0f766e"`, n.Name, v)
	}
	return strings.ToLower(v)
}

func (b *builder) languages(n node) {
	s := &b.brand.Brand.Settings
	for _, item := range b.List(n) {
		switch {
		case !b.language(item.Key, item.Line, n.Name):
		case slices.Contains(s.Languages, item.Key):
			b.Problem(item.Line, "%s has %q twice", n.Name, item.Key)
		default:
			s.Languages = append(s.Languages, item.Key)
		}
	}
}

func (b *builder) language(s string, line int, name string) bool {
	if !languagePattern.MatchString(s) {
		b.Problem(line, "%s: %q is not a language; write it as en or pt-BR", name, s)
		return false
	}
	return true
}

func (b *builder) escapeWords(n node) map[string][]string {
	out := map[string][]string{}
	for _, f := range b.Fields(n) {
		if !b.language(f.Key, f.Line, n.Name) {
			continue
		}
		for _, item := range b.List(f.Node) {
			word := strings.ToLower(strings.TrimSpace(item.Key))
			if len(word) > maxWord {
				b.Problem(item.Line, "%s: a word has at most %d bytes", f.Name, maxWord)
				continue
			}
			if !slices.Contains(out[f.Key], word) {
				out[f.Key] = append(out[f.Key], word)
			}
		}
		if len(out[f.Key]) > maxWords {
			b.Problem(f.Line, "%s has more than %d words", f.Name, maxWords)
		}
	}
	return out
}

func (b *builder) texts(n node) map[string]string {
	out := map[string]string{}
	for _, f := range b.Fields(n) {
		s, _ := b.Text(f.Node)
		switch {
		case !isText(f.Key):
			b.Problem(f.Line, "%s: %q is not the name of a text", n.Name, f.Key)
		case len(s) > maxText:
			b.Problem(f.Line, "%s is longer than %d bytes", f.Name, maxText)
		default:
			out[f.Key] = strings.TrimSpace(s)
		}
	}
	return out
}

// isText tells the keys of the system's texts, "connecting" and "connecting.de".
func isText(key string) bool {
	key, language, one := strings.Cut(key, ".")
	return texts.Format(engine.BrandSettings{}, "en", key, nil) != "" && (!one || languagePattern.MatchString(language))
}
