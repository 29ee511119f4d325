package slots

import (
	"regexp"
	"sort"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"
)

var (
	address    = regexp.MustCompile(`[^\s<>()\[\],;:"@]+(?:@|\s?[(\[]\s?(?i:at|arroba|arobase)\s?[)\]]\s?)[^\s<>()\[\],;:"@]+(?:\s?[(\[]\s?(?i:dot|punkt|punto|point)\s?[)\]]\s?[^\s<>()\[\],;:"@]+)*`)
	spelledAt  = regexp.MustCompile(`(?i)\s*[(\[]\s*(?:at|arroba|arobase)\s*[)\]]\s*`)
	spelledDot = regexp.MustCompile(`(?i)\s*[(\[]\s*(?:dot|punkt|punto|point)\s*[)\]]\s*`)
	extension  = regexp.MustCompile(`^[ ,;(]*(?i:x|ext|extension|extensi[oó]n|durchwahl|dw|poste|anexo|interno|int|#)[ .:]*\d`)
	dialled    = regexp.MustCompile(`[+(]{0,2}\d[\d ()./\x{2013}-]{3,28}\d`)
	american   = regexp.MustCompile(`^1[-. ]\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}$`)
	link       = regexp.MustCompile(`(?i)\b(?:https?://|www\.)\S+`)
)

const mostDialled = 8 // candidates that are tried; each costs microseconds

// markSpans finds what is not made of words: addresses, links, telephone numbers
// and references.
func (s *scan) markSpans() {
	s.emails()
	if strings.Contains(s.text, "://") || strings.Contains(strings.ToLower(s.text), "www.") {
		for _, at := range link.FindAllStringIndex(s.text, maxSlots) {
			s.span(Slot{Start: at[0], End: at[1]}) // hides its digits
		}
	}
	s.references()
	s.phones()
	sort.SliceStable(s.spans, func(i, j int) bool { return s.spans[i].Start < s.spans[j].Start })
}

// span adds what was found unless something stands there.
func (s *scan) span(slot Slot) {
	for _, other := range s.spans {
		if slot.Start < other.End && other.Start < slot.End {
			return
		}
	}
	slot.Text = s.text[slot.Start:slot.End]
	s.spans = append(s.spans, slot)
}

// spanAt passes a span that covers token i and reports it once.
func (s *scan) spanAt(i int) (next int, taken bool) {
	for s.nextSpan < len(s.spans) && s.spans[s.nextSpan].End <= s.tokens[i].start {
		s.nextSpan++
	}
	if s.nextSpan >= len(s.spans) {
		return i, false
	}
	slot := s.spans[s.nextSpan]
	if s.tokens[i].end <= slot.Start {
		return i, false
	}
	s.nextSpan++
	if slot.Kind != "" && s.wants(slot.Kind) {
		s.found = append(s.found, slot)
	}
	for next = i; next < len(s.tokens) && s.tokens[next].start < slot.End; next++ {
	}
	return next, true
}

func (s *scan) emails() {
	if !strings.ContainsAny(s.text, "@([") {
		return
	}
	for _, at := range address.FindAllStringIndex(s.text, maxSlots) {
		raw := s.text[at[0]:at[1]]
		left := len(raw) - len(strings.TrimLeft(raw, ".!?'’*_"))
		raw = strings.Trim(raw, ".!?'’*_")
		value := spelledDot.ReplaceAllString(spelledAt.ReplaceAllString(raw, "@"), ".")
		value = strings.ToLower(norm.NFKC.String(strings.ToValidUTF8(value, " ")))
		if isAddress(value) {
			s.span(Slot{Kind: Email, Start: at[0] + left, End: at[0] + left + len(raw), Value: value})
		}
	}
}

func isAddress(a string) bool {
	local, domain, _ := strings.Cut(a, "@")
	if local == "" || len(local) > 64 || len(a) > 254 || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return false
	}
	for _, c := range local {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~.", c) {
			return false
		}
	}
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		for _, c := range label {
			if !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.Is(unicode.Mn, c) && c != '-' {
				return false
			}
		}
	}
	top := labels[len(labels)-1]
	return len(labels) > 1 && len(top) > 1 && strings.Trim(top, "0123456789") != ""
}

// phones finds telephone numbers: international ones, and those of the country
// with its trunk prefix, where it has one.
func (s *scan) phones() {
	if !s.wants(Phone) {
		return
	}
	for n, at := range dialled.FindAllStringIndex(s.text, mostDialled) {
		if n >= mostDialled {
			return
		}
		run := strings.ReplaceAll(s.text[at[0]:at[1]], "–", "-")
		if at[0] > 0 && (isWordByte(s.text[at[0]-1]) || s.text[at[0]-1] == '#') || at[1] < len(s.text) && isWordByte(s.text[at[1]]) {
			continue
		}
		if extension.MatchString(s.text[at[1]:]) {
			continue // nobody is reached without it
		}
		if value, ok := s.e164(run); ok {
			s.span(Slot{Kind: Phone, Start: at[0], End: at[1], Value: value})
		} else if value, ok := s.undialled(run); ok {
			s.span(Slot{Kind: Phone, Start: at[0], End: at[1], Value: value, Assumed: true})
		}
	}
}

func isWordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func (s *scan) e164(run string) (string, bool) {
	run = strings.TrimLeft(run, "(")
	if rest, ok := strings.CutPrefix(run, "00"); ok {
		run = "+" + rest
	} else if s.country == "" && s.v.language == "en" && american.MatchString(run) {
		run = "+" + run // no other country dials so
	}
	region := s.country
	if digits := len(onlyDigits(run)); digits < 5 || digits > 15 || region == "" && run[0] != '+' {
		return "", false
	}
	if run[0] != '+' && phonenumbers.GetNddPrefixForRegion(region, true) == "0" && !strings.HasPrefix(strings.TrimLeft(run, " "), "0") && !s.whole {
		return "", false
	}
	if region == "" {
		region = "ZZ"
	}
	n, err := phonenumbers.Parse(run, region)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}

// undialled is a national number as an answer, where nobody knows the country: its
// digits, when the answer has no others and they are apart or many. No plan of numbers
// has ones of under seven or over fifteen digits that are dialled from elsewhere
// (ITU-T E.164).
func (s *scan) undialled(run string) (string, bool) {
	digits := onlyDigits(run)
	switch {
	case !s.whole, s.country != "", run[0] == '+', strings.HasPrefix(run, "00"), len(digits) < 7, len(digits) > 15, len(onlyDigits(s.text)) > len(digits):
		return "", false
	}
	return digits, len(digits) > 8 || len(digits) < len(run) || len(s.tokens) == 1
}

func onlyDigits(text string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, text)
}
