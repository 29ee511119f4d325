package chattest

import (
	"regexp"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestMask(t *testing.T) {
	t.Parallel()
	m := newMask()
	m.knowName("Ann-Marie von Berg")
	m.knowAgent("Jo Bloggs")
	m.learn([]byte(`{"order":{"name":"city bike","last_name":"Berg","street":"Am Ring","zip":"AB1","id":7,"items":[{"city":"Köln"}]},"customer":{"name":"Vera Lind"}}`))
	for text, want := range map[string]string{
		"Hi, I am Ann-Marie.":             "Hi, I am Robin.",
		"Bergmann is not Berg":            "Bergmann is not Alex",
		"a@b.example and A@B.example":     "person1@mail.example and person1@mail.example",
		"Am Ring, Köln":                   "Place2, Place1",
		"a city bike of Vera Lind":        "a city bike of Sam Charlie",
		"Bloggs and Jo Bloggs":            "Agent1 and Agent1",
		"on 2026-11-25 at 10:00, 5 of 12": "on 2026-11-25 at 10:00, 5 of 12",
		"+4.90 €, version 1.2":            "+4.90 €, version 1.2",
		"":                                "",
	} {
		if got := m.text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"0170 1234567", "+49 (170) 123-4567", "order 48213", "DE89370400440532013000", "12 Baker Street", "Hauptstr. 5"} {
		got := m.text(text)
		if got == text || regexp.MustCompile(`48213|1234567|3704004405|Baker|Hauptstr`).MatchString(got) {
			t.Errorf("%q became %q", text, got)
		}
		if again := m.text(text); again != got {
			t.Errorf("%q became %q, then %q", text, got, again)
		}
	}
}

// TestMaskIsConsistent: the same number is the same everywhere, of the same
// length, and another one is another.
func TestMaskIsConsistent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := newMask()
		made := map[string]string{}
		for _, v := range rapid.SliceOfDistinct(rapid.StringMatching(`[1-9]\d{4,11}`), func(s string) string { return s }).Draw(t, "numbers") {
			got := m.text(v)
			if len(got) != len(v) || got[0] == '0' || strings.Trim(got, "0123456789") != "" {
				t.Fatalf("%s became %s", v, got)
			}
			if in := m.text("x/" + v + "?"); in != "x/"+got+"?" {
				t.Fatalf("%s became %s, and %s in a text", v, got, in)
			}
			if other, taken := made[got]; taken {
				t.Fatalf("%s and %s both became %s", other, v, got)
			}
			made[got] = v
		}
	})
}

