package smstext

import (
	"strings"
	"testing"
)

func TestUnsigned(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"STOP\nSent from my iPhone":                      "STOP",
		"2\r\n\r\nSent from my Galaxy, 5G":               "2",
		"Yes\n-- \nJohn Doe\n555 0100":                   "Yes",
		"Yes please\n--\nJohn":                           "Yes please",
		"2\n—\nAcme Ltd.":                                "2",
		"Return\nGet Outlook for iOS":                    "Return",
		"ja\nVon meinem iPhone gesendet":                 "ja",
		"ja\nGesendet mit der WEB.DE Mail App":           "ja",
		"sí\n\nEnviado desde mi iPhone":                  "sí",
		"oui\nEnvoyé de mon iPhone":                      "oui",
		"oui\nEnvoyé depuis mon mobile":                  "oui",
		"Where is my order?\nIt is late.\nSent via AT&T": "Where is my order?\nIt is late.",

		"Sent from my iPhone":            "Sent from my iPhone",
		"\nSent from my iPhone":          "\nSent from my iPhone",
		"I had it sent from my office":   "I had it sent from my office",
		"two things:\n--\na\nb\nc\nd\ne": "two things:\n--\na\nb\nc\nd\ne", // no signature is that long
		"hello\nsent from my house on Monday, and nobody came to the door although I was at home all day long, as I said": "hello\nsent from my house on Monday, and nobody came to the door although I was at home all day long, as I said",
		"sent from my shop\nto me":               "sent from my shop\nto me",
		"hi\n-- it says\nfailed":                 "hi\n-- it says\nfailed",
		"two parcels\nsent from my home address": "two parcels\nsent from my home address",
		"one\ntwo":                               "one\ntwo",
		"":                                       "",
	} {
		if got := Unsigned(text); got != want {
			t.Errorf("Unsigned(%q) = %q, want %q", text, got, want)
		}
	}
	if long := strings.Repeat("a\n", 1<<20); Unsigned(long) != long {
		t.Error("a long text is cut")
	}
}
