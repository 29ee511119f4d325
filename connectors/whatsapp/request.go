package whatsapp

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"parley/connectors/exchange"
	"parley/engine"
	"parley/engine/degrade"
)

// outgoing is the document that makes a message. One of the objects is there, which
// Type names.
type outgoing struct {
	Product     string          `json:"messaging_product"`
	Audience    string          `json:"recipient_type"`
	To          string          `json:"to,omitempty"`
	Recipient   string          `json:"recipient,omitempty"`
	Context     *quote          `json:"context,omitempty"`
	Type        string          `json:"type"`
	Text        *text           `json:"text,omitempty"`
	Image       *attachment     `json:"image,omitempty"`
	Video       *attachment     `json:"video,omitempty"`
	Audio       *attachment     `json:"audio,omitempty"`
	Document    *attachment     `json:"document,omitempty"`
	Location    *place          `json:"location,omitempty"`
	Contacts    []visitingCard  `json:"contacts,omitempty"`
	Interactive *interactive    `json:"interactive,omitempty"`
	Template    *filledTemplate `json:"template,omitempty"`
	Item        string          `json:"biz_opaque_callback_data,omitempty"`
}

type quote struct {
	ID string `json:"message_id"`
}

type text struct {
	Body    string `json:"body"`
	Preview bool   `json:"preview_url,omitempty"`
}

type attachment struct {
	Link     string `json:"link"`
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
}

type place struct {
	Latitude  string `json:"latitude"`
	Longitude string `json:"longitude"`
	Name      string `json:"name,omitempty"`
	Address   string `json:"address,omitempty"`
}

type visitingCard struct {
	Name   personName `json:"name"`
	Org    *company   `json:"org,omitempty"`
	Phones []phone    `json:"phones,omitempty"`
	Emails []email    `json:"emails,omitempty"`
}

type personName struct {
	Formatted string `json:"formatted_name"`
	First     string `json:"first_name"`
}

type company struct {
	Company string `json:"company"`
}

type phone struct {
	Phone string `json:"phone"`
}

type email struct {
	Email string `json:"email"`
}

type interactive struct {
	Type   string  `json:"type"`
	Header *header `json:"header,omitempty"`
	Body   words   `json:"body"`
	Action action  `json:"action"`
}

type header struct {
	Type  string      `json:"type"`
	Image *attachment `json:"image"`
}

type words struct {
	Text string `json:"text"`
}

type action struct {
	Name       string      `json:"name,omitempty"`
	Button     string      `json:"button,omitempty"`
	Buttons    []button    `json:"buttons,omitempty"`
	Sections   []section   `json:"sections,omitempty"`
	Parameters *linkButton `json:"parameters,omitempty"`
}

type button struct {
	Type  string `json:"type"`
	Reply reply  `json:"reply"`
}

type section struct {
	Rows []row `json:"rows"`
}

type row struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

type linkButton struct {
	Text string `json:"display_text"`
	URL  string `json:"url"`
}

type filledTemplate struct {
	Name     string `json:"name"`
	Language struct {
		Code string `json:"code"`
	} `json:"language"`
	Components []component `json:"components,omitempty"`
}

type component struct {
	Type       string      `json:"type"`
	Parameters []parameter `json:"parameters"`
}

type parameter struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// userID is the form of the ids that Meta gives a consumer for one business.
var userID = regexp.MustCompile(`^[A-Z]{2}\.[A-Za-z0-9.]{1,190}$`)

// request writes the document for one part that Render made.
func request(ch engine.Channel, out engine.Outbound) ([]byte, *engine.SendError) {
	doc := outgoing{Product: "whatsapp", Audience: "individual", Item: out.Item}
	switch {
	case out.To == "":
		return nil, &engine.SendError{Class: engine.SendInvalid, Message: "The message has no recipient."}
	case userID.MatchString(out.To):
		doc.Recipient = out.To
	default:
		doc.To = out.To
	}
	if out.Answers != "" && out.Content.Template == nil { // Meta takes no quotes in templates
		doc.Context = &quote{out.Answers}
	}
	if !doc.fill(ch, out.Content) {
		return nil, &engine.SendError{Class: engine.SendInvalid, Message: "The message has nothing that WhatsApp can show."}
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		return nil, &engine.SendError{Class: engine.SendInvalid, Message: "The message cannot be written as JSON.", Cause: err}
	}
	return raw, nil
}

