package choice

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func bikes() []Option {
	return []Option{
		{"order", "Order status"}, {"repair", "Repairs & service"}, {"return", "Return a bike"}, {"cafe", "Café Straße"},
		{"other", "Something else"}, {"buy", "Buy a bike"}, {"rent", "Rent a bike"}, {"sell", "Sell"}, {"job", "Jobs"}, {"human", "A person"},
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, payload string
		want          int // -1: open
	}{
		// The payload decides, even against the text; one that no option has does not.
		{"1", "return", 2}, {"", "human", 9}, {"stop", "order", 0}, {"2", "gone", 1}, {"", "ORDER", -1}, {"", "", -1},
		// Numbers.
		{"1", "", 0}, {" 1 ", "", 0}, {"1.", "", 0}, {"1)", "", 0}, {"(1)", "", 0}, {"#1", "", 0}, {"# 2!", "", 1}, {"１", "", 0}, {"①", "", 0},
		{"２．", "", 1}, {"10", "", 9}, {"11", "", -1}, {"0", "", -1}, {"01", "", -1}, {"-1", "", -1}, {"+1", "", -1}, {"1.5", "", -1},
		{"1 2", "", -1}, {"99999999999999999999", "", -1}, {"#", "", -1}, {"1 bike", "", -1},
		{"1️⃣", "", 0}, {"2\uFE0F\u20E3", "", 1}, {"🔟", "", 9}, {"❷", "", 1}, {"➂", "", 2}, {"➋.", "", 1}, {"⓵", "", 0}, {"٢", "", 1}, {"۳", "", 2},
		{"२", "", 1}, {"১", "", 0}, {"๒", "", 1}, {"１０", "", 9}, {"\u200e2\u200f", "", 1}, {"\u202a2\u202c", "", 1}, {"\u20662\u2069", "", 1},
		{"“2”", "", 1}, {"»2«", "", 1}, {"'2'", "", 1}, {"„2“", "", 1}, {"2?", "", 1}, {"2 ?", "", 1}, {"¿2?", "", -1}, {"2。", "", 1}, {"2 👍", "", 1}, {"👉 2", "", 1},
		{"*2*", "", 1}, {"[2]", "", 1}, {"2/", "", 1}, {"2 please", "", 1}, {"2, bitte!", "", 1}, {"option 2", "", 1}, {"Nr. 2", "", 1}, {"Number: 2", "", 1},
		{"2. Repairs & service", "", 1}, {"2) repairs & service", "", 1}, {"2 Repairs & service", "", 1}, {"2 - Repairs", "", 1}, {"“3. Return a bike”", "", 2},
		{"3. Ret", "", 2}, {"2. Return a bike", "", -1}, {"1. Order status 2. Repairs", "", -1}, {"2 or 3", "", -1}, {"2nd", "", -1}, {"2 bikes", "", -1}, {"10:30", "", -1},
		{"$2", "", -1}, {"2%", "", -1}, {"2€", "", -1}, {"½", "", -1}, {"2x", "", -1}, {"option 11", "", -1}, {"option two", "", 1}, {"No. 2", "", 1}, {"№ 2", "", 1}, {"n° 2", "", 1}, {"nº2", "", 1},
		{"> 2", "", 1}, {"- 2", "", 1}, {"-> 2", "", 1}, {"→2", "", 1}, {"• 2. Repairs & service", "", 1}, {"<2>", "", 1}, {"2\u3164", "", 1}, {"-2", "", -1},
		{"2،", "", 1}, {"2।", "", 1}, {"2 👍🏽", "", 1}, {"not 2", "", -1}, {"2-3", "", -1}, {"2/3", "", -1}, {"order", "", 0}, {"human!", "", 9},
		// Words.
		{"one", "", 0}, {"Two.", "", 1}, {"DREI", "", 2}, {"fünf", "", 4}, {"fu\u0308nf", "", 4}, {"tres", "", 2}, {"deux", "", 1}, {"zehn", "", 9}, {"eleven", "", -1},
		// Labels.
		{"order status", "", 0}, {"  ORDER   STATUS\n", "", 0}, {"Order status!", "", 0}, {"“Jobs”", "", 8}, {"café strasse", "", 3}, {"Cafe\u0301 Straße", "", 3},
		{"ｓｅｌｌ", "", 7}, {"repairs & service", "", 1},
		// Starts.
		{"ord", "", 0}, {"or", "", -1}, {"Some", "", 4}, {"re", "", -1}, {"rep", "", 1}, {"ret", "", 2}, {"caf", "", 3}, {"bike", "", -1},
		// Keywords are never an answer.
		{"STOP", "", -1}, {"help", "", -1}, {"cancel", "", -1},
		{"", "", -1}, {"...", "", -1}, {"\xff", "", -1}, {strings.Repeat("1", 5000), "", -1},
	} {
		index, ok := Resolve(bikes(), tt.text, tt.payload, true)
		if ok != (tt.want >= 0) || ok && index != tt.want {
			t.Errorf("Resolve(%q, %q) = %d %v, want %d", tt.text, tt.payload, index, ok, tt.want)
		}
	}
}

