package listen_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/listen"
)

func brand(languages ...string) engine.Brand {
	return engine.Brand{ID: "acme", Settings: engine.BrandSettings{Languages: languages}}
}

func said(text string) engine.Content { return engine.Content{Text: text} }

// TestHear: what one message becomes, in a brand with one language and in one with several.
func TestHear(t *testing.T) {
	t.Parallel()
	off := brand("en", "de")
	off.Settings.Sentiment.Off = true
	bothAsk := brand("en", "de", "es", "fr")
	bothAsk.Settings.EscapeWords = map[string][]string{"en": {"agent", "human"}, "de": {"mensch"}, "es": {"agente"}, "fr": {"agent", "conseiller"}}
	silent := brand("en")
	silent.Settings.Sentiment.Off = true
	for name, tt := range map[string]struct {
		brand   engine.Brand
		conv    engine.Conversation
		content engine.Content
		tone    engine.Tone
		lang    string
	}{
		"one language":                             {brand("en"), engine.Conversation{Language: "en"}, said("this is terrible"), engine.ToneNegative, ""},
		"one language, of a foreign consumer":      {brand("en"), engine.Conversation{Language: "de"}, said("this is terrible"), engine.ToneNegative, ""},
		"neutral":                                  {brand("en"), engine.Conversation{}, said("where is order 12345"), "", ""},
		"several languages":                        {brand("en", "de-AT"), engine.Conversation{Language: "en"}, said("das ist wirklich furchtbar, ich bin sehr unzufrieden"), engine.ToneNegative, "de-AT"},
		"asks in a word that two languages have":   {bothAsk, engine.Conversation{}, said("agent!"), "", ""},
		"asks in a word that one language has":     {bothAsk, engine.Conversation{}, said("conseiller"), "", "fr"},
		"more than a word that two languages have": {bothAsk, engine.Conversation{}, said("je veux parler avec un agent"), "", "fr"},
		"nothing to go by":                         {brand("en", "de"), engine.Conversation{Language: "de"}, said("👍"), engine.TonePositive, ""},
		"history decides":                          {brand("de", "nl"), engine.Conversation{Mood: engine.Mood{Languages: map[string]float64{"nl": 4}}}, said("hallo"), "", "nl"},
		"no language":                              {brand(), engine.Conversation{}, said("👎"), engine.ToneNegative, ""},
		"off":                                      {off, engine.Conversation{}, said("das ist wirklich furchtbar, ich bin sehr unzufrieden"), "", "de"},
		"off, one language":                        {silent, engine.Conversation{}, said("this is terrible"), "", ""},
		"no text":                                  {brand("en", "de"), engine.Conversation{}, engine.Content{Location: &engine.Location{Name: "terrible"}}, "", ""},
		"a word of the law":                        {brand("en", "de"), engine.Conversation{}, said("Stop!"), "", ""},
		"a choice":                                 {brand("en"), engine.Conversation{}, engine.Content{Text: "It is terrible", Picked: &engine.Choice{ID: "1"}}, "", ""},
		"beyond what is read":                      {brand("en"), engine.Conversation{}, said(strings.Repeat("ok ", 700) + "this is terrible"), "", ""},
	} {
		var none *listen.Listener
		h := none.Read(tt.brand, tt.content).Hear(&tt.conv)
		if h.Tone != tt.tone || h.Language != tt.lang || h.By != "" || (h.Score < 0) != (tt.tone == engine.ToneNegative) || (h.Score > 0) != (tt.tone == engine.TonePositive) {
			t.Errorf("%s: %+v", name, h)
		}
		if (tt.conv.Mood.Weight > 0) != (tt.tone != "") || tt.conv.Mood.Languages[tt.lang] < 1 && tt.lang != "" {
			t.Errorf("%s: the mood is %+v", name, tt.conv.Mood)
		}
	}
}

func TestBegin(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		brand engine.Brand
		known string
		want  engine.Mood
	}{
		"unknown":         {brand("en", "de"), "", engine.Mood{}},
		"one language":    {brand("en"), "en", engine.Mood{}},
		"known":           {brand("en", "de"), "de-CH", engine.Mood{Languages: map[string]float64{"de": 1}}},
		"not the brand's": {brand("en", "de"), "fr", engine.Mood{}},
	} {
		if diff := cmp.Diff(tt.want, conversation.Begin(tt.brand, tt.known)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// TestMoodCounts: every language that was heard is counted once, the mean stays in its
// bounds, and a copy of an earlier mood does not change.
func TestMoodCounts(t *testing.T) {
	t.Parallel()
	texts := []string{
		"this is terrible", "thank you so much, perfect", "wo ist mein Paket?", "das ist furchtbar!!", "12345", "👎", "STOP",
		"muchas gracias por la ayuda", "ok", "",
	}
	spoken := brand("en", "de", "es")
	rapid.Check(t, func(t *rapid.T) {
		var none *listen.Listener
		var conv engine.Conversation
		want := map[string]float64{}
		for _, text := range rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(texts), rapid.String()), 0, 12).Draw(t, "messages") {
			before := conv.Mood
			counts := maps.Clone(before.Languages)
			h := none.Read(spoken, said(text)).Hear(&conv)
			if h.Language != "" {
				want[h.Language]++
			}
			if diff := cmp.Diff(counts, before.Languages); diff != "" {
				t.Fatalf("the copy changed:\n%s", diff)
			}
			if s := conv.Mood.Score(); s < -1 || s > 1 {
				t.Fatalf("%v after %q", s, text)
			}
		}
		if len(want)+len(conv.Mood.Languages) > 0 {
			if diff := cmp.Diff(want, conv.Mood.Languages); diff != "" {
				t.Fatalf("languages:\n%s", diff)
			}
		}
	})
}

func FuzzHear(f *testing.F) {
	for _, seed := range []string{"this is terrible", "das ist furchtbar", "\xff\xfe", "👎👎", strings.Repeat("é", 2000), "stop\u200b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var none *listen.Listener
		conv := engine.Conversation{Language: "de"}
		h := none.Read(brand("en", "de", "ja"), said(text)).Hear(&conv)
		if h.Score < -1 || h.Score > 1 || (h.Tone == "") != (h.Score == 0) {
			t.Fatalf("%q: %+v", text, h)
		}
	})
}

const typical = "Hi, my bike arrived yesterday but the brake is broken, help!" // 60 characters

func BenchmarkReadOneLanguage(b *testing.B)    { benchmarkRead(b, brand("en")) }
func BenchmarkReadThreeLanguages(b *testing.B) { benchmarkRead(b, brand("en", "de", "fr")) }

func benchmarkRead(b *testing.B, brand engine.Brand) {
	var none *listen.Listener
	none.Read(brand, said(typical))
	b.ReportAllocs()
	for b.Loop() {
		none.Read(brand, said(typical))
	}
}

func BenchmarkHearOneLanguage(b *testing.B)    { benchmarkHear(b, brand("en")) }
func BenchmarkHearThreeLanguages(b *testing.B) { benchmarkHear(b, brand("en", "de", "fr")) }

func benchmarkHear(b *testing.B, brand engine.Brand) {
	var none *listen.Listener
	r := none.Read(brand, said(typical))
	b.ReportAllocs()
	for b.Loop() {
		conv := engine.Conversation{Language: "en"}
		r.Hear(&conv)
	}
}
