package whatsapp_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/connectors/fakes/meta"
	"parley/connectors/whatsapp"
	"parley/engine"
)

var update = flag.Bool("update", false, "write the golden files")

const hint = "Reply with a number."

// capture keeps the bodies of requests.
type capture struct{ bodies []string }

func (c *capture) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	c.bodies = append(c.bodies, string(raw))
	return answering{200, made}.RoundTrip(r)
}

func choices(labels ...string) []engine.Choice {
	list := make([]engine.Choice, len(labels))
	for i, label := range labels {
		list[i] = engine.Choice{ID: fmt.Sprint("id-", i+1), Label: label}
	}
	return list
}

// TestRequests renders every kind of content and holds the documents that are posted to
// golden files. The fake must take them all, and so knows Meta's limits.
func TestRequests(t *testing.T) {
	t.Parallel()
	long := strings.TrimSpace(strings.Repeat("This is a sentence of a rather long explanation. ", 30))
	file := func(kind, mime, name string) engine.Media {
		return engine.Media{Kind: kind, MIME: mime, Name: name, URL: "https://cdn.acme.example/" + name}
	}
	bike := engine.Card{Title: "Urban 5", Subtitle: "from 1,299 €", Image: "https://cdn.acme.example/5.jpg", Links: []engine.Link{
		{Label: "Call us", URL: "tel:+14155550199"}, {Label: "See it", URL: "https://acme.example/urban"}, {Label: "Terms", URL: "https://acme.example/terms"},
	}}
	bare := engine.Card{Title: "Our shop", Image: "https://cdn.acme.example/shop.jpg", Links: []engine.Link{{Label: "A label that is far too long", URL: "https://acme.example"}}}
	detailed := choices("Delivery", "Pick up")
	detailed[0].Detail = "Tomorrow before noon, by bicycle, for 4.90 €, with a call half an hour before it comes, if you like."
	many := choices("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
	same := choices("Yes", "No")
	same[1].ID = same[0].ID
	for name, content := range map[string]engine.Content{
		"text":           {Text: "Hello,\nwhat can I do for you?"},
		"text-link":      {Text: "See https://acme.example/bikes."},
		"text-long":      {Text: strings.TrimSpace(strings.Repeat(long+" ", 4))},
		"buttons":        {Text: "What is it about?", Choices: choices("An order", "A repair", "Something else")},
		"buttons-alone":  {Choices: choices("Yes", "No")},
		"buttons-long":   {Text: long, Choices: choices("More", "Enough")},
		"buttons-ids":    {Text: "Sure?", Choices: same},
		"list":           {Text: "Which one?", Choices: many},
		"list-details":   {Text: "How?", Choices: detailed},
		"numbers":        {Text: "Which one?", Choices: choices("Short", "A label of twenty-five ch.")},
		"numbers-many":   {Text: "Which one?", Choices: append(many, choices("Eleven")...)},
		"image":          {Media: []engine.Media{file(engine.MediaImage, "image/jpeg", "a.jpg")}},
		"image-caption":  {Text: "Have a look.", Media: []engine.Media{file(engine.MediaImage, "", "a.jpg")}},
		"image-webp":     {Text: "Have a look.", Media: []engine.Media{file(engine.MediaImage, "image/webp", "a.webp")}},
		"video":          {Text: "How it rides.", Media: []engine.Media{file(engine.MediaVideo, "video/mp4", "a.mp4")}},
		"audio":          {Text: "How it sounds.", Media: []engine.Media{file(engine.MediaAudio, "audio/mpeg", "a.mp3")}},
		"document":       {Text: "Your bill.", Media: []engine.Media{file(engine.MediaFile, "application/pdf", "Bill.pdf")}},
		"document-image": {Media: []engine.Media{file(engine.MediaFile, "image/png", "Plan.png")}},
		"media-many":     {Text: "All.", Media: []engine.Media{file(engine.MediaImage, "image/png", "a.png"), file(engine.MediaFile, "", "b")}, Choices: choices("Fine")},
		"location":       {Text: "Here we are.", Location: &engine.Location{Lat: 52.520008, Lon: -0.0000004, Name: "Acme Bikes", Address: "1 Ring Road"}},
		"contacts": {Contacts: []engine.Contact{{Name: "Ana Gil", Org: "Acme", Phones: []string{"+14155550199"}, Emails: []string{"ana@acme.example"}},
			{Org: "Acme", Phones: []string{"+14155550100"}}}},
		"card":          {Text: "How about this one?", Cards: []engine.Card{bike}},
		"card-pictured": {Cards: []engine.Card{bare}},
		"card-text":     {Cards: []engine.Card{{Title: "Our shop", Subtitle: "1 Ring Road"}}},
		"cards":         {Text: "Our bikes:", Cards: []engine.Card{bike, bare}, Choices: choices("Book a ride", "No, thanks")},
		"template":      {Text: "Your order 17 is ready.", Template: &engine.Template{Name: "order_ready", Language: "en-US", Values: []string{"Ann", "17\nand\t18"}}},
		"template-bare": {Template: &engine.Template{Name: "hello_world", Language: "en"}},
		"nothing":       {Event: "assigned"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kept := &capture{}
			conn := whatsapp.New(whatsapp.Config{HTTP: &http.Client{Transport: kept}})
			fake := meta.New(meta.Config{})
			defer fake.Close()
			fake.WhatsApp(waba, number)
			real, ch := against(t, fake)
			for i, part := range conn.Render(channel(), content, hint) {
				out := engine.Outbound{Item: fmt.Sprint("item-", i), To: ann, Answers: "wamid.Q", Content: part}
				if _, err := conn.Send(t.Context(), channel(), out); err != nil {
					t.Error(err)
				}
				if _, err := real.Send(t.Context(), ch, out); err != nil {
					t.Errorf("the fake: %v", err)
				}
			}
			golden(t, name, script(t, kept.bodies))
		})
	}
}

