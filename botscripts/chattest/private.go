package chattest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// mask replaces personal data by made-up values, the same value by the same one
// everywhere.
type mask struct {
	known  []known // longest first
	made   map[string]string
	counts map[string]int
	agents map[string]string
	// scripts are the brand's own: a number that stands in them is nobody's, and
	// the bots would not know what it was replaced by.
	scripts []string
}

// known is a text that is personal wherever it stands as a word of its own.
type known struct{ text, fake string }

func newMask() *mask {
	return &mask{made: map[string]string{}, counts: map[string]int{}, agents: map[string]string{}}
}

// own says whether a number stands in the brand's scripts.
func (m *mask) own(number string) bool {
	return slices.ContainsFunc(m.scripts, func(s string) bool { return strings.Contains(s, number) })
}

// These are never written. What they find is replaced in this order.
var (
	emails  = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
	streets = regexp.MustCompile(`\b\p{Lu}[\p{L}-]*(?:straße|strasse|str\.|weg|platz|gasse|allee)\s*\d{1,4}[a-z]?\b|\b\d{1,5}\s+(?:\p{Lu}\p{Ll}+\s+){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd)\b`)
	phones  = regexp.MustCompile(`(?:\+|\b0)\d[\d \t()./-]{5,18}\d\b`)
	dates   = regexp.MustCompile(`\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{2,4}`)
	digits  = regexp.MustCompile(`\d{5,}`)
	number  = regexp.MustCompile(`\d+`)
)

// personal says whether a JSON field of this name holds personal data.
func personal(key string) bool {
	switch strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(key)) {
	case "name", "firstname", "lastname", "fullname", "surname", "familyname", "givenname", "customername", "street", "address", "addressline1",
		"addressline2", "city", "town", "zip", "zipcode", "postcode", "postalcode", "birthday", "birthdate", "dateofbirth", "iban", "passport":
		return true
	}
	return false
}

// know makes a text personal wherever it stands. kind names the made-up value.
func (m *mask) know(kind, text string) {
	text = strings.TrimSpace(text)
	if len([]rune(text)) < 2 || slices.ContainsFunc(m.known, func(k known) bool { return k.text == text }) {
		return
	}
	m.counts[kind]++
	fake := fmt.Sprintf("%s%d", kind, m.counts[kind])
	if kind == "Name" {
		names := []string{"Robin", "Alex", "Sam", "Charlie", "Jamie", "Toni", "Kay", "Nico"}
		fake = names[(m.counts[kind]-1)%len(names)]
		if round := (m.counts[kind] - 1) / len(names); round > 0 {
			fake += fmt.Sprint(round + 1)
		}
	}
	m.known = append(m.known, known{text, fake})
	slices.SortStableFunc(m.known, func(a, b known) int { return len(b.text) - len(a.text) })
}

// knowName makes a person's name personal, and each part of it.
func (m *mask) knowName(name string) {
	parts := strings.Fields(name)
	for _, part := range parts {
		if len([]rune(part)) > 2 {
			m.know("Name", part)
		}
	}
	if len(parts) == 1 {
		m.know("Name", name)
	}
}

// learn finds personal fields in JSON.
func (m *mask) learn(raw []byte) {
	var v any
	if json.Unmarshal(raw, &v) == nil {
		m.walk("", "", v)
	}
}

// person says whether a JSON object of this name is a person: things have names, too.
func person(key string) bool {
	key = strings.ToLower(key)
	for _, who := range []string{"customer", "consumer", "user", "person", "contact", "recipient", "patient", "guest", "client", "member", "passenger", "buyer", "owner", "billing", "shipping"} {
		if strings.Contains(key, who) {
			return true
		}
	}
	return false
}

func (m *mask) walk(parent, key string, v any) {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			m.walk(key, k, v[k])
		}
	case []any:
		for _, item := range v {
			m.walk(parent, key, item)
		}
	case string:
		switch {
		case !personal(key) || key == "name" && !person(parent) || digits.MatchString(v) || emails.MatchString(v):
		case strings.Contains(strings.ToLower(key), "name"):
			m.knowName(v)
		default:
			m.know("Place", v)
		}
	}
}