func TestResolveAmbiguous(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		labels []string
		text   string
		want   int
	}{
		{"two labels start so", []string{"Blue bike", "Blue helmet"}, "blue", -1},
		{"an exact label that starts another", []string{"Blue", "Blue helmet"}, "blue", 0},
		{"labels that differ in case, exact", []string{"us", "US"}, "US", 1},
		{"labels that differ in case, neither", []string{"us", "US"}, "Us", -1},
		{"the same label twice", []string{"Yes", "Yes"}, "yes", -1},
		{"a label goes before a number", []string{"2", "4", "6"}, "2", 0},
		{"a label that is a number", []string{"3", "6", "12"}, "3", 0},
		{"a label that is a number, in words", []string{"3", "6", "12"}, "three", 0},
		{"a label that is a number, as a keycap", []string{"3", "6", "12"}, "6️⃣", 1},
		{"a label that is a number, in Arabic digits", []string{"3", "6", "12"}, "١٢", 2},
		{"no place among numbers", []string{"3", "6", "12"}, "1", -1},
		{"numbers at their own place", []string{"1", "2", "3"}, "two", 1},
		{"a label that is a stop word", []string{"Cancel", "Stop the ride"}, "stop", -1},
		{"a label that is a help word", []string{"Help", "Hours"}, "help", -1},
		{"yes and no", []string{"Yes", "No"}, "YES", 0},
		{"labels that begin with another's place", []string{"2 people", "4 people", "6 people"}, "2", 0},
		{"labels that begin with a number", []string{"2 people", "4 people", "6 people"}, "4", 1},
		{"the start of a label with a number", []string{"3 months", "6 months", "12 months"}, "3 mo", 0},
		{"labels with their own numbers", []string{"3. Stock", "1. Price", "2. Sizes"}, "3", 0},
		{"labels of money", []string{"$3", "$2", "$1"}, "3", 0},
		{"labels of hours", []string{"2:00", "3:00", "4:00"}, "3", 1},
		{"labels of hours, beyond the places", []string{"10:00", "11:00", "12:00"}, "11", 1},
		{"labels of hours, by place", []string{"10:00", "11:00", "12:00"}, "2", 1},
		{"labels of ranges", []string{"1-2", "3-5", "6+"}, "3", 1},
		{"two labels begin with the number", []string{"2 adults", "2 children"}, "2", -1},
		{"labels that begin with no place", []string{"12 Main Street", "3 Oak Avenue"}, "2", 1},
		{"the number of a label that is no place", []string{"12 Main Street", "3 Oak Avenue"}, "12 main", 0},
		{"decimals begin with no number", []string{"1.5 l", "2.5 l"}, "2", 1},
		{"labels that are number words", []string{"three", "six", "twelve"}, "3", 0},
		{"labels that are number words, at other places", []string{"Two", "One"}, "1", 1},
		{"signs are part of numbers", []string{"+1", "0", "-1"}, "1", 0},
		{"signs are part of numbers, below zero", []string{"+1", "0", "-1"}, "-1", 2},
		{"an emoji", []string{"👍", "👎"}, "👎", 1},
		{"an emoji of a skin", []string{"👍", "👎"}, "👎🏽", 1},
		{"the emoji of a label", []string{"👍 Good", "👎 Bad"}, "👎", 1},
		{"a label without its emoji", []string{"👍 Good", "👎 Bad"}, "good", 0},
		{"stars", []string{"⭐", "⭐⭐", "⭐⭐⭐"}, "⭐⭐", 1},
		{"right to left, by place", []string{"الطلب", "الشحن"}, "٢،", 1},
		{"right to left, the line", []string{"الطلب", "الشحن"}, "٢. الشحن", 1},
		{"the place of one of two equal labels", []string{"Yes", "Yes"}, "2", 1},
		{"the place of a stop word", []string{"Menu", "Stop"}, "2", 1},
		{"the line of a stop word", []string{"Menu", "Stop"}, "2. Stop", 1},
		{"labels of punctuation", []string{"!", "?"}, "?", 1},
		{"labels of punctuation, neither", []string{"!", "?"}, ".", -1},
		{"no options", nil, "1", -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var options []Option
			for i, label := range tt.labels {
				options = append(options, Option{ID: "id" + strconv.Itoa(i), Label: label})
			}
			index, ok := Resolve(options, tt.text, "", true)
			if ok != (tt.want >= 0) || ok && index != tt.want {
				t.Errorf("Resolve(%q, %q) = %d %v, want %d", tt.labels, tt.text, index, ok, tt.want)
			}
		})
	}
}

