package faults

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"

	"parley/engine"
)

// ID names the mistake of a version that a fault comes from, whatever
// conversation met it: 16 hex digits.
func ID(f engine.Fault) string {
	key, _ := json.Marshal([]any{f.Kind, Normal(f.Message), f.File, f.Line, f.Version}) // strings and a number always encode
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:8])
}

const maxNormal = 300 // bytes of a message that tell mistakes apart

var (
	quotedPart = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|“[^”]*”|`[^`]*`|\\B'[^']*'\\B")
	idPart     = regexp.MustCompile(`\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b|\b0x[0-9a-fA-F]+\b`)
	numberPart = regexp.MustCompile(`[0-9]+(?:[.,:][0-9]+)*`)
	spacePart  = regexp.MustCompile(`\s+`)
)

// Normal is a fault's message without what differs between conversations:
// quoted parts, ids and numbers. It is short and holds nothing of a consumer
// that Lua quotes.
func Normal(message string) string {
	s := strings.ToValidUTF8(message, "�")
	s = quotedPart.ReplaceAllString(s, `"…"`)
	s = idPart.ReplaceAllString(s, "#")
	s = numberPart.ReplaceAllString(s, "#")
	s = strings.TrimSpace(spacePart.ReplaceAllString(s, " "))
	for len(s) > maxNormal {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}
