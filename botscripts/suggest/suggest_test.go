package suggest

import (
	"strings"
	"testing"
)

func TestName(t *testing.T) {
	t.Parallel()
	known := []string{"languages", "default_skill", "hosts", "secrets", "name", "bot", "color"}
	for name, want := range map[string]string{
		"Langauge": "languages", "language": "languages", "default_skil": "default_skill", "DefaultSkill": "default_skill", "host": "hosts", "secerts": "secrets",
		"nmae": "name", "Name": "name", "bto": "bot", "colour": "color", "zzz": "", "age": "", "abt": "", "x": "", "": "", "weather": "", strings.Repeat("a", 300): "",
	} {
		if got := Name(name, known); got != want {
			t.Errorf("Name(%q) = %q, want %q", name, got, want)
		}
	}
}