// TestNumbered: an id that the consumer does not see keeps the numbers away only when it could be typed as one.
func TestNumbered(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		options []Option
		text    string
		want    int
		shown   bool
	}{
		{[]Option{{"101", "Alpha"}, {"102", "Beta"}}, "2", 1, true},
		{[]Option{{"101", "Alpha"}, {"102", "Beta"}}, "102", 1, true},
		{[]Option{{"2", "Alpha"}, {"1", "Beta"}}, "2", 0, false},
		{[]Option{{"a", "B"}, {"b", "A"}}, "a", 1, true},
		{[]Option{{"no", "Yes"}, {"yes", "No"}}, "yes", 0, true},
		{[]Option{{"x", "10"}, {"y", "20"}}, "2", -1, false},
	} {
		index, ok := Resolve(tt.options, tt.text, "", true)
		if Numbered(tt.options) != tt.shown || ok != (tt.want >= 0) || ok && index != tt.want {
			t.Errorf("%v: numbered %v; %q = %d %v, want %v and %d", tt.options, Numbered(tt.options), tt.text, index, ok, tt.shown, tt.want)
		}
	}
}

func TestResolveProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		labels := rapid.SliceOfNDistinct(rapid.StringMatching(`[xyz]{1,8}`), 1, 12, rapid.ID[string]).Draw(t, "labels")
		var options []Option
		for i, label := range labels {
			options = append(options, Option{ID: "id" + strconv.Itoa(i), Label: label})
		}
		want := rapid.IntRange(0, len(options)-1).Draw(t, "which")
		for _, form := range []string{"%", "%.", "#%", "(%)", " % "} {
			text := strings.Replace(form, "%", strconv.Itoa(want+1), 1)
			if got, ok := Resolve(options, text, "", true); !ok || got != want {
				t.Fatalf("number %q = %d %v, want %d", text, got, ok, want)
			}
		}
		if got, ok := Resolve(options, strings.ToUpper(labels[want]), "", true); !ok || got != want {
			t.Fatalf("label %q = %d %v, want %d", labels[want], got, ok, want)
		}
		if got, ok := Resolve(options, "anything", options[want].ID, true); !ok || got != want {
			t.Fatalf("payload = %d %v, want %d", got, ok, want)
		}
		start := labels[want][:min(3, len(labels[want]))]
		if got, ok := Resolve(options, start, "", true); ok && !strings.HasPrefix(labels[got], start) {
			t.Fatalf("start %q = %q", start, labels[got])
		}
	})
}

func FuzzResolve(f *testing.F) {
	for _, text := range []string{"1", "#2.", "fünf", "ord", "\xff", "①", "ﷺ"} {
		f.Add(text, "", "Order status")
	}
	f.Fuzz(func(t *testing.T, text, payload, label string) {
		options := append(bikes(), Option{ID: "last", Label: label})
		index, ok := Resolve(options, text, payload, true)
		if index < 0 || index >= len(options) || !ok && index != 0 {
			t.Fatalf("index %d, ok %v of %d options", index, ok, len(options))
		}
		again, okAgain := Resolve(options, " "+text+"\n", payload, true)
		if len(text)+2 <= longestAnswer && (again != index || okAgain != ok) {
			t.Fatalf("%q: %d %v, with outer space %d %v", text, index, ok, again, okAgain)
		}
	})
}
