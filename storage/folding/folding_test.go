package folding

import (
	"strings"
	"testing"
)

func finds(query, tokens string) bool {
	all := Query(query)
	for _, t := range all {
		if !t.Finds(tokens) {
			return false
		}
	}
	return len(all) > 0
}

func TestFinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, finds, not string }{ // queries parted by |
		{"Mesut Özil", "ozil|Özil|özil|ÖZIL|OZIL|oezil|öz|Oz mes|mesut özil|o\u0308zil|O\u0308ZIL", "zil|ozill|o"},
		{"Grüße aus MÜNCHEN", "münchen|munchen|MUENCHEN|Mün|grüße|grüsse|gruss|GRÜSSE|grus|GRÜẞE|gruesse", "uenchen"},
		{"wohnt in Muenchen", "muenchen|München", ""},
		{"Straße 5", "strasse|STRASSE|straße|str|5", "strase"},
		{"I want a refund for my bike, please.", "refund|REFUND|refu|re|bike refund|a|i|please.|\"refund\"|refund*|(refund)|want:|-refund", "fund|cat|refund OR|refunds|x|refund cat"},
		{"don't re-send it", "don't|re-send|send", ""},
		{"ДИЯРБАКЫР ёлка Łódź Þór Ærø Œuvre", "диярбакыр|елка|lodz|łódź|thor|aero|oeuvre", ""},
		{"ISTANBUL DIYARBAKIR İzmir ılık", "istanbul|diyarbakır|İSTANBUL|ıstanbul|izmir|IZMIR|ilik|ILIK", ""},
		{"我要申请退款，谢谢", "退款|申请退款|退|谢谢|款|我要 退款", "款退|退谢"},
		{"返金をお願いします。カタカナ", "返金|お願い|かたかな|ｶﾀｶﾅ|カタ", "金返"},
		{"ご希望の日時、がんばる", "がんばる|希望", "かんばる"},
		{"ขอคืนเงิน", "คืนเงิน|คืน", ""},
		{"أريد استرداد المَبلغ الـمدفوع", "اريد|استرداد|المبلغ|المدفوع|أريد", "مبلغ"},
		{"שָׁלוֹם חבר", "שלום|חבר", ""},
		{"환불해 주세요", "환불|환|주세요", "불해"},
		{"मुझे रिफंड चाहिए", "रिफंड|चाहिए", ""},
		{"ok 👍🏽 thanks ❤️", "👍|❤|👍🏿 ok|thanks", "👎"},
		{"ＡＢＣ　１２３ ﬁne ①", "abc|123|fine|1", ""},
		{"order A12345-X, no. 77/88", "A12345|12345|1234|a12345-x|77/88", "345"},
		{"٠١٢٣٤٥٦٧", "01234567|234567|1234", ""},
		{"call me at (030) 123-456 78 or +1 555 0100", "03012345678|030 12345678|12345678|(030) 123|0301234|3456|+15550100|15550100|5550100", ""},
		{"tel +49 (0)30 123456", "+49 30 123456|4930123456|030 123456|030/123456|30123456|0049 30 123456", "49030"},
		{"café naïve résumé", "cafe|café|cafe\u0301|NAÏVE|resume", ""},
		{"Straßenbahn\u00adhaltestelle", "straßenbahnhaltestelle", ""},
		{"\u202bעברית\u202c test\u200bed", "עברית|tested", ""},
	} {
		tokens := Text(c.text)
		for q := range strings.SplitSeq(c.finds, "|") {
			if !finds(q, tokens) {
				t.Errorf("%q does not find %q: %v in %s", q, c.text, Query(q), tokens)
			}
		}
		for q := range strings.SplitSeq(c.not, "|") {
			if q != "" && finds(q, tokens) {
				t.Errorf("%q finds %q: %v in %s", q, c.text, Query(q), tokens)
			}
		}
	}
}

// TestNames: any part of a name or an address finds it.
func TestNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, finds, not string }{
		{"Annegret Müller-Lüdenscheidt", "schei|MÜLLER|mueller|uller|lüden|enscheidt|annegret müller-l|gret", "lmüller|scheid x"},
		{"maya.burns@shop.example.org", "maya.burns@shop.example.org|burns@|ya.bur|ample|example.org|@shop", "mayaburns"},
		{"+15550100777", "+1 555 0100 777|(555) 010-0777|0100777|0777|555|15|5550100777|001 555 0100777", "777777|666"},
		{"webchat:V-SALES-77", "V-SALES|sales|ale|77", ""},
		{"王小明", "小明|王|明|王小明", "明小"},
	} {
		for q := range strings.SplitSeq(c.finds, "|") {
			if !finds(q, Name(c.name)) {
				t.Errorf("%q does not find %q: %v in %s", q, c.name, Query(q), Name(c.name))
			}
		}
		for q := range strings.SplitSeq(c.not, "|") {
			if q != "" && finds(q, Name(c.name)) {
				t.Errorf("%q finds %q", q, c.name)
			}
		}
	}
}

func TestNothingToSearchFor(t *testing.T) {
	t.Parallel()
	for _, q := range []string{"", "  ", "%", `"`, "' -- *", "()", "\u200b", "\u0301"} {
		if got := Query(q); len(got) > 0 {
			t.Errorf("%q: got %v", q, got)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 10_000)
	if got := Text(long); len(got) > maxToken {
		t.Errorf("a token of %d", len(got))
	}
	var many strings.Builder
	for i := range 9000 {
		many.WriteString("w" + strings.Repeat("y", i%50) + string(rune('a'+i%26)) + " ")
		many.WriteString(string(rune(0x4e00 + i)))
	}
	if n := len(strings.Fields(Name(many.String()))); n > maxTokens {
		t.Errorf("%d tokens", n)
	}
	if n := len(Query("a b c d e f g h i j k l m n")); n != maxTerms {
		t.Errorf("%d terms", n)
	}
}

// FuzzFolding: a text is found by each of its words, and nothing breaks out of
// the language of the index.
func FuzzFolding(f *testing.F) {
	for _, s := range []string{"Grüße 👍 030 123-456", "我要退款 refund", "\xff\xfe \u0301 \u202e(0)", `" OR * NEAR(`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = text[:min(len(text), 2000)]
		tokens := Text(text)
		for tok := range strings.FieldsSeq(tokens) {
			if strings.ContainsAny(tok, "\"*()\x00 ") {
				t.Fatalf("token %q", tok)
			}
		}
		for _, term := range Query(text) {
			m := term.Match()
			if strings.Count(m, `"`)%2 != 0 || strings.Contains(m, "\x00") {
				t.Fatalf("match %q", m)
			}
		}
		for _, word := range strings.Fields(text) {
			if len(word) > 60 || len(strings.Fields(tokens)) >= maxTokens/2 {
				continue
			}
			for _, term := range Query(word) {
				if !term.Finds(tokens) {
					t.Fatalf("%q (%v) is not found in %q: %s", word, term, text, tokens)
				}
			}
		}
	})
}
