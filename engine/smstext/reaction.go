package smstext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sent is a text that a phone got from us.
type Sent struct {
	Text  string
	Media bool // with pictures or other files
}

const (
	longestReaction = 8 << 10 // bytes
	longestMedia    = 100     // bytes of one that repeats nothing
	certainQuote    = 15      // letters and digits that a quote must have that was cut
)

// meaning is a way to read a text as a reaction.
type meaning struct {
	sign   string
	quoted string // what it repeats
	media  bool   // it repeats nothing, as there was no text
}

// meanings are the ways to read a text as a reaction, whatever was sent. Ordinary texts have none.
func meanings(text string) (out []meaning) {
	if len(text) > longestReaction {
		return nil
	}
	if len(text) <= longestMedia {
		if sign, ok := ofMedia(words(text)); ok {
			return []meaning{{sign: sign, media: true}}
		}
	}
	text = visible(text)
	for _, q := range quotes(text) {
		if sign, ok := signOf(text[:q.from] + " " + text[q.to:]); ok {
			out = append(out, meaning{sign: sign, quoted: q.text})
		}
	}
	return out
}

// MayBeReaction tells without what was sent whether Reaction has to look at it.
func MayBeReaction(text string) bool { return len(meanings(text)) > 0 }

// Reaction reads the text that a phone sends where its owner reacts to a message and the channel knows no reactions:
// `Liked “See you at 8”`, `👍 to “See you at 8”`, `Loved an image`. It must repeat one of the texts that were sent, or a
// picture must have been sent; to is its index. sign is the emoji that was meant, "" when a reaction was taken
// back or was a sticker. The phone writes in its own language; English, Spanish and French are known.
func Reaction(text string, sent []Sent) (to int, sign string, ok bool) {
	all := meanings(text)
	for i, s := range sent {
		for _, m := range all {
			if m.media && s.Media || !m.media && repeats(m.quoted, s.Text) {
				return i, m.sign, true
			}
		}
	}
	return 0, "", false
}

// visible drops what Google's phones put around the parts of a reaction.
func visible(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch r {
		case '\u200a', '\u200b', '\u200e', '\u200f', '\u2060', '\u2068', '\u2069', '\ufeff':
			return -1
		case '\u00a0', '\u202f':
			return ' '
		}
		return r
	}, text))
}

// words are a text in lower case, with single blanks and one kind of apostrophe.
func words(text string) string {
	text = strings.ToLower(strings.ReplaceAll(visible(text), "’", "'"))
	return strings.Join(strings.Fields(text), " ")
}

// quote is a part of a text in quotation marks, which stand at from and before to.
type quote struct {
	from, to int
	text     string
}

// maxMarks bounds the marks of a text that may begin a quote.
const maxMarks = 8

// quotes are the parts of a text that may be a quote: each mark begins one that ends at the text's last of its kind.
func quotes(text string) (out []quote) {
	for i, r := range text {
		closing := ""
		switch r {
		case '"':
			closing = `"`
		case '“':
			closing = "”"
		case '„':
			closing = "“”"
		case '«':
			closing = "»"
		case '»':
			closing = "«"
		default:
			continue
		}
		begin := i + utf8.RuneLen(r)
		end := strings.LastIndexAny(text, closing)
		if end < begin || len(out) == maxMarks {
			continue
		}
		_, size := utf8.DecodeRuneInString(text[end:])
		out = append(out, quote{i, end + size, text[begin:end]})
	}
	return out
}

// signOf reads what stands around the quote.
func signOf(outside string) (sign string, ok bool) {
	outside = words(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`"“”„«»`, r) {
			return -1
		}
		return r
	}, outside))
	if sign, ok := verb(outside); ok {
		return sign, true
	}
	begin := strings.IndexFunc(outside, isEmoji)
	if begin < 0 {
		return "", false
	}
	end := begin + strings.IndexFunc(outside[begin:]+" ", func(r rune) bool { return !isEmoji(r) })
	switch words(outside[:begin] + " " + outside[end:]) {
	case "", "to", "reacted to", "reacted with to", "à", "a réagi avec à", "a", "reaccionó con a":
		return outside[begin:end], true
	case "removed from", "removed a from", "removed a reaction from", "a supprimé de", "a retiré de", "eliminó de", "quitó de":
		return "", true
	}
	return "", false
}

// verb is the sign of the words that Apple's phones use.
func verb(s string) (sign string, ok bool) {
	switch s {
	case "loved", "le encantó", "a adoré", "a attribué la mention adore à":
		return "❤️", true
	case "liked", "le gustó", "a aimé", "a attribué la mention j'aime à", "a ajouté un j'aime à":
		return "👍", true
	case "disliked", "no le gustó", "n'a pas aimé", "a attribué la mention je n'aime pas à":
		return "👎", true
	case "laughed at", "le dio risa", "se rió de", "a ri de", "a ri à":
		return "😂", true
	case "emphasized", "emphasised", "exclamó por", "enfatizó", "destacó", "a mis en évidence", "a souligné":
		return "‼️", true
	case "questioned", "dudó sobre", "a posé une question sur", "s'est interrogé(e) sur":
		return "❓", true
	case "removed a heart from", "removed a like from", "removed a dislike from", "removed a laugh from", "removed an exclamation from",
		"removed a question mark from", "removed a sticker from", "reacted with a sticker to":
		return "", true
	}
	return "", false
}

// ofMedia is the sign of a reaction to what has no text to repeat.
func ofMedia(s string) (sign string, ok bool) {
	for _, what := range []string{
		"an image", "a photo", "a picture", "a video", "a movie", "a gif", "an attachment", "a file", "an audio message", "a voice message",
		"una imagen", "una foto", "un video", "un vídeo", "un archivo", "un archivo adjunto", "une image", "une photo", "une vidéo", "une pièce jointe",
	} {
		if before, found := strings.CutSuffix(s, " "+what); found {
			return signOf(before)
		}
	}
	return "", false
}

func isEmoji(r rune) bool {
	return unicode.In(r, unicode.So, unicode.Sk, unicode.Variation_Selector) || r == '‼' || r == '⁉' || r == '\u200d'
}

// repeats tells whether a quote is a text of ours. Blanks and marks do not count, as phones change them; a quote that was
// cut has to say so, and to be long enough.
func repeats(quoted, sent string) bool {
	q, s := letters(quoted), letters(sent)
	if q == "" {
		q, s = words(quoted), words(sent)
		return q != "" && q == s
	}
	if q == s {
		return true
	}
	quoted = strings.TrimSpace(quoted)
	cut := strings.HasSuffix(quoted, "…") || strings.HasSuffix(quoted, "...")
	return cut && utf8.RuneCountInString(q) >= certainQuote && strings.HasPrefix(s, q)
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
