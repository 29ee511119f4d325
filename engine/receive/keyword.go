package receive

import (
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/choice"
	"parley/engine/lifecycle"
	"parley/engine/smstext"
	"parley/engine/texts"
	"parley/engine/transcript"
)

const none = smstext.KeywordNone

// keyword finds the law's words. START also has a meaning to bots ("yes"), so
// its weaker forms count only for an address that is opted out.
func keyword(tx engine.Tx, caps engine.Capabilities, ch engine.Channel, in engine.Inbound) (smstext.Keyword, error) {
	if !caps.Keywords || in.Content.Text == "" || len(in.Content.Text) > 40 {
		return none, nil
	}
	word := smstext.ParseKeyword(in.Content.Text, true)
	if word != smstext.KeywordStart {
		return word, nil
	}
	c, err := tx.Consumers().Consent(ch.Brand, ch.ID, in.From)
	if err != nil && engine.CodeOf(err) != engine.NotFound {
		return none, err // "START" must not become a chat's yes
	}
	return smstext.ParseKeyword(in.Content.Text, err == nil && c.OptedOut), nil
}

// obey carries out STOP, START and HELP. They never reach a bot. STOP ends the
// conversation; the other two end it only when they opened it. A machine that
// sends them again and again is not answered.
func (r *Receiver) obey(tx engine.Tx, now time.Time, entry catalog.Entry, ch engine.Channel, conv *engine.Conversation, m engine.Message, in engine.Inbound, word smstext.Keyword, opened, loops bool) error {
	reply := texts.Help
	if word != smstext.KeywordHelp {
		c := engine.Consent{
			Brand: ch.Brand, Channel: ch.ID, Address: in.From, Source: in.Content.Text,
			Message: m.ID, At: now, OptedOut: word == smstext.KeywordStop,
		}
		if err := tx.Consumers().AddConsent(c); err != nil {
			return err
		}
		if err := transcript.Log(tx, now, *conv, engine.EventConsent, "consumer", c); err != nil {
			return err
		}
		reply = texts.OptedIn
		if c.OptedOut {
			reply = texts.OptedOut
		}
	}
	// Twilio answers these words itself unless the account says otherwise.
	if !loops && !in.KeywordDone && ch.Config["keyword_replies"] == "gateway" {
		err := r.Writer.System(tx, now, entry.Brand, ch, conv, reply, map[string]string{"brand": entry.Brand.Name})
		if err != nil {
			return err
		}
	}
	if word != smstext.KeywordStop && !opened {
		return nil
	}
	outcome := "keyword"
	if word == smstext.KeywordStop {
		outcome = "opted_out"
	}
	return lifecycle.Close(tx, now, conv, "consumer", outcome, "")
}

// picked resolves a text or a pressed button against the choices offered last. A number names the place of one
// only on a channel that cannot draw buttons and so shows numbers.
func picked(now time.Time, caps engine.Capabilities, conv engine.Conversation, in engine.Inbound) *engine.Choice {
	if in.Content.Picked != nil || conv.Pending == nil || now.After(conv.Pending.Until) {
		return in.Content.Picked
	}
	i, ok := choice.Resolve(choice.Options(conv.Pending.Choices), in.Content.Text, in.Payload, !caps.Choices && !conv.Pending.Unnumbered)
	if !ok {
		return nil
	}
	return &conv.Pending.Choices[i]
}
