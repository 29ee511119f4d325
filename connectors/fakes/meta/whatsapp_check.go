package meta

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf16"
)

// Limits of the Cloud API.
const (
	waText       = 4096
	waBody       = 1024 // of buttons and links
	waCaption    = 1024
	waHeader     = 60
	waFooter     = 60
	waButtons    = 3
	waButton     = 20
	waButtonID   = 256
	waRows       = 10
	waSections   = 10
	waRow        = 24
	waDetail     = 72
	waRowID      = 200
	waSection    = 24
	waMark       = 512
	waTemplateID = 512
)

// waSend is what is posted to a number's messages.
type waSend struct {
	To        string `json:"to"`
	Recipient string `json:"recipient"`
	Type      string `json:"type"`
	Mark      string `json:"biz_opaque_callback_data"`
	Context   *struct {
		ID string `json:"message_id"`
	} `json:"context"`
	Text *struct {
		Body string `json:"body"`
	} `json:"text"`
	Image, Video, Audio, Document, Sticker *waFile
	Location                               *struct {
		Latitude  any `json:"latitude"`
		Longitude any `json:"longitude"`
	} `json:"location"`
	Contacts []struct {
		Name map[string]string `json:"name"`
	} `json:"contacts"`
	Reaction *struct {
		ID    string  `json:"message_id"`
		Emoji *string `json:"emoji"`
	} `json:"reaction"`
	Interactive *waInteractive `json:"interactive"`
	Template    *struct {
		Name     string `json:"name"`
		Language struct {
			Code string `json:"code"`
		} `json:"language"`
	} `json:"template"`
}

type waFile struct {
	Link     string `json:"link"`
	ID       string `json:"id"`
	Caption  string `json:"caption"`
	Filename string `json:"filename"`
}

type waWords struct {
	Text string `json:"text"`
}

type waInteractive struct {
	Type   string `json:"type"`
	Header *struct {
		Type  string  `json:"type"`
		Text  string  `json:"text"`
		Image *waFile `json:"image"`
	} `json:"header"`
	Body   *waWords `json:"body"`
	Footer *waWords `json:"footer"`
	Action struct {
		Name    string `json:"name"`
		Button  string `json:"button"`
		Buttons []struct {
			Type  string `json:"type"`
			Reply struct {
				ID    string `json:"id"`
				Title string `json:"title"`
			} `json:"reply"`
		} `json:"buttons"`
		Sections []struct {
			Title string `json:"title"`
			Rows  []struct {
				ID          string `json:"id"`
				Title       string `json:"title"`
				Description string `json:"description"`
			} `json:"rows"`
		} `json:"sections"`
		Parameters struct {
			Text string `json:"display_text"`
			URL  string `json:"url"`
		} `json:"parameters"`
	} `json:"action"`
}

// words are what a consumer reads of a send first.
func (m waSend) words() string {
	switch {
	case m.Text != nil:
		return m.Text.Body
	case m.Interactive != nil && m.Interactive.Body != nil:
		return m.Interactive.Body.Text
	case m.Image != nil:
		return m.Image.Caption
	case m.Video != nil:
		return m.Video.Caption
	case m.Document != nil:
		return m.Document.Caption
	}
	return ""
}

func size(s string) int { return len(utf16.Encode([]rune(s))) }

func wrong(format string, args ...any) *Refusal { return Refused(131009, fmt.Sprintf(format, args...)) }

func missing(what string) *Refusal {
	return Refused(131008, "The parameter "+what+" is required.")
}

// check finds what the Cloud API refuses.
func (m waSend) check() *Refusal {
	switch to, _ := regexp.MatchString(`^\+?[0-9]{5,20}$`, m.To); { // the patterns are right
	case m.To == "" && m.Recipient == "":
		return Refused(100, "The parameter to is required.")
	case m.To != "" && !to:
		return wrong("Recipient phone number not valid")
	case m.To == "" && !regexp.MustCompile(`^[A-Z]{2}\.[A-Za-z0-9.]{1,140}$`).MatchString(m.Recipient):
		return wrong("Recipient not valid")
	case size(m.Mark) > waMark:
		return Refused(100, "Param biz_opaque_callback_data must be at most 512 characters long.")
	case m.Context != nil && m.Context.ID == "":
		return missing("context.message_id")
	}
	switch m.Type {
	case "text":
		if m.Text == nil || strings.TrimSpace(m.Text.Body) == "" {
			return missing("text.body")
		}
		if size(m.Text.Body) > waText {
			return Refused(100, "Param text['body'] must be at most 4096 characters long.")
		}
	case "image", "video", "audio", "document", "sticker":
		file := map[string]*waFile{"image": m.Image, "video": m.Video, "audio": m.Audio, "document": m.Document, "sticker": m.Sticker}[m.Type]
		return file.check(m.Type)
	case "location":
		if m.Location == nil || m.Location.Latitude == nil || m.Location.Longitude == nil {
			return missing("location")
		}
	case "contacts":
		return m.checkContacts()
	case "reaction":
		if m.Reaction == nil || m.Reaction.ID == "" || m.Reaction.Emoji == nil {
			return missing("reaction")
		}
	case "interactive":
		if m.Interactive == nil {
			return missing("interactive")
		}
		return m.Interactive.check()
	case "template":
		switch {
		case m.Template == nil || m.Template.Name == "" || m.Template.Language.Code == "":
			return missing("template")
		case size(m.Template.Name) > waTemplateID || !regexp.MustCompile(`^[a-z0-9_]+$`).MatchString(m.Template.Name):
			return Refused(132001, "template name ("+m.Template.Name+") does not exist in "+m.Template.Language.Code)
		}
	default:
		return Refused(100, "Param type must be one of {AUDIO, CONTACTS, DOCUMENT, IMAGE, INTERACTIVE, LOCATION, REACTION, STICKER, TEMPLATE, TEXT, VIDEO} - got \""+m.Type+"\".")
	}
	return nil
}

