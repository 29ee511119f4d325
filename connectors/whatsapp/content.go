package whatsapp

import (
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"slices"
	"strconv"
	"strings"

	"parley/connectors/exchange"
	"parley/engine"
)

// inbound is what the consumer did by a message, without who it was.
func (m message) inbound() (in engine.Inbound) {
	in.Of = exchange.Clean(m.Context.ID)
	if r := m.Referral; r != nil {
		in.Referral = &engine.Referral{
			Source: exchange.Clean(r.SourceType), ID: exchange.Clean(r.SourceID), URL: exchange.Clean(r.SourceURL), Title: exchange.Clean(r.Headline),
		}
		if in.Referral.Title == "" {
			in.Referral.Title = exchange.Clean(r.Body)
		}
	}
	switch m.Type {
	case "reaction":
		in.Kind, in.Of, in.Emoji = engine.InboundReaction, exchange.Clean(m.Reaction.MessageID), exchange.Clean(m.Reaction.Emoji)
	case "edit":
		in.Kind, in.Of = engine.InboundEdit, exchange.Clean(m.Edit.Of)
		var now message
		if json.Unmarshal(m.Edit.Message, &now) != nil {
			now = message{}
		}
		in.Content, _ = now.content(now.Type)
	case "revoke":
		in.Kind, in.Of = engine.InboundUnsend, exchange.Clean(m.Revoke.Of)
	case "request_welcome":
		in.Kind = engine.InboundReferral
		if in.Referral == nil {
			in.Referral = &engine.Referral{Source: "welcome"}
		}
	default:
		in.Content, in.Payload = m.content(m.Type)
	}
	return in
}

// content is what a message says, and the id of a button that was pressed.
func (b *body) content(kind string) (c engine.Content, payload string) {
	switch kind {
	case "text":
		c.Text = exchange.Clean(b.Text.Body)
	case "image":
		c = b.Image.content(engine.MediaImage)
	case "sticker":
		c = b.Sticker.content(engine.MediaImage)
	case "video":
		c = b.Video.content(engine.MediaVideo)
	case "audio":
		c = b.Audio.content(engine.MediaAudio)
	case "document":
		c = b.Document.content(engine.MediaFile)
	case "location":
		if l := b.Location; l != nil {
			c.Location = &engine.Location{Lat: float64(l.Latitude), Lon: float64(l.Longitude), Name: exchange.Clean(l.Name), Address: exchange.Clean(l.Address)}
		}
	case "contacts":
		c.Contacts = people(b.Contacts)
	case "button":
		c.Text, payload = exchange.Clean(b.Button.Text), exchange.Clean(b.Button.Payload)
	case "interactive":
		c, payload = b.chosen()
	case "order":
		c.Text = b.ordered()
	case "unsupported":
		c.Unsupported = named(b.Unsupported.Type)
	default:
		c.Unsupported = named(kind)
	}
	if c.Plain() && c.Text == "" { // of a form that has changed
		c.Unsupported = named(kind)
	}
	return c, payload
}

// named is a kind as people and bots read it.
func named(kind string) string {
	const longest = 40
	if kind = exchange.Clean(kind); kind == "" || len(kind) > longest {
		return "message"
	}
	return kind
}

func (f *file) content(kind string) (c engine.Content) {
	if f == nil || f.ID == "" || len(f.ID) > maxID {
		return c
	}
	plain, _, err := mime.ParseMediaType(f.MIME)
	if err != nil {
		plain = ""
	}
	c.Text = exchange.Clean(f.Caption)
	c.Media = []engine.Media{{Kind: kind, MIME: exchange.Clean(plain), Name: exchange.Clean(f.Filename), Ref: exchange.Clean(f.ID)}}
	return c
}

func people(cards []card) (all []engine.Contact) {
	for _, p := range cards {
		c := engine.Contact{Name: exchange.Clean(p.Name.Formatted), Org: exchange.Clean(p.Org.Company)}
		for _, phone := range p.Phones {
			number := phone.Phone
			if number == "" && phone.WaID != "" {
				number = "+" + phone.WaID
			}
			if number != "" {
				c.Phones = append(c.Phones, exchange.Clean(number))
			}
		}
		for _, e := range p.Emails {
			if e.Email != "" {
				c.Emails = append(c.Emails, exchange.Clean(e.Email))
			}
		}
		all = append(all, c)
	}
	return all
}

// chosen is what a consumer picked or filled in.
func (b *body) chosen() (c engine.Content, payload string) {
	switch i := b.Interactive; i.Type {
	case "button_reply":
		c.Text, payload = exchange.Clean(i.ButtonReply.Title), exchange.Clean(i.ButtonReply.ID)
	case "list_reply":
		c.Text, payload = exchange.Clean(i.ListReply.Title), exchange.Clean(i.ListReply.ID)
	case "nfm_reply":
		if c.Text = filledIn(i.Form.Response); c.Text == "" {
			c.Text = exchange.Clean(i.Form.Body)
		}
	default:
		c.Unsupported = named(i.Type)
	}
	return c, payload
}

// ordered is an order in words: the message, then a line for each item.
func (b *body) ordered() string {
	lines := []string{exchange.Clean(b.Order.Text)}
	for _, i := range b.Order.Items {
		line := shown(float64(i.Quantity)) + " × " + exchange.Clean(i.ID)
		if i.Currency != "" {
			line += " (" + shown(float64(i.Price)) + " " + exchange.Clean(i.Currency) + ")"
		}
		lines = append(lines, line)
	}
	if lines[0] == "" {
		lines = lines[1:]
	}
	return strings.Join(lines, "\n")
}

func shown(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// filledIn is the answer of a form in words: a line for each field, in the order of
// their names, without the token that the form was sent with.
func filledIn(response string) string {
	var fields map[string]any
	if json.Unmarshal([]byte(response), &fields) != nil {
		return ""
	}
	delete(fields, "flow_token")
	return strings.Join(fieldLines("", fields), "\n")
}

const deepest = 3 // of what one field holds

func fieldLines(above string, fields map[string]any) (lines []string) {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		label := above + exchange.Clean(name)
		switch v := fields[name].(type) {
		case nil:
		case map[string]any:
			if strings.Count(label, ".") < deepest {
				lines = append(lines, fieldLines(label+".", v)...)
			}
		case float64:
			lines = append(lines, label+": "+shown(v))
		case []any:
			all := make([]string, len(v))
			for i, one := range v {
				all[i] = exchange.Clean(fmt.Sprint(one))
			}
			lines = append(lines, label+": "+strings.Join(all, ", "))
		default:
			lines = append(lines, label+": "+exchange.Clean(fmt.Sprint(v)))
		}
	}
	return lines
}
