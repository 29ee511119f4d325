package chattest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"
)

// mask replaces personal data by made-up values, the same value by the same one
// everywhere.
type mask struct {
	known []known           // longest first
	names map[string]string // the made-up name of each word of a name, by the word in small letters
	words map[string]bool   // those of the brand's files
	// nationals are the numbers that telephones have within their country.
	nationals map[string]string
	regions   []string // where a number without its country may be from, the likeliest first
	made      map[string]string
	counts    map[string]int
	agents    map[string]string
	// scripts are the brand's own files: a number that stands in them is nobody's, and
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
	emails  = regexp.MustCompile(`[\p{L}\p{N}._%+'-]*[\p{L}\p{N}_+-]@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)
	streets = regexp.MustCompile(`\b\p{Lu}[\p{L}-]*(?:straße|strasse|str\.|weg|platz|gasse|allee)\s*\d{1,4}[a-z]?\b|\b\d{1,5}\s+(?:\p{Lu}\p{Ll}+\s+){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd)\b`)
	ibans   = regexp.MustCompile(`\b(?:[A-Za-z]{2}|[A-Z]{2}[ _-])\d{2}(?:[\s._/-]{0,3}[A-Za-z0-9]){11,30}\b`)
	// wrongIBAN is one whose check digits are wrong: letters only at its beginning.
	wrongIBAN     = regexp.MustCompile(`(?i)^[a-z]{2}\d{2}[\s._/-]{0,3}(?:[a-z]{4})?(?:[\s._/-]{0,3}\d){7,26}`)
	international = regexp.MustCompile(`(?:\+|\b00)[1-9][\d \t()./-]{5,20}\d\b`)
	cards         = regexp.MustCompile(`\+?\b\d(?:[\s._/-]{0,3}\d){12,18}\b`)
	phones        = regexp.MustCompile(`\(?\b0\d[\d \t()./-]{5,18}\d\b`)
	groups        = regexp.MustCompile(`\(?\b\d{1,5}\)?(?:[ \t./-]{1,2}\d{2,})+\b`)
	groupOf       = regexp.MustCompile(`^[+(]?\d{5,}|^.*\d`)
	encoded       = regexp.MustCompile(`[^\s/?&=#"'<>{}]*%[0-9A-Fa-f]{2}[^\s/?&=#"'<>{}]*`)
	oddBlanks     = regexp.MustCompile(`(\d)[\x{a0}\x{2000}-\x{200d}\x{202f}\x{2060}\x{3000}\x{feff}]`)
	oddDashes     = regexp.MustCompile(`(\d)[\x{2010}-\x{2015}]`)
	escapedRune   = regexp.MustCompile(`\\u[0-9a-fA-F]{4}`)
	dates         = regexp.MustCompile(`\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{2,4}`)
	fullDates     = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d\b`)
	digits        = regexp.MustCompile(`\d{5,}`)
	number        = regexp.MustCompile(`\d+`)
)

// personal says whether a JSON field of this name holds personal data.
func personal(key string) bool {
	switch strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(key)) {
	case "kundenname", "vorname", "nachname", "nombre", "apellido", "apellidos", "nom", "prenom", "prénom", "strasse", "straße", "anschrift", "ort", "plz", "calle", "direccion", "dirección",
		"ciudad", "rue", "adresse", "ville", "geburtsdatum", "cardholder", "accountholder", "holder", "contactname", "recipientname", "displayname", "nickname",
		"name", "firstname", "lastname", "fullname", "surname", "familyname", "givenname", "customername", "street", "address", "addressline1",
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
	m.knowAs(text, fmt.Sprintf("%s%d", kind, m.counts[kind]))
}

func (m *mask) knowAs(text, fake string) {
	text = norm.NFC.String(text)
	if slices.ContainsFunc(m.known, func(k known) bool { return k.text == text }) {
		return
	}
	m.known = append(m.known, known{text, fake})
	slices.SortStableFunc(m.known, func(a, b known) int { return len(b.text) - len(a.text) })
}

// nameFor gives a word of a name its made-up one.
func (m *mask) nameFor(lower string) string {
	if m.names == nil {
		m.names = map[string]string{}
	}
	if _, ok := m.names[lower]; !ok {
		names := []string{"Robin", "Alex", "Sam", "Charlie", "Jamie", "Toni", "Kay", "Nico"}
		n := len(m.names)
		m.names[lower] = names[n%len(names)]
		if round := n / len(names); round > 0 {
			m.names[lower] += fmt.Sprint(round + 1)
		}
	}
	return m.names[lower]
}

// knowName makes a person's name personal, and each part of it.
func (m *mask) knowName(name string) {
	parts := strings.Fields(name)
	for _, part := range parts {
		if len([]rune(part)) > 2 && !isParticle(part) || len(parts) == 1 && len([]rune(part)) == 2 {
			m.knowWord(part)
		}
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
	people := []string{"customer", "consumer", "user", "person", "contact", "recipient", "patient", "guest", "client", "member", "passenger", "buyer", "owner", "billing", "shipping"}
	return slices.ContainsFunc(people, func(who string) bool { return strings.Contains(strings.ToLower(key), who) })
}

func (m *mask) walk(parent, key string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
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
	s = plainDigits(escapedRune.ReplaceAllStringFunc(norm.NFC.String(s), unescaped))
	p := pieces{{text: s}}
	p = p.each(emails, func(v string) (string, int) {
		if strings.HasSuffix(v, "@mail.example") || m.own(v) {
			return v, len(v)
		}
		return m.fake("email", strings.ToLower(v), func(n int) string { return fmt.Sprintf("person%d@mail.example", n) }), len(v)
	})
	p = p.each(encoded, m.decoded)
	for _, k := range m.known {
		p = p.word(k.text, k.fake)
	}
	p = p.each(ibans, m.iban)
	p = p.each(fullDates, func(v string) (string, int) { return v, len(v) })
	p = p.each(cards, m.card)
	p = p.each(international, m.called)
	p = p.each(groups, m.called)
	p = p.each(dates, func(v string) (string, int) { return v, len(v) })
	p = p.each(streets, func(v string) (string, int) {
		return m.fake("street", v, func(n int) string { return fmt.Sprintf("Sample Street %d", n) }), len(v)
	})
	p = p.each(international, m.phone)
	p = p.each(phones, m.phone)
	p = p.each(groups, m.group)
	p = p.each(digits, m.number)
	return p.String()
}

// cuts are the ends at which a run of digits may be over, the longest first.
func cuts(v string) []int {
	out := []int{len(v)}
	for i := len(v) - 1; i > 0; i-- {
		if strings.IndexByte(" \t\r\n()._-/", v[i]) >= 0 && v[i-1] >= '0' && v[i-1] <= '9' {
			out = append(out, i)
		}
	}
	return out
}

func (m *mask) iban(v string) (string, int) {
	plain := func(s string) string { return strings.ToUpper(alphanumeric(s)) }
	stand := func(s string) string {
		return ibanWritten(s, m.fake("iban", plain(s), func(n int) string { return ibanLike(plain(s), n) }))
	}
	for end := len(v); end > 0; end-- {
		if !m.own(v[:end]) && isIBAN(plain(v[:end])) && strings.TrimRight(v[:end], " \t\r\n._/-") == v[:end] {
			return stand(v[:end]), end
		}
	}
	// One with a mistake: two letters and mostly digits.
	if at := wrongIBAN.FindString(v); len(plain(at)) >= 15 {
		return stand(at), len(at)
	}
	return "", 0
}

func (m *mask) card(v string) (string, int) {
	if v[0] == '+' {
		return "", 0
	}
	for _, end := range cuts(v) {
		if plain := justDigits(v[:end]); isCard(plain) && !m.own(v[:end]) {
			return written(v[:end], m.fake("card", plain, func(n int) string { return cardLike(plain, n) })), end
		}
	}
	return "", 0
}

// reads gives the telephone number that a text means.
func (m *mask) reads(v string) (e164, national string) {
	if plain := justDigits(v); strings.HasPrefix(v, "+") || strings.HasPrefix(plain, "00") {
		return aPhone("+"+strings.TrimPrefix(plain, "00"), "ZZ")
	}
	plain := strings.TrimLeft(justDigits(v), "0")
	if known, ok := m.nationals[plain]; ok {
		return known, plain
	}
	for _, region := range m.regions {
		if phonenumbers.GetNddPrefixForRegion(region, true) == "0" && !strings.HasPrefix(strings.TrimLeft(v, "("), "0") {
			continue // it would be said with one
		}
		if e164, national = aPhone(v, region); e164 != "" {
			return e164, national
		}
	}
	return "", ""
}

// called replaces a telephone number that exists.
func (m *mask) called(v string) (string, int) {
	for _, end := range cuts(v) {
		if n := len(justDigits(v[:end])); n < 8 {
			break
		}
		if out, ok := m.callable(v[:end]); ok {
			return out, end
		}
	}
	return "", 0
}

// phone replaces what looks like a telephone number.
func (m *mask) phone(v string) (string, int) {
	if out, n := m.called(v); n > 0 {
		return out, n
	}
	end := len(v)
	if at := groupOf.FindStringIndex(v); at != nil { // what follows after a long group is something else
		end = at[1]
	}
	return m.scrambled(v[:end]), end
}

// callable replaces a number that exists by another one.
func (m *mask) callable(v string) (string, bool) {
	e164, national := m.reads(v)
	if e164 == "" || !strings.HasSuffix(justDigits(v), national) {
		return "", false
	}
	if m.own(v) {
		return v, true
	}
	if m.nationals == nil {
		m.nationals = map[string]string{}
	}
	made := m.fake("phone", e164, func(n int) string { return cmp.Or(phoneLike(e164, n), scramble(e164, n)) })
	m.nationals[national] = e164
	if _, other := aPhone(made, "ZZ"); other != "" {
		m.nationals[other] = made // is not replaced again
	}
	return written(v, made[len(made)-len(national):]), true
}

// group replaces a long number that is written in groups.
func (m *mask) group(v string) (string, int) {
	parts := strings.FieldsFunc(v, func(r rune) bool { return r < '0' || r > '9' })
	if !slices.ContainsFunc(parts, func(s string) bool { return len(s) < 5 }) {
		return "", 0 // several numbers
	}
	if len(justDigits(v)) < 9 {
		return "", 0
	}
	return m.scrambled(v), len(v)
}

func (m *mask) scrambled(v string) string {
	if m.own(v) || m.own(justDigits(v)) {
		return v
	}
	plain := justDigits(v)
	return written(v, m.fake("digits", plain, func(n int) string {
		made := scramble(plain, n)
		for i := 1; isCard(made) && i < 50; i++ {
			made = scramble(plain, n+i*1_000_003)
		}
		return made
	}))
}

// number replaces a number without blanks.
func (m *mask) number(v string) (string, int) {
	if out, n := m.card(v); n > 0 {
		return out, n
	}
	if _, ok := m.nationals[strings.TrimLeft(v, "0")]; ok || len(v) >= 10 && m.isKnownPhone("+"+v) {
		if len(v) >= 10 && m.isKnownPhone("+"+v) {
			if out, ok := m.callable("+" + v); ok {
				return out[1:], len(v)
			}
		}
		if out, ok := m.callable(v); ok {
			return out, len(v)
		}
	}
	return m.scrambled(v), len(v)
}

func (m *mask) isKnownPhone(e164 string) bool {
	_, ok := m.made["phone:"+e164]
	return ok || m.isFake(e164)
}

// decoded replaces in what an address holds in escaped form.
func (m *mask) decoded(v string) (string, int) {
	plain, err := url.QueryUnescape(v)
	if err != nil || plain == v || m.own(v) {
		return "", 0
	}
	masked := m.text(plain)
	if masked == plain {
		return v, len(v)
	}
	out := url.QueryEscape(masked)
	if !strings.Contains(v, "+") {
		out = strings.ReplaceAll(out, "+", "%20")
	}
	return out, len(v)
}

// unescaped is a letter that JSON writes as \u00e9.
func unescaped(v string) string {
	n, err := strconv.ParseUint(v[2:], 16, 32)
	if r := rune(n); err == nil && unicode.IsLetter(r) {
		return string(r)
	}
	return v
}

// hear finds the telephone numbers of a text, so that one is the same in all
// its ways of writing, wherever it comes first.
func (m *mask) hear(text string) {
	text = plainDigits(text)
	for _, find := range []*regexp.Regexp{international, groups, phones} {
		for _, v := range find.FindAllString(fullDates.ReplaceAllString(text, ","), -1) {
			if !isCard(justDigits(v)) {
				m.called(v)
			}
		}
	}
}

// piece is a part of a text; one that is done is not looked at again.
type piece struct {
	text string
	done bool
}

type pieces []piece

func (p pieces) String() string {
	var out strings.Builder
	for _, part := range p {
		out.WriteString(part.text)
	}
	return out.String()
}

// each replaces what is found. fn gives the replacement and how much of the
// found text it stands for; none leaves all as it is.
func (p pieces) each(find *regexp.Regexp, fn func(v string) (string, int)) pieces {
	return p.replace(func(rest string) (int, int, string) {
		for from := 0; ; {
			at := find.FindStringIndex(rest[from:])
			if at == nil {
				return 0, 0, ""
			}
			start, end := from+at[0], from+at[1]
			if with, used := fn(rest[start:end]); used > 0 {
				return start, start + used, with
			}
			from = end
			if i := strings.IndexFunc(rest[start+1:end], apart); i >= 0 { // it may begin with the next group: "99 4111 1111 …"
				from = start + i + 1
			}
		}
	})
}

// replace puts something else where next says, until it gives no end.
func (p pieces) replace(next func(rest string) (start, end int, with string)) (out pieces) {
	for _, part := range p {
		rest := part.text
		for !part.done {
			start, end, with := next(rest)
			if end == 0 {
				break
			}
			out = append(out, piece{text: rest[:start]}, piece{with, true})
			rest = rest[end:]
		}
		out = append(out, piece{rest, part.done})
	}
	return out
}

// apart says whether a rune parts groups of letters and digits.
func apart(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// plainDigits writes digits of other scripts, and what parts them, as ASCII:
// bots read them alike.
func plainDigits(s string) string {
	s = strings.Map(func(r rune) rune {
		for _, zero := range []rune{'\uff10', '\u0660', '\u06f0', '\u0966'} {
			if r >= zero && r <= zero+9 {
				return '0' + r - zero
			}
		}
		return r
	}, s)
	s = oddBlanks.ReplaceAllString(s, "$1 ")
	return oddDashes.ReplaceAllString(s, "$1-")
}

// word replaces a text where it is not a part of a longer word; an s of the
// genitive may follow.
func (p pieces) word(old, with string) pieces {
	return p.replace(func(rest string) (int, int, string) {
		for from := 0; ; {
			i := strings.Index(rest[from:], old)
			if i < 0 {
				return 0, 0, ""
			}
			start, end := from+i, from+i+len(old)
			after := strings.TrimPrefix(rest[end:], "s")
			if !letterBefore(rest[:start]) && !(letterAfter(rest[end:]) && letterAfter(after)) {
				return start, end, with
			}
			from = end
		}
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

// knowAgent makes an agent's name personal, and each part of it.
func (m *mask) knowAgent(name string) {
	fake := m.agent(name)
	for _, text := range append(strings.Fields(name), name) {
		if len([]rune(text)) > 2 {
			m.knowAs(text, fake)
		}
	}
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

// alphanumeric is what is left without the marks between groups.
func alphanumeric(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
