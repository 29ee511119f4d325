package knowledge

import (
	"context"
	"maps"
	"slices"
	"strings"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/botscripts/faq"
	"parley/botscripts/intents"
	"parley/botscripts/yamlfile"
	"parley/engine"
	"parley/engine/learning"
	"parley/engine/understanding/nlu"
)

// LearnedFile is where new questions go.
const LearnedFile = "faq/learned.md"

// Book is the files of a brand's version as the learning loop sees them.
type Book struct {
	// Env looks up environment variables for tests, as os.LookupEnv does. One that
	// is not set has some value; nil sets none.
	Env func(name string) (string, bool)
	// Kinds are those of the brand's channels, for tests.
	Kinds engine.ChannelKinds
	// Kept is what was learned from texts earlier; nil for nothing.
	Kept botscripts.Kept
	// Store makes a store for each test, see simulate.Stage; who plays none needs none.
	Store func() engine.Store
}

var _ learning.Book = Book{}

// Hash names a version by its files.
func (Book) Hash(files map[string]string) string { return brandfolder.Hash(files) }

// Read tells what files teach.
func (Book) Read(files map[string]string) (k learning.Knowledge, err error) {
	if text, ok := files[intents.File]; ok {
		found, problems := intents.Parse(text)
		if err := first(problems); err != nil {
			return k, err
		}
		for _, in := range found {
			k.Intents = append(k.Intents, learning.Intent{Name: in.Name, Examples: in.Examples})
		}
	}
	entries, err := entries(files)
	if err != nil {
		return k, err
	}
	at := map[string]int{}
	for _, e := range entries { // those of one question answer elsewhere or in another language
		i, ok := at[faq.Key(e.Question)]
		if !ok {
			i = len(k.Entries)
			at[faq.Key(e.Question)] = i
			k.Entries = append(k.Entries, learning.Entry{Question: e.Question})
		}
		k.Entries[i].Wordings = append(k.Entries[i].Wordings, e.Wordings...)
	}
	cases, problems := intents.Cases(files)
	for _, c := range cases {
		k.Cases = append(k.Cases, nlu.Example{Text: c.Text, Label: c.Intent})
	}
	return k, first(problems)
}

func first(problems []yamlfile.Problem) error {
	if len(problems) == 0 {
		return nil
	}
	return engine.Errorf(engine.Invalid, "%s", problems[0])
}

// entries reads all questions, by file.
func entries(files map[string]string) (out []faq.Entry, err error) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasPrefix(name, "faq/") {
			continue
		}
		found, err := faq.Parse(name, files[name])
		if err != nil {
			message, _, _ := strings.Cut(err.Error(), "\n")
			return nil, engine.Errorf(engine.Invalid, "%s", message)
		}
		out = append(out, found...)
	}
	return out, nil
}

// FAQ searches as the bots do, for nowhere in particular.
func (Book) FAQ(ctx context.Context, files map[string]string) (func(string) string, error) {
	all, err := entries(files)
	if err != nil {
		return nil, err
	}
	x, err := faq.NewIndex(ctx, all)
	if err != nil {
		return nil, err
	}
	return func(text string) string {
		for _, hit := range x.Search(text, faq.Place{}, 1) {
			return hit.Question
		}
		return ""
	}, nil
}

// Add writes an addition into a copy of the files.
func (b Book) Add(files map[string]string, a learning.Addition) (map[string]string, error) {
	out := maps.Clone(files)
	if a.Question != "" {
		return out, addWordings(out, a)
	}
	return out, addExamples(out, a)
}

func addExamples(files map[string]string, a learning.Addition) error {
	old := files[intents.File]
	before, _ := intents.Parse(old)
	text, ok := lengthen(old, a.Intent, a.Texts, func(text string) bool {
		after, _ := intents.Parse(text)
		return lengthened(before, after, a.Intent, a.Texts)
	})
	if text != "" {
		if _, problems := intents.Parse(text); len(problems) > 0 {
			return first(problems)
		}
	}
	if !ok {
		return engine.FieldError("intent", "cannot be added to as it is written: write it in %s as a list, one example a line", intents.File)
	}
	files[intents.File] = text
	return addCases(files, a)
}

// lengthened says whether the one difference is what was to be added.
func lengthened(before, after []intents.Intent, name string, texts []string) bool {
	if !slices.ContainsFunc(before, func(in intents.Intent) bool { return in.Name == name }) {
		before = append(slices.Clip(before), intents.Intent{Name: name})
	}
	return slices.EqualFunc(before, after, func(x, y intents.Intent) bool {
		want := x.Examples
		if x.Name == name {
			want = slices.Concat(want, texts)
		}
		return x.Name == y.Name && x.Description == y.Description && slices.Equal(want, y.Examples)
	})
}

const aboutCases = "# What consumers wrote, by what it must be understood as, whatever else is learnt.\n"

