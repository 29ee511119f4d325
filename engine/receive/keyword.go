package receive

import (
	"slices"
	"strings"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/degrade"
	"parley/engine/smstext"
	"parley/engine/texts"
	"parley/engine/understanding/choice"
)

const none = smstext.KeywordNone

// longestKeyword bounds the bytes of a text that may be a keyword with what stands around it.
const longestKeyword = 200

// keyword finds the law's words. What the provider took for one is one; without its word the channel's own words
// count. Some of START's also have a meaning to bots ("yes"), so these count only for an address that is opted out.
func keyword(tx engine.Tx, caps engine.Capabilities, brand engine.Brand, ch engine.Channel, in engine.Inbound) (smstext.Keyword, error) {
	switch in.Keyword {
	case "STOP":
		return smstext.KeywordStop, nil
	case "START":
		return smstext.KeywordStart, nil
	case "HELP":
		return smstext.KeywordHelp, nil
	}
	if !caps.Keywords || caps.OwnKeywords || in.Content.Text == "" || len(in.Content.Text) > longestKeyword {
		return none, nil
	}
	words, text := words(brand, ch), smstext.Unsigned(in.Content.Text)
	word := words.Parse(text, true)
	if word != smstext.KeywordStart {
		return word, nil
	}
	c, err := tx.Consumers().Consent(ch.Brand, ch.ID, in.From)
	if err != nil && engine.CodeOf(err) != engine.NotFound {
		return none, err
	}
	return words.Parse(text, err == nil && c.OptedOut), nil
}

// words are the channel's keywords: the standard ones, those of its languages, and its own. A short code always has
// the French ones, which Canada requires.
func words(brand engine.Brand, ch engine.Channel) smstext.Keywords {
	languages := brand.Settings.Languages
	if own := ch.Config["keyword_languages"]; own != "" {
		languages = strings.Split(own, ",")
	}
	if smstext.IsShortCode(ch.Address) {
		languages = append(slices.Clip(languages), "fr")
	}
	list := func(setting string) []string {
		if ch.Config[setting] == "" {
			return nil
		}
		all := strings.Split(ch.Config[setting], ",")
		for i, word := range all {
			all[i] = smstext.FoldKeyword(word)
		}
		return all
	}
	words := smstext.Standard().And(smstext.Keywords{Stop: list("stop_words"), Start: list("start_words"), Help: list("help_words")})
	for _, language := range languages {
		base, _, _ := strings.Cut(strings.TrimSpace(language), "-")
		words = words.And(smstext.KeywordsOf(strings.ToLower(base)))
	}
	return words
}

// answers tells whether the gateway answers a keyword. A provider that answers the words that it knows leaves others
// to the gateway.
func answers(caps engine.Capabilities, in engine.Inbound) bool {
	return in.Keyword == "" && (!caps.AnswersKeywords || smstext.Providers().Parse(in.Content.Text, true) == none)
}

// answerIn is the language of a keyword's answer. On a short code STOP is answered in English and ARRET in French,
// as Canada's rules for short codes want it; elsewhere in the conversation's language.
func answerIn(conv engine.Conversation, ch engine.Channel, in engine.Inbound) string {
	switch {
	case !smstext.IsShortCode(ch.Address):
		return conv.Language
	case smstext.KeywordsOf("fr").Parse(smstext.Unsigned(in.Content.Text), true) != none:
		return "fr"
	}
	return "en"
}

// obey carries out STOP, START and HELP. They never reach a bot. STOP ends the
// conversation; the other two end it only when they opened it. A machine that
// sends them again and again is not answered.
func (r *Receiver) obey(tx engine.Tx, entry catalog.Entry, ch engine.Channel, caps engine.Capabilities, conv *conversation.Change, m engine.Message, in engine.Inbound, word smstext.Keyword, opened, loops bool) error {
	reply := texts.Help
	if word != smstext.KeywordHelp {
		c := engine.Consent{
			Brand: ch.Brand, Channel: ch.ID, Address: in.From, Source: in.Content.Text, By: "consumer",
			Message: m.ID, At: conv.Now, OptedOut: word == smstext.KeywordStop,
		}
		if err := tx.Consumers().AddConsent(c); err != nil {
			return err
		}
		if err := conv.Log(engine.EventConsent, "consumer", c); err != nil {
			return err
		}
		reply = texts.OptedIn
		if c.OptedOut {
			reply = texts.OptedOut
		}
	}
	if !loops && answers(caps, in) {
		language := conv.Language
		conv.Language = answerIn(conv.Conversation, ch, in)
		if err := conv.System(reply, map[string]string{"brand": entry.Brand.Name}); err != nil {
			return err
		}
		conv.Language = language
	}
	if word != smstext.KeywordStop && !opened {
		return nil
	}
	outcome := "keyword"
	if word == smstext.KeywordStop {
		outcome = "opted_out"
	}
	return conv.Close("consumer", outcome, "")
}

// picked resolves a text or a pressed button against the choices offered last. A number names the place of one
// only on a channel that cannot draw buttons and so shows numbers.
func picked(now time.Time, caps engine.Capabilities, conv engine.Conversation, in engine.Inbound) *engine.Choice {
	if in.Content.Picked != nil || conv.Pending == nil || now.After(conv.Pending.Until) {
		return in.Content.Picked
	}
	i, ok := choice.Resolve(choice.Options(conv.Pending.Choices), in.Content.Text, in.Payload, degrade.Numbered(conv.Pending.Choices, conv.Pending.Unnumbered, caps))
	if !ok {
		return nil
	}
	return &conv.Pending.Choices[i]
}
