package i18n

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"parley/botscripts/yamlfile"
)

// Problem is one thing wrong with a file of texts.
type Problem = yamlfile.Problem

// Limits of one language.
const (
	maxText  = 4000 // bytes
	maxTexts = 5000
	maxDepth = 8
)

// These are never written.
var (
	segmentPattern  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,60}$`)
	languagePattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

// Catalog is the texts of all languages. It is immutable.
type Catalog struct {
	languages map[string]map[string]*message // by language and key
	keys      []string                       // of all languages, sorted
}

// message is one text, or its plural forms.
type message struct {
	file  string
	line  int
	forms map[string][]part // "" when it does not depend on a count
}

// part is words, or a placeholder.
type part struct{ words, name string }

// IsFile tells whether the path is a file of texts.
func IsFile(path string) bool {
	return strings.HasPrefix(path, "i18n/") && strings.HasSuffix(path, ".yaml")
}

// Language is the language of a file of texts: "de" of i18n/de.yaml and of
// i18n/de/orders.yaml.
func Language(path string) string {
	name := strings.TrimSuffix(strings.TrimPrefix(path, "i18n/"), ".yaml")
	name, _, _ = strings.Cut(name, "/")
	return name
}

// Load reads the files of texts among files. Broken texts are left out and
// told as problems, by file and line.
func Load(files map[string]string) (*Catalog, []Problem) {
	c := &Catalog{languages: map[string]map[string]*message{}}
	var problems []Problem
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if !IsFile(path) {
			continue
		}
		r := &parser{Reader: yamlfile.Reader{File: path}, texts: map[string]*message{}}
		r.read(files[path])
		language := Language(path)
		if !languagePattern.MatchString(language) {
			r.Problem(1, "%q is not a language; name the file i18n/en.yaml or i18n/pt-BR.yaml", language)
		}
		all := c.languages[language]
		if all == nil {
			all = map[string]*message{}
			c.languages[language] = all
		}
		for _, key := range slices.Sorted(maps.Keys(r.texts)) {
			m := r.texts[key]
			if other, twice := all[key]; twice {
				r.Problem(m.line, "the text %q is already in %s, line %d", key, other.file, other.line)
				continue
			}
			all[key] = m
		}
		if len(all) > maxTexts {
			r.Problem(1, "the language %s has more than %d texts", language, maxTexts)
		}
		problems = append(problems, r.Problems...)
	}
	c.collectKeys()
	return c, problems
}

// parser reads one file.
type parser struct {
	yamlfile.Reader
	texts map[string]*message
}

func (p *parser) read(source string) {
	root, ok := p.Parse([]byte(source))
	if ok {
		p.section("", root, 1)
	}
}

// section reads the keys below one key.
func (p *parser) section(prefix string, n yamlfile.Node, depth int) {
	if depth > maxDepth {
		p.Problem(n.Line, "%s is nested more than %d keys deep", n.Name, maxDepth)
		return
	}
	for _, f := range p.Fields(n) {
		key, usable := prefix, true
		for segment := range strings.SplitSeq(f.Key, ".") {
			if !segmentPattern.MatchString(segment) {
				p.Problem(f.Line, "%q is not a key; use letters, digits, _ and -, with dots between", f.Key)
				usable = false
				break
			}
			if key != "" {
				key += "."
			}
			key += segment
		}
		switch {
		case !usable:
		case yamlfile.IsBraced(f.Node):
			p.Problem(f.Line, "%s: a text that begins with { is written in quotes", key)
		case yamlfile.IsMapping(f.Node):
			p.section(key, f.Node, depth+1)
		default:
			p.text(key, f)
		}
	}
	if prefix == "" {
		p.plurals()
	}
}

func (p *parser) text(key string, f yamlfile.Field) {
	s, ok := p.Text(f.Node)
	if !ok {
		return
	}
	s = strings.TrimSpace(s)
	if len(s) > maxText {
		p.Problem(f.Line, "%s is longer than %d bytes", key, maxText)
		return
	}
	parts, err := parseText(s)
	if err != nil {
		p.Problem(f.Line, "%s: %v", key, err)
		return
	}
	if first, twice := p.texts[key]; twice {
		p.Problem(f.Line, "%s is given twice, first on line %d", key, first.line)
		return
	}
	p.texts[key] = &message{file: p.File, line: f.Line, forms: map[string][]part{"": parts}}
}

// plurals folds cart.one and cart.other into the text cart.
func (p *parser) plurals() {
	groups := map[string][]string{}
	for _, key := range slices.Sorted(maps.Keys(p.texts)) {
		if dot := strings.LastIndexByte(key, '.'); dot > 0 {
			groups[key[:dot]] = append(groups[key[:dot]], key[dot+1:])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		forms := groups[key]
		if slices.ContainsFunc(forms, func(s string) bool { return !isForm(s) }) {
			continue
		}
		if !slices.Contains(forms, "other") {
			p.Problem(p.texts[key+"."+forms[0]].line, "%s has the plural form %s and lacks other, which every count may need", key, strings.Join(forms, ", "))
			continue
		}
		m := &message{file: p.File, forms: map[string][]part{}}
		for _, form := range forms {
			one := p.texts[key+"."+form]
			m.forms[form] = one.forms[""]
			if m.line == 0 || one.line < m.line {
				m.line = one.line
			}
			delete(p.texts, key+"."+form)
		}
		if _, both := p.texts[key]; both {
			p.Problem(m.line, "%s is both a text and has plural forms", key)
			continue
		}
		p.texts[key] = m
	}
}

// parseText splits a text at its placeholders.
func parseText(s string) ([]part, error) {
	var parts []part
	var words strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case (c == '{' || c == '}') && i+1 < len(s) && s[i+1] == c:
			words.WriteByte(c)
			i++
		case c == '}':
			return nil, fmt.Errorf("a } has no {; write }} for a brace")
		case c == '{':
			end := strings.IndexByte(s[i:], '}')
			if end < 0 || !segmentPattern.MatchString(s[i+1:i+end]) {
				return nil, fmt.Errorf("a placeholder is written {name}, with letters, digits and _; write {{ for a brace")
			}
			if words.Len() > 0 {
				parts = append(parts, part{words: words.String()})
				words.Reset()
			}
			parts = append(parts, part{name: s[i+1 : i+end]})
			i += end
		default:
			words.WriteByte(c)
		}
	}
	if words.Len() > 0 {
		parts = append(parts, part{words: words.String()})
	}
	return parts, nil
}