// fill puts a content in; false when there is nothing to put.
func (d *outgoing) fill(ch engine.Channel, c engine.Content) bool {
	switch {
	case c.Template != nil:
		d.Type, d.Template = "template", template(*c.Template)
	case len(c.Media) > 0:
		d.attach(c.Media[0], c.Text)
	case c.Location != nil:
		d.Type, d.Location = "location", &place{
			Latitude: degrees(c.Location.Lat), Longitude: degrees(c.Location.Lon), Name: c.Location.Name, Address: c.Location.Address,
		}
	case len(c.Contacts) > 0:
		d.Type = "contacts"
		for _, p := range c.Contacts {
			d.Contacts = append(d.Contacts, visiting(p))
		}
	case len(c.Cards) > 0:
		link, ok := linked(c.Cards[0])
		if !ok {
			return false
		}
		d.Type, d.Interactive = "interactive", link
	case len(c.Choices) > 0:
		d.Type, d.Interactive = "interactive", choices(ch, c)
	case strings.TrimSpace(c.Text) != "":
		d.Type, d.Text = "text", &text{Body: c.Text, Preview: strings.Contains(c.Text, "https://") || strings.Contains(c.Text, "http://")}
	default:
		return false
	}
	return true
}

func template(t engine.Template) *filledTemplate {
	out := &filledTemplate{Name: t.Name}
	out.Language.Code = strings.ReplaceAll(t.Language, "-", "_") // en-US is en_US at Meta
	if len(t.Values) > 0 {
		body := component{Type: "body"}
		for _, v := range t.Values {
			// Line breaks, tabs and many blanks are refused within a value.
			body.Parameters = append(body.Parameters, parameter{Type: "text", Text: strings.Join(strings.Fields(v), " ")})
		}
		out.Components = []component{body}
	}
	return out
}

// attach puts a file in, by its link, with a caption where its kind has one.
func (d *outgoing) attach(m engine.Media, caption string) {
	file := &attachment{Link: m.URL, Caption: caption}
	switch kindOf(m) {
	case engine.MediaImage:
		d.Type, d.Image = "image", file
	case engine.MediaVideo:
		d.Type, d.Video = "video", file
	case engine.MediaAudio:
		file.Caption = ""
		d.Type, d.Audio = "audio", file
	default:
		file.Filename = degrade.Cut(m.Name, maxFilename, engine.UnitUTF16)
		d.Type, d.Document = "document", file
	}
}

