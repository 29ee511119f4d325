package phone

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"parley/connectors/fakes/meta"
)

// WhatsApp is a telephone with WhatsApp.
type WhatsApp struct {
	Server  *meta.Server
	Account *meta.WhatsApp
	Number  string // phone number id
	Who     meta.Person
}

// Say writes a text, or presses a button.
func (l WhatsApp) Say(ctx context.Context, w Written) error {
	return taken(ctx, l.Server, func() *sync.WaitGroup {
		if w.Payload == "" {
			_, done := l.Account.Say(l.Who, l.Number, w.Text)
			return done
		}
		_, done := l.Account.From(l.Who, l.Number, "interactive", map[string]any{
			"type": "button_reply", "button_reply": map[string]any{"id": w.Payload, "title": w.Text},
		})
		return done
	})
}

// Sent is what the consumer got.
func (l WhatsApp) Sent() []Shown { return sent(l.Server, l.Number, l.Who.WaID, whatsappShown) }

// Messenger is a consumer of Messenger or Instagram.
type Messenger struct {
	Server *meta.Server
	Page   *meta.Messaging
	ID     string // of the page or account
	Who    string
}

// Say writes a text, or taps a quick reply.
func (l Messenger) Say(ctx context.Context, w Written) error {
	return taken(ctx, l.Server, func() *sync.WaitGroup {
		message := map[string]any{"text": w.Text}
		if w.Payload != "" {
			message["quick_reply"] = map[string]any{"payload": w.Payload}
		}
		_, done := l.Page.From(l.Who, message)
		return done
	})
}

// Sent is what the consumer got.
func (l Messenger) Sent() []Shown { return sent(l.Server, l.ID, l.Who, messengerShown) }

// taken waits until the gateway has the webhook, and says when it refused it; Meta goes
// on trying.
func taken(ctx context.Context, s *meta.Server, write func() *sync.WaitGroup) error {
	before := s.Refused()
	done := make(chan struct{})
	waiting := write()
	go func() {
		defer close(done)
		waiting.Wait()
	}()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-done:
			return nil
		case <-ctx.Done():
			return notTaken()
		case <-look.C:
			if s.Refused() > before {
				return notTaken()
			}
		}
	}
}

func sent(s *meta.Server, node, to string, shown func(json.RawMessage) Shown) (all []Shown) {
	for _, m := range s.Sent() {
		if m.To == to && (m.Node == node || m.Node == "me") {
			all = append(all, shown(m.Body))
		}
	}
	return all
}

type file struct {
	Link     string `json:"link"`
	Caption  string `json:"caption"`
	Filename string `json:"filename"`
}

type words struct {
	Text string `json:"text"`
	Body string `json:"body"`
}

// whatsappShown reads what was posted to the Cloud API, which has checked it.
func whatsappShown(body json.RawMessage) Shown {
	var m struct {
		Text                          *words `json:"text"`
		Image, Video, Audio, Document *file
		Location                      *struct{ Name, Address string }
		Contacts                      []struct {
			Name struct {
				Formatted string `json:"formatted_name"`
			} `json:"name"`
		}
		Template *struct {
			Name string `json:"name"`
		}
		Interactive *struct {
			Header *struct{ Image *file }
			Body   words
			Action struct {
				Buttons []struct {
					Reply struct{ ID, Title string }
				}
				Sections []struct {
					Rows []struct{ ID, Title, Description string }
				}
				Parameters struct {
					Label string `json:"display_text"`
					URL   string `json:"url"`
				}
			}
		}
	}
	if json.Unmarshal(body, &m) != nil {
		return Shown{Text: string(body)}
	}
	var s Shown
	add := func(f *file) {
		if f == nil {
			return
		}
		s.Links = append(s.Links, f.Link)
		s.Text += f.Caption
	}
	for _, f := range []*file{m.Image, m.Video, m.Audio, m.Document} {
		add(f)
	}
	switch {
	case m.Text != nil:
		s.Text = m.Text.Body
	case m.Location != nil:
		s.Text = "📍 " + m.Location.Name + " " + m.Location.Address
	case m.Template != nil:
		s.Text = "Template " + m.Template.Name
	}
	for _, c := range m.Contacts {
		s.Text += "👤 " + c.Name.Formatted
	}
	if i := m.Interactive; i != nil {
		if i.Header != nil {
			add(i.Header.Image)
		}
		s.Text = i.Body.Text
		for _, b := range i.Action.Buttons {
			s.Choices = append(s.Choices, Choice{Label: b.Reply.Title, Payload: b.Reply.ID})
		}
		for _, section := range i.Action.Sections {
			for _, row := range section.Rows {
				s.Choices = append(s.Choices, Choice{Label: row.Title, Detail: row.Description, Payload: row.ID})
			}
		}
		if url := i.Action.Parameters.URL; url != "" {
			s.Links = append(s.Links, url)
		}
	}
	return s
}

// messengerShown reads what was posted to the Send API, which has checked it.
func messengerShown(body json.RawMessage) Shown {
	type button struct{ Title, URL, Payload string }
	var m struct {
		Message struct {
			Text    string
			Replies []struct{ Title, Payload string } `json:"quick_replies"`
			File    *struct {
				Payload struct {
					URL, Text string
					Buttons   []button
					Elements  []struct {
						Title, Subtitle string
						Image           string `json:"image_url"`
						Buttons         []button
					}
				}
			} `json:"attachment"`
		}
	}
	if json.Unmarshal(body, &m) != nil {
		return Shown{Text: string(body)}
	}
	s := Shown{Text: m.Message.Text}
	for _, r := range m.Message.Replies {
		s.Choices = append(s.Choices, Choice{Label: r.Title, Payload: r.Payload})
	}
	press := func(buttons []button) {
		for _, b := range buttons {
			if b.URL != "" {
				s.Links = append(s.Links, b.URL)
				continue
			}
			s.Choices = append(s.Choices, Choice{Label: b.Title, Payload: b.Payload})
		}
	}
	if m.Message.File != nil {
		p := m.Message.File.Payload
		if p.URL != "" {
			s.Links = append(s.Links, p.URL)
		}
		s.Text += p.Text
		press(p.Buttons)
		for _, e := range p.Elements {
			s.Text += e.Title + "\n" + e.Subtitle + "\n"
			if e.Image != "" {
				s.Links = append(s.Links, e.Image)
			}
			press(e.Buttons)
		}
	}
	return s
}
