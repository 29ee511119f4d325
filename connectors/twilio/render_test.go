package twilio_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/connectors/twilio"
	"parley/engine"
	"parley/engine/understanding/choice"
)

var update = flag.Bool("update", false, "write the golden files")

// sentences is a text of n sentences, each of about 60 characters.
func sentences(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "This is sentence number %d of a rather long explanation. ", i+1)
	}
	return strings.TrimSpace(b.String())
}

func choices(labels ...string) []engine.Choice {
	list := make([]engine.Choice, len(labels))
	for i, label := range labels {
		list[i] = engine.Choice{ID: fmt.Sprint("id-", i+1), Label: label}
	}
	return list
}

func bike(n int) engine.Card {
	return engine.Card{Title: fmt.Sprintf("Bike %d", n), Subtitle: fmt.Sprintf("from € %d00", n+4),
		Image: fmt.Sprintf("https://cdn.acme.example/%d.jpg", n),
		Links: []engine.Link{{Label: "Details", URL: fmt.Sprintf("https://acme.example/bikes/%d", n)}}}
}

func TestRender(t *testing.T) {
	t.Parallel()
	bikes := []engine.Card{bike(1), bike(2), bike(3), bike(4), bike(5), bike(6), bike(7)}
	picture := engine.Media{Kind: "image", URL: "https://cdn.acme.example/shop.jpg", Name: "Our shop"}
	manual := engine.Media{Kind: "file", URL: "https://cdn.acme.example/manual.pdf", Name: "Manual.pdf", MIME: "application/pdf"}
	shop := &engine.Location{Lat: 52.520008, Lon: 13.4, Name: "Acme Bikes", Address: "1 Ring Road, Berlin"}
	album := make([]engine.Media, 12)
	for i := range album {
		album[i] = engine.Media{Kind: "image", URL: fmt.Sprintf("https://cdn.acme.example/album/%d.jpg", i+1)}
	}
	for _, tt := range []struct {
		name    string
		mms     bool
		content engine.Content
	}{
		{"text", false, engine.Content{Text: "Hello,\nwhat can I do for you?"}},
		{"addresses", false, engine.Content{Text: "Größe: https://müller.example/größe.pdf, mehr unter https://a.example/a%20b?q=ö."}},
		{"nothing", false, engine.Content{Event: "assigned"}},
		{"one-choice", false, engine.Content{Text: "Ready?", Choices: choices("Yes, go on")}},
		{"choices", false, engine.Content{Text: "What is it about?", Choices: choices("An order", "A repair", "Something\nelse")}},
		{"choices-alone", false, engine.Content{Choices: choices("An order", "A repair")}},
		{"card", false, engine.Content{Text: "How about this one?", Cards: []engine.Card{bike(1)}}},
		{"card-links", false, engine.Content{Cards: []engine.Card{{Title: "Acme Bikes", Links: []engine.Link{
			{Label: "Call us", URL: "tel:+14155550199"}, {Label: "Write to us", URL: "mailto:care@acme.example"},
			{Label: "", URL: "https://acme.example"}, {Label: "https://acme.example/a", URL: "https://acme.example/a"}}}}}},
		{"card-picture", false, engine.Content{Cards: []engine.Card{{Title: "Our shop", Image: "https://cdn.acme.example/shop.jpg"}}}},
		{"carousel", false, engine.Content{Text: "Our bikes:", Cards: bikes, Choices: choices("Book a ride", "No, thanks")}},
		{"carousel-mms", true, engine.Content{Text: "Our bikes:", Cards: bikes}},
		{"location", false, engine.Content{Text: "You find us here:", Location: shop}},
		{"location-bare", false, engine.Content{Location: &engine.Location{Lat: -33, Lon: -0.0000004}}},
		{"media", false, engine.Content{Text: "Have a look.", Media: []engine.Media{picture, manual, {Kind: "video", URL: "https://cdn.acme.example/v"}}}},
		{"media-mms", true, engine.Content{Text: "Have a look.", Media: []engine.Media{picture, manual}}},
		{"media-mms-alone", true, engine.Content{Media: []engine.Media{picture}}},
		{"media-mms-album", true, engine.Content{Text: "The album.", Media: album}},
		{"media-mms-long-text", true, engine.Content{Text: sentences(40), Media: []engine.Media{picture}}},
		{"media-mms-text-nearly-full", true, engine.Content{Text: sentences(28), Media: []engine.Media{picture}}},
		{"long-text", false, engine.Content{Text: sentences(60)}},
		{"long-text-choices", false, engine.Content{Text: sentences(40), Choices: choices("More", "Enough")}},
		{"choices-that-do-not-fit", false, engine.Content{Text: sentences(28), Choices: choices("More of this", "Something else", "Enough", "A person")}},
		{"everything", true, engine.Content{Text: "Hi!", Media: []engine.Media{picture, manual}, Location: shop, Cards: []engine.Card{bike(1)}, Choices: choices("Yes", "No")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ch := channel()
			if tt.mms {
				ch.Config["mms"] = "true"
			}
			got := script(twilio.New(twilio.Config{HTTP: http.DefaultClient}).Render(ch, tt.content, "Reply with a number."))
			file := filepath.Join("testdata", "render", tt.name+".golden")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("%v (go test -update writes it)", err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("Render (-want +got):\n%s", diff)
			}
		})
	}
}