// kindOf is as what a file is shown: by its type, and by its kind when nobody told that.
func kindOf(m engine.Media) string {
	family, _, found := strings.Cut(m.MIME, "/")
	switch {
	case !found || family == m.Kind:
		return m.Kind
	case m.Kind != engine.MediaFile && (family == engine.MediaImage || family == engine.MediaVideo || family == engine.MediaAudio):
		return family
	}
	return engine.MediaFile
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// visiting is a contact's card. A name needs a part beside the whole.
func visiting(p engine.Contact) visitingCard {
	name := p.Name
	for _, other := range append([]string{p.Org}, append(p.Phones, p.Emails...)...) {
		if name == "" {
			name = other
		}
	}
	card := visitingCard{Name: personName{Formatted: name, First: name}}
	if p.Org != "" {
		card.Org = &company{p.Org}
	}
	for _, n := range p.Phones {
		card.Phones = append(card.Phones, phone{n})
	}
	for _, a := range p.Emails {
		card.Emails = append(card.Emails, email{a})
	}
	return card
}

// linked is a card as a message with a button that opens a page; false for one whose
// links or words do not fit such a message.
func linked(card engine.Card) (*interactive, bool) {
	at := -1
	for i, l := range card.Links {
		if strings.HasPrefix(l.URL, "https://") && l.Label != "" && degrade.Units(l.Label, engine.UnitUTF16) <= maxButton {
			at = i
			break
		}
	}
	if at < 0 {
		return nil, false
	}
	rest := card
	rest.Links = append(append([]engine.Link(nil), card.Links[:at]...), card.Links[at+1:]...)
	body := degrade.CardText(rest, false)
	if body == "" || degrade.Units(body, engine.UnitUTF16) > maxBody {
		return nil, false
	}
	out := &interactive{
		Type: "cta_url", Body: words{body},
		Action: action{Name: "cta_url", Parameters: &linkButton{Text: card.Links[at].Label, URL: card.Links[at].URL}},
	}
	if card.Image != "" {
		out.Header = &header{Type: "image", Image: &attachment{Link: card.Image}}
	}
	return out, true
}

// choices are buttons, or a list of rows behind one.
func choices(ch engine.Channel, c engine.Content) *interactive {
	out := &interactive{Type: "button", Body: words{c.Text}}
	ids := usable(c.Choices)
	if degrade.As(c.Choices, capabilities()) == degrade.Buttons {
		for i, one := range c.Choices {
			out.Action.Buttons = append(out.Action.Buttons, button{Type: "reply", Reply: reply{ID: ids[i], Title: one.Label}})
		}
		return out
	}
	out.Type, out.Action.Button = "list", ch.Config["list_label"]
	if out.Action.Button == "" {
		out.Action.Button = defaultListLabel
	}
	var s section
	for i, one := range c.Choices {
		s.Rows = append(s.Rows, row{ID: ids[i], Title: one.Label, Description: degrade.Cut(one.Detail, maxDetail, engine.UnitUTF16)})
	}
	out.Action.Sections = []section{s}
	return out
}

// usable are the ids of choices. Where one is missing, too long or there twice, which
// Meta refuses, all are their places: what was picked is known by its label then.
func usable(list []engine.Choice) []string {
	ids, seen := make([]string, len(list)), map[string]bool{}
	for i, c := range list {
		if c.ID == "" || degrade.Units(c.ID, engine.UnitUTF16) > maxChoiceID || seen[c.ID] {
			for j := range ids {
				ids[j] = "place-" + strconv.Itoa(j+1)
			}
			return ids
		}
		ids[i], seen[c.ID] = c.ID, true
	}
	return ids
}

// Render fits a content to what WhatsApp shows. A card needs a link that fits a button,
// else it is a picture with its words below it.
func (c *Connector) Render(_ engine.Channel, content engine.Content, hint string) []engine.Content {
	can := capabilities()
	var parts []engine.Content
	for _, part := range degrade.Parts(content, can, hint) {
		switch {
		case len(part.Cards) > 0:
			if _, ok := linked(part.Cards[0]); ok {
				parts = append(parts, part)
				continue
			}
			parts = append(parts, degrade.Parts(pictured(part.Cards[0]), can, hint)...)
		case len(part.Media) > 0 && kindOf(part.Media[0]) == engine.MediaAudio && part.Text != "": // sounds have no caption
			parts = append(parts, engine.Content{Media: part.Media}, engine.Content{Text: part.Text})
		default:
			parts = append(parts, part)
		}
	}
	return parts
}

// pictured is a card without buttons.
func pictured(card engine.Card) engine.Content {
	c := engine.Content{Text: degrade.CardText(card, false)}
	if card.Image != "" {
		c.Media = []engine.Media{{Kind: engine.MediaImage, URL: card.Image}}
	}
	return c
}

// answer is what Meta says to a send.
type answer struct {
	Messages []struct {
		ID string `json:"id"`
	} `json:"messages"`
}

func (a answer) receipt() (engine.Receipt, error) {
	if len(a.Messages) == 0 || a.Messages[0].ID == "" {
		return engine.Receipt{}, &engine.SendError{Class: engine.SendUnsure, Message: "Meta's answer names no message.", Settled: true}
	}
	return engine.Receipt{ProviderID: exchange.Clean(a.Messages[0].ID), State: engine.Sent}, nil
}
