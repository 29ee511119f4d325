package nlu

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

func TestFAQCodec(t *testing.T) {
	t.Parallel()
	for _, questions := range [][]Question{nil, shopQuestions(), manyQuestions(12, 7), helpCentre(100)} {
		x := newTestFAQ(t, questions)
		data := x.Encode()
		y, err := DecodeFAQ(data)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(y.Encode(), data) {
			t.Error("the decoded index encodes to other bytes")
		}
		for _, q := range questions {
			for _, p := range append([]string{"can i send the sadle back"}, q.Phrasings...) {
				if a, b := x.Search(p, 5), y.Search(p, 5); !slices.Equal(a, b) {
					t.Fatalf("%q: %v and %v", p, a, b)
				}
			}
		}
	}
}

func TestDamagedFAQ(t *testing.T) {
	t.Parallel()
	data := newTestFAQ(t, shopQuestions()).Encode()
	for i := 0; i < len(data); i += 7 {
		broken := bytes.Clone(data)
		broken[i] ^= 0x10
		if _, err := DecodeFAQ(broken); !errors.Is(err, ErrDamaged) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
		if _, err := DecodeFAQ(data[:i]); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
}

func TestHashFAQ(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, questions := range [][]Question{
		nil,
		{{Phrasings: []string{"a", "b"}}},
		{{Phrasings: []string{"ab"}}},
		{{Phrasings: []string{"a"}, Answer: "b"}},
		{{Phrasings: []string{"a"}}, {Phrasings: []string{"b"}}},
		{{Phrasings: []string{"b"}}, {Phrasings: []string{"a"}}},
	} {
		hash := HashFAQ(questions)
		if seen[hash] || hash != HashFAQ(questions) {
			t.Errorf("%v: %s", questions, hash)
		}
		seen[hash] = true
	}
}

// Whatever passes the checksum's place must not break the reader.
func FuzzDecodeFAQ(f *testing.F) {
	body := func(x *FAQ) []byte {
		data := x.Encode()
		return data[len(faqMagic) : len(data)-32]
	}
	f.Add(body(newTestFAQ(f, shopQuestions())))
	f.Add(body(newTestFAQ(f, nil)))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := decodeFAQ(data)
		if err != nil {
			return
		}
		x.Search("how long does it take", 3)
	})
}