// script writes parts down as a person reads them.
func script(parts []engine.Content) string {
	var b strings.Builder
	for i, part := range parts {
		fmt.Fprintf(&b, "-- %d of %d: %d characters --\n", i+1, len(parts), len(utf16.Encode([]rune(part.Text))))
		for _, m := range part.Media {
			fmt.Fprintf(&b, "[%s %s]\n", m.Kind, m.URL)
		}
		if part.Text != "" {
			b.WriteString(part.Text + "\n")
		}
	}
	return b.String()
}

// MMS needs the brand's word and a sender that can.
func TestWhoSendsMMS(t *testing.T) {
	t.Parallel()
	content := engine.Content{Media: []engine.Media{{Kind: "image", URL: "https://cdn.acme.example/a.jpg"}}}
	for _, tt := range []struct {
		name, address, service, mms string
		want                        bool
	}{
		{"United States", "+14155550199", "", "true", true},
		{"Canada", "+16475550199", "", "true", true},
		{"short code", "72275", "", "true", true},
		{"messaging service", "", "MG00000000000000000000000000000001", "true", true},
		{"not switched on", "+14155550199", "", "", false},
		{"switched off", "+14155550199", "", "false", false},
		{"Jamaica", "+18765550199", "", "true", false},
		{"Germany", "+4930123456", "", "true", false},
	} {
		ch := channel()
		ch.Address, ch.Config["messaging_service_sid"], ch.Config["mms"] = tt.address, tt.service, tt.mms
		parts := twilio.New(twilio.Config{HTTP: http.DefaultClient}).Render(ch, content, "Reply with a number.")
		if len(parts) != 1 || (len(parts[0].Media) == 1) != tt.want || (parts[0].Text == "") != tt.want {
			t.Errorf("%s: %+v, want media: %v", tt.name, parts, tt.want)
		}
	}
}

// Whatever the content: no part is over Twilio's limits or empty, no choice is
// lost, and all media go out.
func TestRenderKeepsTheLimits(t *testing.T) {
	t.Parallel()
	conn := twilio.New(twilio.Config{HTTP: http.DefaultClient})
	rapid.Check(t, func(t *rapid.T) {
		ch := channel()
		ch.Config["mms"] = rapid.SampledFrom([]string{"true", "false"}).Draw(t, "mms")
		content := engine.Content{Text: rapid.StringN(0, 3000, -1).Draw(t, "text")}
		content.Choices = choices(rapid.SliceOfN(rapid.StringN(1, 200, -1), 0, 12).Draw(t, "labels")...)
		for range rapid.IntRange(0, 25).Draw(t, "media") {
			content.Media = append(content.Media, engine.Media{Kind: "image", URL: "https://cdn.acme.example/a.jpg"})
		}
		all := ""
		media := 0
		for _, part := range conn.Render(ch, content, "Reply with a number.") {
			if n := len(utf16.Encode([]rune(part.Text))); n > 1600 {
				t.Fatalf("a part has %d characters", n)
			}
			if len(part.Media) > 10 {
				t.Fatalf("a part has %d media", len(part.Media))
			}
			if strings.TrimSpace(part.Text) == "" && len(part.Media) == 0 {
				t.Fatalf("a part is empty")
			}
			all += part.Text + "\n"
			media += len(part.Media) + strings.Count(part.Text, "https://cdn.acme.example/a.jpg")
		}
		if media != len(content.Media) {
			t.Fatalf("%d of %d media go out", media, len(content.Media))
		}
		for i := range content.Choices {
			if !choice.Numbered(choice.Options(content.Choices)) {
				break
			}
			if !strings.Contains(all, fmt.Sprintf("%d. ", i+1)) {
				t.Fatalf("choice %d is missing in %q", i+1, all)
			}
		}
	})
}