// Every way of writing one value is the same stand-in, of the same kind.
func TestWritings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		writings []string
		valid    func(string) bool
	}{
		{"visa", []string{"4012888888881881", "4012 8888 8888 1881", "4012-8888-8888-1881", "4012.8888.8888.1881", "4012  8888 8888 1881", "4012 - 8888 - 8888 - 1881", "4012/8888/8888/1881", "4012_8888_8888_1881", "4012 8888\n8888 1881", "40 12 88 88 88 88 18 81", "4 0 1 2 8 8 8 8 8 8 8 8 1 8 8 1"}, func(s string) bool { return isCard(justDigits(s)) && justDigits(s)[0] == '4' }},
		{"amex", []string{"371449635398431", "3714 496353 98431"}, func(s string) bool { return isCard(justDigits(s)) && len(justDigits(s)) == 15 }},
		{"a card with a mistake", []string{"4012 8888 8888 1882", "4012888888881882"}, func(s string) bool { return !isCard(justDigits(s)) && len(justDigits(s)) == 16 }},
		{"DE iban", []string{"DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "de89 3704 0044 0532 0130 00", "DE89-3704-0044-0532-0130-00", "DE 89 3704 0044 0532 0130 00", "DE89  3704  0044  0532  0130  00", "DE89_3704_0044_0532_0130_00", "DE89 3704 0044\n0532 0130 00", "DE89/3704/0044/0532/0130/00"}, func(s string) bool {
			s = strings.ToUpper(alphanumeric(s))
			return isIBAN(s) && s[:2] == "DE" && len(s) == 22
		}},
		{"GB iban", []string{"GB29NWBK60161331926819", "GB29 NWBK 6016 1331 9268 19"}, func(s string) bool {
			s = strings.ReplaceAll(s, " ", "")
			return isIBAN(s) && s[:2] == "GB"
		}},
		{"an iban with a mistake", []string{"DE88 3704 0044 0532 0130 00", "DE88370400440532013000"}, func(s string) bool { return !isIBAN(strings.ReplaceAll(s, " ", "")) && strings.HasPrefix(s, "DE") }},
		{"german mobile", []string{"+49 170 1234567", "0170 1234567", "0170/1234567", "01701234567", "+491701234567", "0049 170 1234567", "+49 (170) 123-4567", "0170 12 34 567", "491701234567"}, nil},
		{"american", []string{"+1 415 555 2671", "(415) 555-2671", "415-555-2671", "415.555.2671", "1 415 555 2671", "+14155552671"}, nil},
		{"french", []string{"+33 6 12 34 56 78", "06 12 34 56 78", "0612345678", "06.12.34.56.78"}, nil},
		{"spanish", []string{"+34 612 34 56 78", "612 34 56 78", "612345678", "612 345 678"}, nil},
	}
	for _, tt := range tests {
		for first := range tt.writings {
			m := newMask()
			m.regions = []string{"DE", "US", "FR", "ES"}
			for _, w := range tt.writings {
				m.hear(w)
			}
			order := append(tt.writings[first:len(tt.writings):len(tt.writings)], tt.writings[:first]...)
			last := ""
			for _, w := range order {
				got := m.text("it is " + w + ", thanks")
				got = strings.TrimSuffix(strings.TrimPrefix(got, "it is "), ", thanks")
				if got == w || len(got) != len(w) {
					t.Errorf("%s: %q became %q", tt.name, w, got)
					continue
				}
				if again := m.text("x (" + w + ")"); again != "x ("+got+")" {
					t.Errorf("%s: %q became %q, then %q", tt.name, w, got, again)
				}
				if twice := m.text(got); twice != got {
					t.Errorf("%s: the stand-in %q became %q", tt.name, got, twice)
				}
				tail := justDigits(got)
				tail = tail[len(tail)-8:]
				if last != "" && tail != last {
					t.Errorf("%s: %q is %q: its digits are not those of the other writings (%s)", tt.name, w, got, last)
				}
				last = tail
				if tt.valid != nil && !tt.valid(got) {
					t.Errorf("%s: %q became %q, of another kind", tt.name, w, got)
				}
				if tt.valid == nil && w[0] == '+' {
					was, _ := phonenumbers.Parse(w, "ZZ")
					is, err := phonenumbers.Parse(got, "ZZ")
					if err != nil || !phonenumbers.IsValidNumber(is) || phonenumbers.GetRegionCodeForNumber(is) != phonenumbers.GetRegionCodeForNumber(was) || phonenumbers.GetNumberType(is) != phonenumbers.GetNumberType(was) {
						t.Errorf("%s: %q became %q, which is no number of the kind", tt.name, w, got)
					}
				}
			}
		}
	}
}

func TestStandInsKeepTheirKind(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringMatching(`[3-6]\d{11,17}`).Draw(t, "card")
		for check := '0'; check <= '9'; check++ {
			card := body + string(check)
			if isCard(card) {
				m := newMask()
				got := m.text(card[:4] + " " + card[4:8] + "-" + card[8:])
				if !isCard(justDigits(got)) || justDigits(got) == card || len(justDigits(got)) != len(card) || justDigits(got)[0] != card[0] {
					t.Fatalf("%s became %s", card, got)
				}
			}
		}
		country := rapid.SampledFrom([]string{"DE", "ES", "FR", "AT", "NL", "BE"}).Draw(t, "country")
		bban := rapid.StringMatching(`\d{14,20}`).Draw(t, "account")
		check := 98 - ibanRest(country+"00"+bban)
		iban := country + string(rune('0'+check/10)) + string(rune('0'+check%10)) + bban
		got := newMask().text(iban)
		if !isIBAN(got) || got == iban || got[:2] != country || len(got) != len(iban) {
			t.Fatalf("%s became %s", iban, got)
		}
		region := rapid.SampledFrom([]string{"DE", "US", "GB", "ES", "FR", "AT", "CH", "IT", "BR", "IN", "MX"}).Draw(t, "region")
		example := phonenumbers.GetExampleNumberForType(region, phonenumbers.MOBILE)
		e164 := phonenumbers.Format(example, phonenumbers.E164)
		moved := e164[:len(e164)-4] + rapid.StringMatching(`\d{4}`).Draw(t, "end")
		if number, err := phonenumbers.Parse(moved, "ZZ"); err == nil && phonenumbers.IsValidNumber(number) {
			for _, format := range []phonenumbers.PhoneNumberFormat{phonenumbers.E164, phonenumbers.INTERNATIONAL} {
				got, err := phonenumbers.Parse(newMask().text(phonenumbers.Format(number, format)), "ZZ")
				if err != nil || !phonenumbers.IsValidNumber(got) || phonenumbers.GetRegionCodeForNumber(got) != phonenumbers.GetRegionCodeForNumber(number) || phonenumbers.Format(got, phonenumbers.E164) == moved {
					t.Fatalf("%s became %v (%v)", moved, got, err)
				}
			}
		}
	})
}