func script(t *testing.T, bodies []string) string {
	t.Helper()
	var b bytes.Buffer
	for _, body := range bodies {
		if err := json.Indent(&b, []byte(body), "", "  "); err != nil {
			t.Fatal(err)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "requests", name+".golden")
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
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestListLabel(t *testing.T) {
	t.Parallel()
	kept := &capture{}
	ch := channel()
	ch.Config["list_label"] = "Auswahl"
	conn := whatsapp.New(whatsapp.Config{HTTP: &http.Client{Transport: kept}})
	out := engine.Outbound{To: ann, Content: engine.Content{Text: "Wie?", Choices: choices("A", "B", "C", "D")}}
	if _, err := conn.Send(t.Context(), ch, out); err != nil || !strings.Contains(kept.bodies[0], `"button":"Auswahl"`) {
		t.Errorf("%q, %v", kept.bodies, err)
	}
}

// Whatever the content: Meta takes what is rendered, and no word or choice is lost.
func TestMetaTakesWhatIsRendered(t *testing.T) {
	t.Parallel()
	fake, transport := meta.Pipe(meta.Config{})
	defer fake.Close()
	defer transport.CloseIdleConnections()
	fake.WhatsApp(waba, number)
	conn := whatsapp.New(whatsapp.Config{HTTP: &http.Client{Transport: transport}})
	ch := channel()
	ch.Config["api_base"] = fake.URL()
	rapid.Check(t, func(t *rapid.T) {
		content := engine.Content{Text: rapid.StringN(0, 2000, -1).Draw(t, "text")}
		for i, label := range rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Za-zäé你😀]{1,26}`), 0, 12, func(s string) string { return s }).Draw(t, "labels") {
			content.Choices = append(content.Choices, engine.Choice{
				ID: rapid.SampledFrom([]string{fmt.Sprint(i), "same", "", strings.Repeat("x", 300)}).Draw(t, "id"), Label: label, Detail: rapid.StringMatching(`[a-z ]{0,90}`).Draw(t, "detail"),
			})
		}
		for range rapid.IntRange(0, 3).Draw(t, "media") {
			content.Media = append(content.Media, engine.Media{
				Kind: rapid.SampledFrom([]string{"image", "video", "audio", "file"}).Draw(t, "kind"), URL: "https://cdn.acme.example/a",
				MIME: rapid.SampledFrom([]string{"", "image/png", "image/webp", "audio/ogg", "application/pdf", "text/plain", "x"}).Draw(t, "mime"),
			})
		}
		for range rapid.IntRange(0, 2).Draw(t, "cards") {
			content.Cards = append(content.Cards, engine.Card{
				Title: rapid.StringMatching(`[A-Z][a-z]{0,30}`).Draw(t, "title"), Subtitle: strings.Repeat(rapid.StringMatching(`[a-z ]{0,9}`).Draw(t, "subtitle"), rapid.SampledFrom([]int{1, 200}).Draw(t, "times")),
				Image: rapid.SampledFrom([]string{"", "https://cdn.acme.example/a.jpg"}).Draw(t, "image"),
				Links: []engine.Link{{Label: rapid.StringMatching(`[a-z]{0,22}`).Draw(t, "label"), URL: "https://acme.example"}},
			})
		}
		kept := len(fake.Sent())
		for _, part := range conn.Render(ch, content, hint) {
			if _, err := conn.Send(t.Context(), ch, engine.Outbound{Item: "i", To: ann, Content: part}); err != nil {
				t.Fatalf("%v for %+v", err, part)
			}
		}
		all := ""
		for _, m := range fake.Sent()[kept:] {
			all += string(m.Body)
		}
		for _, c := range content.Choices {
			if !strings.Contains(all, c.Label) {
				t.Fatalf("%q is lost", c.Label)
			}
		}
	})
}

func BenchmarkRender(b *testing.B) {
	conn := whatsapp.New(whatsapp.Config{HTTP: http.DefaultClient})
	content := engine.Content{Text: "Which one do you want to see?", Choices: choices("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")}
	ch := channel()
	for b.Loop() {
		if len(conn.Render(ch, content, hint)) != 1 {
			b.Fatal("more than one part")
		}
	}
}
