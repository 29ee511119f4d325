package person_test

import (
	"strings"
	"testing"
	"time"

	"parley/engine/understanding/person"
)

// FuzzRead: any text is read, and no courtesy takes a wish back.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"agent", "I don't want a human", "mit einem Menschen, mit dem", "¿eres un bot?", "\xff,", "pas d'agent"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := person.Read(text, brandWords())
		if again := person.Read(" "+text+"\n", brandWords()); again != got {
			t.Fatalf("%q is %d, and %d with space around", text, got, again)
		}
	})
}

// TestLong: the time grows with the length of a text.
func TestLong(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"agent ", "to ", "talk to a ", "a, ", "mit dem, ", "? ", "mitarbeiterinnen ", "nooo ", "not "} {
		text := strings.Repeat(part, 1<<16/len(part))
		began := time.Now()
		person.Read(text, brandWords())
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%q takes %v", part, took)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	words := brandWords()
	for b.Loop() {
		person.Read("my bike arrived yesterday and the front wheel does not turn", words)
	}
}
