package i18n

import (
	"math"
	"testing"
	"time"
)

func TestDate(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 5, 17, 4, 0, 0, time.UTC)
	for _, tt := range []struct{ language, style, want string }{
		{"en", "short", "03/05/2026"}, {"en", "medium", "Mar 5, 2026"}, {"en", "long", "March 5, 2026"},
		{"en", "full", "Thursday, March 5, 2026"}, {"en", "time", "5:04 PM"}, {"en", "datetime", "Mar 5, 2026, 5:04 PM"}, {"en", "weekday", "Thursday"},
		{"en-GB", "short", "05/03/2026"}, {"en-GB", "full", "Thursday, 5 March 2026"}, {"en-GB", "time", "17:04"}, {"en-US", "short", "03/05/2026"},
		{"de", "short", "05.03.2026"}, {"de-AT", "medium", "5. März 2026"}, {"de", "full", "Donnerstag, 5. März 2026"}, {"de", "datetime", "5. März 2026, 17:04"},
		{"es", "medium", "5 mar 2026"}, {"es", "long", "5 de marzo de 2026"}, {"es", "full", "jueves, 5 de marzo de 2026"},
		{"fr", "medium", "5 mars 2026"}, {"fr", "full", "jeudi 5 mars 2026"}, {"fr", "weekday", "jeudi"},
		{"it", "long", "March 5, 2026"}, {"", "time", "5:04 PM"},
	} {
		if got, ok := Date(tt.language, at, tt.style); !ok || got != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.language, tt.style, got, tt.want)
		}
	}
	if _, ok := Date("en", at, "huge"); ok {
		t.Error("an unknown style is taken")
	}
	for _, style := range Styles() {
		for _, language := range []string{"en", "de", "es", "fr"} {
			for month := time.January; month <= time.December; month++ {
				if got, ok := Date(language, time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC), style); !ok || got == "" {
					t.Errorf("%s %s %s is empty", language, style, month)
				}
			}
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		language string
		n        float64
		decimals int
		want     string
	}{
		{"en", 1234567.891, 2, "1,234,567.89"}, {"en", 999, 0, "999"}, {"en", 1000, 0, "1,000"}, {"en", -1234.5, 1, "-1,234.5"},
		{"en", 0.5, -1, "0.5"}, {"en", 2, -1, "2"}, {"en", 1.23456, -1, "1.235"}, {"en", -0.001, 2, "0.00"}, {"en", 100, -1, "100"},
		{"de", 1234567.891, 2, "1.234.567,89"}, {"fr", 1234.5, 2, "1 234,50"}, {"es", 1234.5, 2, "1234,50"}, {"es", 12345, 0, "12.345"},
		{"it", 1000, 0, "1,000"}, {"en", math.Copysign(0, -1), 0, "0"}, {"en", MaxNumber, 0, "1,000,000,000,000,000"},
	} {
		if got := Number(tt.language, tt.n, tt.decimals); got != tt.want {
			t.Errorf("%s %v %d: %q, want %q", tt.language, tt.n, tt.decimals, got, tt.want)
		}
	}
}

func TestMoney(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		language string
		amount   float64
		currency string
		want     string
	}{
		{"en", 1234.5, "EUR", "€1,234.50"}, {"en", -5, "USD", "-$5.00"}, {"en", 5, "CHF", "CHF 5.00"}, {"en", -5, "CHF", "-CHF 5.00"},
		{"de", 1234.5, "EUR", "1.234,50 €"}, {"fr", -1234.5, "EUR", "-1 234,50 €"}, {"es", 1234.5, "MXN", "1234,50 MXN"},
		{"en", 1234.5, "JPY", "¥1,234"}, {"en", 1.5, "KWD", "KWD 1.500"},
	} {
		if got, ok := Money(tt.language, tt.amount, tt.currency); !ok || got != tt.want {
			t.Errorf("%s %v %s: %q, want %q", tt.language, tt.amount, tt.currency, got, tt.want)
		}
	}
	for _, currency := range []string{"", "eur", "EURO", "€"} {
		if _, ok := Money("en", 1, currency); ok {
			t.Errorf("%q is taken for a currency", currency)
		}
	}
}
