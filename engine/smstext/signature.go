package smstext

import (
	"slices"
	"strings"
)

const (
	signatureLines = 4   // that a signature may have
	signatureBytes = 100 // of one of its lines
)

// Unsigned is a text without the signature that some phones put below each message. Below what was written it
// begins with a line of two dashes, or is one line such as "Sent from my iPhone".
func Unsigned(text string) string {
	rest := strings.TrimRight(text, " \r\n")
	end := len(rest)
	for n := 1; n <= signatureLines+1 && end > 0; n++ {
		begin := strings.LastIndexByte(rest[:end], '\n')
		if begin < 0 {
			return text // the first line is what was written
		}
		line := strings.TrimSpace(rest[begin+1 : end])
		if len(line) > signatureBytes {
			return text
		}
		if n > 1 && isDashes(line) || n == 1 && isAdvertised(line) {
			if written := strings.TrimRight(rest[:begin], " \r\n"); strings.TrimSpace(written) != "" {
				return written
			}
			return text
		}
		end = begin
	}
	return text
}

func isDashes(line string) bool {
	switch line {
	case "--", "—", "––", "__", "___", "---":
		return true
	}
	return false
}

// isAdvertised tells of a line by which a phone or an app names itself.
func isAdvertised(line string) bool {
	line = strings.ToLower(line)
	from := func(begins string) bool { return strings.HasPrefix(line, begins) }
	sender := strings.HasPrefix(line, "von meinem ") && strings.HasSuffix(line, " gesendet") || slices.ContainsFunc([]string{
		"sent from ", "sent via ", "sent using ", "get outlook for ", "gesendet mit ", "gesendet von ", "gesendet über ", "enviado desde ", "enviado con ",
		"envoyé de ", "envoyé depuis ", "envoyé à partir de ", "envoyé avec ",
	}, from)
	names := func(name string) bool { return strings.Contains(line, name) }
	return sender && slices.ContainsFunc([]string{
		"phone", "ipad", "galaxy", "android", "samsung", "huawei", "xiaomi", "pixel", "oneplus", "motorola", "nokia", "blackberry", "smartwatch", "apple watch",
		"mobile", "móvil", "celular", "portable", "téléphone", "handy", "tablet", "device", "outlook", "mail", "verizon", "at&t", "ios",
	}, names)
}
