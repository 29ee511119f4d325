package validate

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	address    = regexp.MustCompile(`[^\s<>()\[\],;:"@]+@[^\s<>()\[\],;:"@]+`)
	spelledAt  = regexp.MustCompile(`(?i)\s*[(\[]\s*(?:at|arroba|arobase)\s*[)\]]\s*`)
	spelledDot = regexp.MustCompile(`(?i)\s*[(\[]\s*(?:dot|punkt|punto|point)\s*[)\]]\s*`)
)

func email(text string) (any, Reason, bool) {
	text = spelledDot.ReplaceAllString(spelledAt.ReplaceAllString(text, "@"), ".")
	found := ""
	for _, a := range address.FindAllString(text, -1) {
		a = strings.ToLower(strings.Trim(a, ".!?'’*_"))
		switch {
		case !isAddress(a) || a == found:
		case found != "":
			return nil, Unclear, false
		default:
			found = a
		}
	}
	if found == "" {
		return nil, NotUnderstood, false
	}
	return found, "", true
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