func TestNamesThatPeopleGive(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Hi, my name is Erika Mustermann and I wait":         "Hi, my name is Robin Alex and I wait",
		"my name is erika mustermann.":                       "my name is robin alex.",
		"my name's Erika":                                    "my name's Robin",
		"I'm Erika Mustermann from Köln":                     "I'm Robin Alex from Köln",
		"I am angry":                                         "I am angry",
		"Mein Name ist Jürgen von der Höhe, hallo":           "Mein Name ist Robin von der Alex, hallo",
		"ich heiße Erika. ERIKA!":                            "ich heiße Robin. ROBIN!",
		"Me llamo José García y espero":                      "Me llamo Robin Alex y espero",
		"mi nombre es maria":                                 "mi nombre es robin",
		"Je m'appelle Zoé Lefèvre":                           "Je m'appelle Robin Alex",
		"je m’appelle Zoé":                                   "je m’appelle Robin",
		"Bestellung von Frau Meier, Meiers Rad":              "Bestellung von Frau Robin, Robins Rad",
		"Please help.\nKind regards,\nErika Mustermann":      "Please help.\nKind regards,\nRobin Alex",
		"ich bin Premium Kunde":                              "ich bin Premium Kunde",
		"O\u0308zil: my name is O\u0308zil":                  "Robin: my name is Robin",
		`{"who":"\u00d6zil"} my name is Özil`:                `{"who":"Robin"} my name is Robin`,
		"my name is Özil https://a.example/?n=%C3%96zil&x=1": "my name is Robin https://a.example/?n=Robin&x=1",
		"my name is no":                                      "my name is no",
		"an jürgen.o'neil@müller.example!":                   "an person1@mail.example!",
		"GET /u/a%40b.example":                               "GET /u/person1%40mail.example",
	} {
		m := newMask()
		m.scripts = []string{"a premium kunde"}
		m.introduce(norm.NFC.String(text))
		if got := m.text(text); !strings.EqualFold(got, want) {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestWhatStays(t *testing.T) {
	t.Parallel()
	m := newMask()
	m.regions = []string{"DE", "US"}
	for _, text := range []string{
		"on 2026-11-25 at 10:00, 5 of 12", "25.11.2026 12.30", "1.234.567,00 €", "from 9 to 17, 1-2-3", "IPv4 127.0.0.1", "12 / 27", "v1.2.3", "2 4 6 8 10 12", "AB12 cdef ghij klmn", "zip 1234", "+4.90 €",
	} {
		if got := m.text(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	if got := m.text("on 25.11.2026 0170 1234567 until 10:00"); strings.Contains(got, "1234567") || !strings.HasPrefix(got, "on 25.11.2026 0") || !strings.HasSuffix(got, " until 10:00") {
		t.Errorf("got %q", got)
	}
	if got := m.text("4012 8888 8888 1881 12/27 123"); !strings.HasSuffix(got, " 12/27 123") || strings.Contains(got, "8888") {
		t.Errorf("got %q", got)
	}
}

// A number is found between others, with any blanks, and in other digits.
func TestNumbersBesideOthers(t *testing.T) {
	t.Parallel()
	m := newMask()
	card := justDigits(m.text("4012888888881881"))
	for _, text := range []string{
		"4012-8888-8888-1881-2", "4012-8888-8888-1881 2", "4012-8888-8888-1881 -- 2", "99 4012-8888-8888-1881", "99   4012-8888-8888-1881", "99-4012-8888-8888-1881",
		"http://a.example/1 4012 8888 8888 1881", "4012\u00a08888\u202f8888\u00a01881", "4012–8888–8888–1881", "４０１２ ８８８８ ８８８８ １８８１", "٤٠١٢٨٨٨٨٨٨٨٨١٨٨١", "40 12 88 88 88 88 18 81", `"card":"4012 8888 8888 1881 "`,
	} {
		if got := m.text(text); !strings.Contains(justDigits(got), card) {
			t.Errorf("%q became %q, without %s", text, got, card)
		}
	}
}
