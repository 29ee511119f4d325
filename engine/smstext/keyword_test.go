package smstext

import (
	"strings"
	"testing"
)

func TestParseKeyword(t *testing.T) {
	t.Parallel()
	for want, texts := range map[Keyword][]string{
		KeywordStop: {"STOP", "stop", " Stop. ", "stop!!", "“STOP”", "ＳＴＯＰ", "\u200bstop\ufeff", "STOPALL", "stop all", "Unsubscribe",
			"cancel", "END", "Quit?", "revoke", "OptOut", "opt out", "opt-out", "Stop 🛑", "🙏stop🙏🏽", "#STOP", "*stop*", "¡STOP!", "stop❤️", "(stop)", "stop ›",
			"stop\ufe0f", "\u200fstop\u200e", "stop 🇨🇦", "~stop~", "stop…", "stop。", "STOP\u3164", "stop  all", "- stop -", "opt‑out", "Opt–Out.", "OPT — OUT", "opt- out", "[STOP]", "STOP;", "stop/", "\"stop\"", "`stop`", "stop\u2060", "stop 👍🏽👨‍👩‍👧", "stop :-)", "stop™", "STOP®", "stop\r\n", "\u3000stop", "𝐒𝐓𝐎𝐏", "stop\U000E0020", "stop\u2800", "«Stop»", "stop =", "ARRET", "arrêt", "Arre\u0302t."},
		KeywordStart: {"START", "start.", "Unstop"},
		KeywordHelp:  {"HELP", "help?", "info", "Info\n"},
		KeywordNone: {"", "...", "stop it", "please stop", "stopp", "S T O P", "yes", "no", "the end", "helpful", "st\x00op", "stop 1", "1 stop", "stop u", "don't stop", "stop, please", "stop and go", "🛑", "optout now", "opt-out please", "1. stop", "stop-stop", "stop stop", "unstoppable", "STOP MSG", "st.op", "aide", "non-stop", "stop-and-go",
			strings.Repeat("stop ", 20), "st\u200bop"},
	} {
		for _, text := range texts {
			if got := ParseKeyword(text, false); got != want {
				t.Errorf("ParseKeyword(%q, false) = %d, want %d", text, got, want)
			}
			if got := ParseKeyword(text, true); got != want && text != "yes" {
				t.Errorf("ParseKeyword(%q, true) = %d, want %d", text, got, want)
			}
		}
	}
	if got := ParseKeyword(" Yes! ", true); got != KeywordStart {
		t.Errorf("YES from an address that opted out = %d, want start", got)
	}
}

func FuzzParseKeyword(f *testing.F) {
	for _, s := range []string{"STOP", " ＳＴＯＰ。", "yes", "\xffstop", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		in, out := ParseKeyword(s, false), ParseKeyword(s, true)
		if in != out && (in != KeywordNone || out != KeywordStart) {
			t.Fatalf("%q: %d when opted in, %d when opted out", s, in, out)
		}
		if again := ParseKeyword("  "+s+".\n", false); again != in {
			t.Fatalf("%q: %d, with outer space and a full stop %d", s, in, again)
		}
	})
}

// The lists are compared as they stand.
func TestKeywordsAreFolded(t *testing.T) {
	t.Parallel()
	lists := []Keywords{Standard()}
	for _, l := range KeywordLanguages() {
		lists = append(lists, KeywordsOf(l))
	}
	for _, k := range lists {
		for _, list := range [][]string{k.Stop, k.Start, k.Help, k.Again} {
			for _, word := range list {
				if got := FoldKeyword(word); got != word {
					t.Errorf("%q would never be found: it is folded to %q", word, got)
				}
			}
		}
	}
}

func BenchmarkParseKeyword(b *testing.B) {
	for name, text := range map[string]string{"plain": "where is my order 4711", "marks": "Where is my order, please? 🙏", "stop": "Stop!"} {
		b.Run(name, func(b *testing.B) {
			k := Standard().And(KeywordsOf("fr")).And(KeywordsOf("de"))
			for b.Loop() {
				k.Parse(text, true)
			}
		})
	}
}