// addCases keeps what was added as regression cases.
func addCases(files map[string]string, a learning.Addition) error {
	before, problems := intents.Cases(files)
	if err := first(problems); err != nil {
		return err
	}
	texts := slices.DeleteFunc(slices.Clone(a.Texts), func(t string) bool {
		return slices.ContainsFunc(before, func(c intents.Case) bool { return c.Intent == a.Intent && faq.Key(c.Text) == faq.Key(t) })
	})
	if len(texts) == 0 {
		return nil
	}
	old, ok := files[intents.CasesFile]
	if !ok {
		old = aboutCases
	}
	with := maps.Clone(files)
	text, ok := lengthen(old, a.Intent, texts, func(text string) bool {
		with[intents.CasesFile] = text
		after, _ := intents.Cases(with)
		return len(after) == len(before)+len(texts) && !slices.ContainsFunc(texts, func(t string) bool {
			return !slices.ContainsFunc(after, func(c intents.Case) bool { return c.Intent == a.Intent && c.Text == t })
		})
	})
	if text != "" {
		with[intents.CasesFile] = text
		if _, problems := intents.Cases(with); len(problems) > 0 {
			return first(problems)
		}
	}
	if !ok {
		return engine.FieldError("intent", "cannot be added to as it is written: edit %s by hand", intents.CasesFile)
	}
	files[intents.CasesFile] = text
	return nil
}

func addWordings(files map[string]string, a learning.Addition) error {
	a.Answer = strings.ReplaceAll(a.Answer, "\r\n", "\n")
	all, err := entries(files)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(e faq.Entry) bool { return faq.Key(e.Question) == faq.Key(a.Question) })
	switch {
	case at < 0 && a.Answer == "":
		return engine.FieldError("answer", "is needed: the FAQ has no question %q", a.Question)
	case at >= 0 && a.Answer != "":
		return engine.FieldError("answer", "is there already: the FAQ has the question %q", a.Question)
	case strings.ContainsAny(a.Question, "\r\n"):
		return engine.FieldError("question", "is more than one line")
	case at < 0:
		files[LearnedFile] = newQuestion(files[LearnedFile], a)
		fresh := faq.Entry{Path: LearnedFile, Question: a.Question, Answer: a.Answer, Wordings: a.Texts}
		behind := slices.IndexFunc(all, func(e faq.Entry) bool { return e.Path > LearnedFile })
		if behind < 0 {
			behind = len(all)
		}
		return rightly(files, slices.Insert(all, behind, fresh), LearnedFile)
	}
	e := all[at]
	files[e.Path] = newWordings(files[e.Path], e, a.Texts)
	all[at].Wordings = slices.Concat(e.Wordings, a.Texts)
	return rightly(files, all, e.Path)
}

// rightly holds that the one difference is what was to be added.
func rightly(files map[string]string, want []faq.Entry, path string) error {
	got, err := entries(files)
	if err != nil {
		return err
	}
	same := slices.EqualFunc(want, got, func(x, y faq.Entry) bool {
		return x.Path == y.Path && x.Question == y.Question && x.Answer == y.Answer && slices.Equal(x.Wordings, y.Wordings)
	})
	if !same {
		return engine.FieldError("question", "cannot be added to as it is written: edit %s by hand", path)
	}
	return nil
}

// newQuestion puts a question at the end of a file.
func newQuestion(text string, a learning.Addition) string {
	if text == "" {
		text = "# Learned from conversations\n"
	}
	end := newline(text)
	out := strings.TrimRight(text, "\r\n") + end + end + "## " + a.Question + end + end
	for _, w := range a.Texts {
		out += "- " + w + end
	}
	if len(a.Texts) > 0 {
		out += end
	}
	return out + strings.ReplaceAll(a.Answer, "\n", end) + end
}

// newWordings puts wordings at the end of an entry's list, or a list below its
// question.
func newWordings(text string, e faq.Entry, texts []string) string {
	lines := strings.SplitAfter(text, "\n")
	end := newline(text)
	at, listed := e.Line, len(e.Wordings) > 0 // behind the heading
	if listed {
		for at < len(lines) && !bullet(lines[at]) {
			at++
		}
		for at < len(lines) && strings.TrimSpace(lines[at]) != "" && (bullet(lines[at]) || lines[at][0] == ' ' || lines[at][0] == '\t') {
			at++
		}
	}
	var b strings.Builder
	b.WriteString(ended(strings.Join(lines[:at], "")))
	mark := "- "
	if listed {
		mark = lines[at-1][:1] + " "
		if !bullet(lines[at-1]) {
			mark = "- "
		}
	} else if at < len(lines) && strings.TrimSpace(lines[at]) == "" {
		b.WriteString(lines[at])
		at++
	}
	for _, w := range texts {
		b.WriteString(mark + w + end)
	}
	if !listed {
		b.WriteString(end)
	}
	b.WriteString(strings.Join(lines[at:], ""))
	return b.String()
}

// bullet says whether a line begins a wording.
func bullet(line string) bool {
	return len(line) > 1 && strings.ContainsRune("-*+", rune(line[0])) && (line[1] == ' ' || line[1] == '\t')
}
