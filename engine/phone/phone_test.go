package phone_test

import (
	"slices"
	"testing"

	"parley/engine/phone"
)

func TestE164(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"+49 151 1234-5678": "+4915112345678", "0049 (0)151 12345678": "+4915112345678", " +1 (415) 555-0100 ": "+14155550100", "+442079460000": "+442079460000",
		"": "", "+": "", "0151 12345678": "", "+999123": "", "hello": "", "+1": "", "12345": "",
	} {
		if got, ok := phone.E164(text); got != want || ok != (want != "") {
			t.Errorf("%q is %q (%v), want %q", text, got, ok, want)
		}
	}
}

// Each alias names the number back, so that the two always find each other.
func TestAliases(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"+5215512345678": "+525512345678", "+525512345678": "+5215512345678", "+5491123456789": "+541123456789", "+541123456789": "+5491123456789",
		"+5511987654321": "+551187654321", "+551187654321": "+5511987654321",
		"+551132345678": "", "+4915112345678": "", "+14155550100": "", "": "", "+52": "", "+5215": "",
	} {
		got := phone.Aliases(number)
		if len(got) != min(1, len(want)) || want != "" && got[0] != want {
			t.Errorf("%s is %q, want %q", number, got, want)
		}
		for _, alias := range got {
			if !slices.Contains(phone.Aliases(alias), number) {
				t.Errorf("%s does not name %s back", alias, number)
			}
		}
	}
}

func TestZones(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"+4915112345678": "Europe/Berlin", "+14155550100": "America/Los_Angeles", "+442079460000": "Europe/London", "v-123": "", "": "", "+870123456789": "",
	} {
		zones := phone.Zones(number)
		if len(zones) != min(1, len(want)) || want != "" && zones[0].String() != want {
			t.Errorf("%s rings in %v, want %s", number, zones, want)
		}
	}
}

func FuzzE164(f *testing.F) {
	for _, text := range []string{"+49 151 1234-5678", "00521", "+5215512345678", "+１２３"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		number, ok := phone.E164(text)
		if !ok {
			return
		}
		if again, ok := phone.E164(number); !ok || again != number {
			t.Fatalf("%q is %q, which is %q (%v)", text, number, again, ok)
		}
		phone.Zones(number)
		for _, alias := range phone.Aliases(number) {
			if !slices.Contains(phone.Aliases(alias), number) {
				t.Fatalf("%s does not name %s back", alias, number)
			}
		}
	})
}