// text replaces what is personal in a text.
func (m *mask) text(s string) string {
	if s == "" {
		return s
	}
	for _, k := range m.known {
		s = replaceWord(s, k.text, k.fake)
	}
	s = emails.ReplaceAllStringFunc(s, func(v string) string {
		if strings.HasSuffix(v, "@mail.example") {
			return v
		}
		return m.fake("email", strings.ToLower(v), func(n int) string { return fmt.Sprintf("person%d@mail.example", n) })
	})
	s = streets.ReplaceAllStringFunc(s, func(v string) string {
		return m.fake("street", v, func(n int) string { return fmt.Sprintf("Sample Street %d", n) })
	})
	s = phones.ReplaceAllStringFunc(s, func(v string) string {
		if dates.MatchString(v) {
			return v
		}
		plain := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r == '+' {
				return r
			}
			return -1
		}, v)
		if m.own(v) {
			return v
		}
		return m.fake("digits", plain, func(n int) string { return scramble(plain, n) })
	})
	return digits.ReplaceAllStringFunc(s, func(v string) string {
		if m.own(v) {
			return v
		}
		return m.fake("digits", v, func(n int) string { return scramble(v, n) })
	})
}

// fake makes a value once. What was made up is not replaced again.
func (m *mask) fake(kind, v string, make func(n int) string) string {
	if m.isFake(v) {
		return v
	}
	key := kind + ":" + v
	if got, ok := m.made[key]; ok {
		return got
	}
	for {
		m.counts[kind]++
		got := make(m.counts[kind])
		if _, taken := m.made["fake:"+got]; !taken && got != v {
			m.made[key], m.made["fake:"+got] = got, v
			return got
		}
	}
}

func (m *mask) isFake(v string) bool {
	_, ok := m.made["fake:"+v]
	return ok
}

// scramble makes digits of the same length, led by what is no digit. The first
// stays what it is: zero or not.
func scramble(v string, n int) string {
	out := []byte(v)
	state := uint64(n) * 0x9E3779B97F4A7C15
	first := true
	for i, c := range out {
		if c < '0' || c > '9' {
			continue
		}
		state ^= state >> 29
		state *= 0xBF58476D1CE4E5B9
		switch {
		case !first:
			out[i] = '0' + byte(state>>33%10)
		case c != '0':
			out[i] = '1' + byte(state>>33%9)
		}
		first = false
	}
	return string(out)
}

// replaceWord replaces a text where it is not a part of a longer word.
func replaceWord(s, old, with string) string {
	var out strings.Builder
	for {
		i := strings.Index(s, old)
		if i < 0 {
			out.WriteString(s)
			return out.String()
		}
		end := i + len(old)
		whole := !letterBefore(s[:i]) && !letterAfter(s[end:])
		out.WriteString(s[:i])
		if whole {
			out.WriteString(with)
		} else {
			out.WriteString(old)
		}
		s = s[end:]
	}
}

// knowAgent makes an agent's name personal, and each part of it.
func (m *mask) knowAgent(name string) {
	fake := m.agent(name)
	for _, text := range append(strings.Fields(name), name) {
		if len([]rune(text)) > 2 && !slices.ContainsFunc(m.known, func(k known) bool { return k.text == text }) {
			m.known = append(m.known, known{text, fake})
		}
	}
	slices.SortStableFunc(m.known, func(a, b known) int { return len(b.text) - len(a.text) })
}

// agent gives an agent's made-up name.
func (m *mask) agent(name string) string {
	if name == "" {
		return ""
	}
	if _, ok := m.agents[name]; !ok {
		m.agents[name] = fmt.Sprintf("Agent%d", len(m.agents)+1)
	}
	return m.agents[name]
}