func (f *waFile) check(kind string) *Refusal {
	switch {
	case f == nil || f.Link == "" && f.ID == "":
		return missing(kind + ".link or " + kind + ".id")
	case f.Link != "" && !isURL(f.Link):
		return wrong("Link is not a valid URL")
	case f.Caption != "" && (kind == "audio" || kind == "sticker"):
		return Refused(100, "Unexpected key \"caption\" on param \""+kind+"\".")
	case f.Filename != "" && kind != "document":
		return Refused(100, "Unexpected key \"filename\" on param \""+kind+"\".")
	case size(f.Caption) > waCaption:
		return wrong("Caption length exceeds 1024")
	}
	return nil
}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}

func (m waSend) checkContacts() *Refusal {
	if len(m.Contacts) == 0 {
		return missing("contacts")
	}
	for _, c := range m.Contacts {
		if c.Name["formatted_name"] == "" {
			return missing("contacts.name.formatted_name")
		}
		if len(c.Name) < 2 {
			return wrong("At least one of the optional parameters needs to be included along with the formatted_name parameter.")
		}
	}
	return nil
}

func (i waInteractive) check() *Refusal {
	body := waBody
	if i.Type == "list" {
		body = waText
	}
	switch {
	case i.Body == nil || strings.TrimSpace(i.Body.Text) == "":
		return missing("interactive.body.text")
	case size(i.Body.Text) > body:
		return wrong("Body text length invalid. Min length: 1, Max length: %d", body)
	case i.Footer != nil && (i.Footer.Text == "" || size(i.Footer.Text) > waFooter):
		return wrong("Footer text length invalid. Min length: 1, Max length: %d", waFooter)
	case i.Header != nil && i.Header.Type == "text" && (i.Header.Text == "" || size(i.Header.Text) > waHeader):
		return wrong("Header text length invalid. Min length: 1, Max length: %d", waHeader)
	}
	if i.Header != nil && i.Header.Type == "image" {
		if refused := i.Header.Image.check("image"); refused != nil {
			return refused
		}
	}
	switch i.Type {
	case "button":
		return i.checkButtons()
	case "list":
		return i.checkList()
	case "cta_url":
		p := i.Action.Parameters
		switch {
		case i.Action.Name != "cta_url" || p.Text == "" || size(p.Text) > waButton:
			return wrong("CTA display_text length invalid. Min length: 1, Max length: %d", waButton)
		case !isURL(p.URL):
			return wrong("CTA url is not valid")
		}
		return nil
	}
	return wrong("Unsupported interactive type %q", i.Type)
}

func (i waInteractive) checkButtons() *Refusal {
	if n := len(i.Action.Buttons); n < 1 || n > waButtons {
		return wrong("Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: %d", waButtons)
	}
	ids, titles := map[string]bool{}, map[string]bool{}
	for _, b := range i.Action.Buttons {
		switch {
		case b.Type != "reply":
			return wrong("Unsupported button type %q", b.Type)
		case b.Reply.Title == "" || size(b.Reply.Title) > waButton:
			return wrong("Button title length invalid. Min length: 1, Max length: %d", waButton)
		case b.Reply.ID == "" || size(b.Reply.ID) > waButtonID:
			return wrong("Button id length invalid. Min length: 1, Max length: %d", waButtonID)
		case ids[b.Reply.ID]:
			return wrong("Duplicate button id")
		case titles[b.Reply.Title]:
			return wrong("Button title cannot be duplicated")
		}
		ids[b.Reply.ID], titles[b.Reply.Title] = true, true
	}
	return nil
}

func (i waInteractive) checkList() *Refusal {
	switch n := len(i.Action.Sections); {
	case i.Action.Button == "" || size(i.Action.Button) > waButton:
		return wrong("Button label length invalid. Min length: 1, Max length: %d", waButton)
	case n < 1 || n > waSections:
		return wrong("Invalid sections count. Min allowed sections: 1, Max allowed sections: %d", waSections)
	}
	rows, ids := 0, map[string]bool{}
	for _, s := range i.Action.Sections {
		if len(i.Action.Sections) > 1 && s.Title == "" || size(s.Title) > waSection {
			return wrong("Section title is required and has at most %d characters", waSection)
		}
		for _, r := range s.Rows {
			switch {
			case r.Title == "" || size(r.Title) > waRow:
				return wrong("Row title length invalid. Min length: 1, Max length: %d", waRow)
			case size(r.Description) > waDetail:
				return wrong("Row description is too long. Max length is %d", waDetail)
			case r.ID == "" || size(r.ID) > waRowID:
				return wrong("Row id length invalid. Min length: 1, Max length: %d", waRowID)
			case ids[r.ID]:
				return wrong("Duplicated row id is not allowed. Row id: %s", r.ID)
			}
			ids[r.ID] = true
			rows++
		}
	}
	if rows < 1 || rows > waRows {
		return wrong("Total row count exceed max allowed count: %d", waRows)
	}
	return nil
}
