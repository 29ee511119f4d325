package i18n

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Languages that have texts, sorted.
func (c *Catalog) Languages() []string { return slices.Sorted(maps.Keys(c.languages)) }

// Keys that some language has, sorted. The caller must not change them.
func (c *Catalog) Keys() []string { return c.keys }

func (c *Catalog) collectKeys() {
	all := map[string]bool{}
	for _, texts := range c.languages {
		for key := range texts {
			all[key] = true
		}
	}
	c.keys = slices.Sorted(maps.Keys(all))
}

// Has tells whether there is a text for the key in the language or in the
// fallback.
func (c *Catalog) Has(language, fallback, key string) bool {
	_, _, ok := c.find(language, fallback, key)
	return ok
}

// find looks in "de-AT", in "de", and then in the same way in the fallback.
func (c *Catalog) find(language, fallback, key string) (*message, string, bool) {
	for _, tag := range [...]string{language, fallback} {
		for _, tag := range [...]string{tag, base(tag)} {
			if m, ok := c.languages[tag][key]; ok {
				return m, tag, true
			}
		}
	}
	return nil, "", false
}

// Text is the text of the key in the language, or else in the fallback, with
// the placeholders filled in. count chooses the plural form; it is looked at
// only when the text has some. Errors tell what the author did wrong: an
// unknown key, no count, a placeholder without a value.
func (c *Catalog) Text(language, fallback, key string, vars map[string]string, count *float64) (string, error) {
	m, tag, ok := c.find(language, fallback, key)
	if !ok {
		return "", fmt.Errorf("there is no text %q%s", key, c.sections(key))
	}
	parts, plain := m.forms[""]
	if !plain {
		if count == nil {
			return "", fmt.Errorf("the text %q has plural forms and needs a count", key)
		}
		parts = m.form(tag, *count)
	}
	var b strings.Builder
	for _, p := range parts {
		value, given := vars[p.name]
		switch {
		case p.name == "":
			b.WriteString(p.words)
		case !given:
			return "", fmt.Errorf("the text %q needs a value for {%s}", key, p.name)
		default:
			b.WriteString(value)
		}
		if b.Len() > maxWritten {
			return "", errTooLong
		}
	}
	return b.String(), nil
}

// maxWritten bounds a text with its values.
const maxWritten = 64 << 10

var errTooLong = errors.New("the text with its values is longer than 64 KiB")

func (m *message) form(language string, count float64) []part {
	if parts, ok := m.forms["zero"]; ok && count == 0 {
		return parts
	}
	if parts, ok := m.forms[Plural(language, count)]; ok {
		return parts
	}
	return m.forms["other"]
}

// sections helps an author who named a group of texts.
func (c *Catalog) sections(key string) string {
	first, _ := slices.BinarySearch(c.keys, key+".")
	end := first
	for end < len(c.keys) && end < first+5 && strings.HasPrefix(c.keys[end], key+".") {
		end++
	}
	if end == first {
		return ""
	}
	return "; there are " + strings.Join(c.keys[first:end], ", ")
}

// Check compares every language with the brand's first one: texts that one of them lacks, and placeholders that
// differ, are problems. A variant such as de-AT may lack what de has.
func (c *Catalog) Check(first string) []Problem {
	reference, ok := c.languages[first]
	if !ok {
		reference, ok = c.languages[base(first)]
	}
	var problems []Problem
	for _, language := range c.Languages() {
		texts := c.languages[language]
		if language == first || (language == base(first) && c.languages[first] == nil) {
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			m := texts[key]
			want, known := reference[key]
			problem := ""
			switch {
			case !ok:
				problem = fmt.Sprintf("there are no texts in %s, the first of the brand's languages", first)
			case !known:
				problem = fmt.Sprintf("%s is not in %s, the first of the brand's languages", key, first)
			case (m.forms[""] == nil) != (want.forms[""] == nil):
				problem = fmt.Sprintf("%s has plural forms in only one of %s and %s", key, language, first)
			default:
				problem = differ(key, first, m.placeholders(), want.placeholders())
			}
			if problem != "" {
				problems = append(problems, Problem{File: m.file, Line: m.line, Message: problem})
			}
			if !ok {
				break
			}
		}
		for _, key := range slices.Sorted(maps.Keys(reference)) {
			if len(texts) > 0 && texts[key] == nil && c.languages[base(language)][key] == nil {
				problems = append(problems, Problem{File: fileOf(language, texts), Line: 1,
					Message: fmt.Sprintf("%s is missing; %s has it in %s, line %d", key, first, reference[key].file, reference[key].line)})
			}
		}
	}
	return problems
}

// fileOf is where a language's texts are.
func fileOf(language string, texts map[string]*message) string {
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		return texts[key].file
	}
	return "i18n/" + language + ".yaml"
}

func differ(key, first string, got, want []string) string {
	for _, name := range got {
		if !slices.Contains(want, name) {
			return fmt.Sprintf("%s has the placeholder {%s}, which it has not in %s", key, name, first)
		}
	}
	for _, name := range want {
		if !slices.Contains(got, name) {
			return fmt.Sprintf("%s lacks the placeholder {%s}, which it has in %s", key, name, first)
		}
	}
	return ""
}

// placeholders of all forms, sorted. The count is no matter: "one bike" may go
// without it.
func (m *message) placeholders() []string {
	var names []string
	for _, parts := range m.forms {
		for _, p := range parts {
			if p.name != "" && (p.name != "count" || m.forms[""] != nil) && !slices.Contains(names, p.name) {
				names = append(names, p.name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// base reduces "de-AT" to "de".
func base(language string) string {
	language, _, _ = strings.Cut(language, "-")
	return strings.ToLower(language)
}
