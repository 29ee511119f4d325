package botscripts

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

func TestRichContent(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`return function(chat)
		local a = chat:ask {
			text = "Look",
			media = { { url = "https://acme.example/a.pdf", name = "a.pdf", mime = "application/pdf" }, { kind = "image", url = "http://localhost:8080/b.png" } },
			location = { lat = 53.1, lon = -8.8, name = "Shop", address = "Main St 1" },
			cards = { { title = "Bike", subtitle = "Red", image = "https://acme.example/c.png", links = { { label = "Mail", url = "mailto:a@acme.example" } } } },
			contacts = { { name = "Ana", org = "Acme", phones = { "+15550100" }, emails = { "ana@acme.example" } } },
			choices = { "Yes", { id = "n", label = "No", description = "Not now" }, { label = "Maybe" } },
		}
		local who = a.contacts[1]
		chat:note(a.text .. "/" .. tostring(a.choice) .. "/" .. a.media[1].url .. "/" .. a.location.lat .. "/" .. who.name .. #who.phones .. #who.emails .. "/" .. a.at)
	end`))
	want := engine.Content{
		Text: "Look",
		Media: []engine.Media{
			{Kind: "file", URL: "https://acme.example/a.pdf", Name: "a.pdf", MIME: "application/pdf"},
			{Kind: "image", URL: "http://localhost:8080/b.png"},
		},
		Location: &engine.Location{Lat: 53.1, Lon: -8.8, Name: "Shop", Address: "Main St 1"},
		Cards: []engine.Card{{
			Title: "Bike", Subtitle: "Red", Image: "https://acme.example/c.png",
			Links: []engine.Link{{Label: "Mail", URL: "mailto:a@acme.example"}},
		}},
		Contacts: []engine.Contact{{Name: "Ana", Org: "Acme", Phones: []string{"+15550100"}, Emails: []string{"ana@acme.example"}}},
		Choices:  []engine.Choice{{ID: "Yes", Label: "Yes"}, {ID: "n", Label: "No", Detail: "Not now"}, {ID: "Maybe", Label: "Maybe"}},
	}
	if diff := cmp.Diff(want, *d.start("hi")[0].Say); diff != "" {
		t.Error(diff)
	}
	got := lines(d.content(engine.Content{
		Text: " here ", Media: []engine.Media{{Kind: "image", URL: "https://x.example/i.png"}}, Location: &engine.Location{Lat: 1.5, Lon: 2},
		Contacts: []engine.Contact{{Name: "Bo", Phones: []string{"1", "2"}}},
	}))
	if diff := cmp.Diff([]string{fmt.Sprintf("note here/nil/https://x.example/i.png/1.5/Bo20/%d", sunday().Unix())}, got); diff != "" {
		t.Errorf("%s\nfault %+v", diff, d.fault)
	}
}

func TestChoices(t *testing.T) {
	t.Parallel()
	const ask = `return function(chat)
		local a = chat:choose("Size?", { "Small", { id = "l", label = "Large" } }, { retries = 0 })
		chat:note(tostring(a.choice) .. "/" .. tostring(a.label) .. "/" .. a.text .. "/" .. tostring(a.failed))
	end`
	cases := []struct {
		reply engine.Content
		want  string
	}{
		{engine.Content{Text: "2"}, "nil/nil/2/true"}, // nobody showed a number
		{engine.Content{Text: "2", Picked: &engine.Choice{ID: "l", Label: "Large"}}, "l/Large/2/nil"},
		{engine.Content{Text: "l"}, "l/Large/l/nil"},
		{engine.Content{Text: "large!"}, "l/Large/large!/nil"},
		{engine.Content{Picked: &engine.Choice{ID: "l", Label: "Large"}}, "l/Large/Large/nil"},
		{engine.Content{Text: "whatever", Picked: &engine.Choice{ID: "Small", Label: "Small"}}, "Small/Small/whatever/nil"},
		{engine.Content{Text: "Blue", Picked: &engine.Choice{ID: "old", Label: "Blue"}}, "nil/nil/Blue/true"},
		{engine.Content{Text: "none of them"}, "nil/nil/none of them/true"},
	}
	bot := load(t, New(Config{Limits: testLimits()}), script(ask), "main")
	for _, c := range cases {
		d := driverFor(t, bot)
		d.start("hi")
		if diff := cmp.Diff([]string{"note " + c.want}, lines(d.content(c.reply))); diff != "" {
			t.Errorf("%+v: %s", c.reply, diff)
		}
	}
}

// Addresses go out as URIs, wherever a bot gives them.
func TestAddressesAreURIs(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`return function(chat)
		chat:image "https://müller.example/my photo.jpg"
		chat:say { text = "x", media = { { url = "https://a.example/größe.pdf?q=a b" } }, cards = { { title = "t", image = "https://a.example/🚲.png",
			links = { { label = "l", url = "https://a.example/a%20b|c" }, { label = "c", url = "tel:+49 170 123" } } } } }
	end`))
	var got []string
	for _, e := range d.start("hi") {
		for _, m := range e.Say.Media {
			got = append(got, m.URL)
		}
		for _, c := range e.Say.Cards {
			got = append(got, c.Image)
			for _, l := range c.Links {
				got = append(got, l.URL)
			}
		}
	}
	want := []string{"https://xn--mller-kva.example/my%20photo.jpg", "https://a.example/gr%C3%B6%C3%9Fe.pdf?q=a%20b", "https://a.example/%F0%9F%9A%B2.png", "https://a.example/a%20b%7Cc", "tel:+49170123"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestContentErrors(t *testing.T) {
	t.Parallel()
	for lua, want := range map[string]string{
		`chat:say("")`:              "message must not be empty",
		`chat:say({})`:              "message must have a text, media, a location or cards",
		`chat:say(("x"):rep(9000))`: "message is 9000 bytes long, at most 8192 are allowed",
		`chat:say("\255")`:          "message is not valid UTF-8",
		`chat:say({ "x" })`:         "message has an item at [1]",
		`chat:say({ text = "x", media = { a = 1 } })`:                                                 `message.media must be a list { … , … }, but it has a field "a"`,
		`chat:say({ text = "x", media = { { url = "ftp://x" } } })`:                                   "must begin with https:",
		`chat:say({ text = "x", media = { { url = "https:" } } })`:                                    "must name a host",
		`chat:image "https://a b.example/x"`:                                                          "url has a host that is no name",
		`chat:image "my photo.jpg"`:                                                                   "url must begin with a scheme such as https:",
		`chat:say({ text = "x", media = { { url = "https://x.example/a\nb" } } })`:                    "a medium's url must be one line of text",
		`chat:say({ cards = { { title = "x", image = "https://ü..example" } } })`:                     "a card's image has a host that is no name",
		`chat:say({ cards = { { title = "x", links = { { label = "l", url = "https://[1]" } } } } })`: "a link's url has brackets around a host",
		`chat:image("https://x.example/" .. ("ü"):rep(700))`:                                          "url is longer than 2048 bytes when it is escaped",
		`chat:say({ text = "x", media = { { url = "https://x.example", kind = "gif" } } })`:           "kind must be image, video, audio or file",
		`chat:say({ location = { lat = 91, lon = 0 } })`:                                              "message.location.lat must be between -90 and 90, got 91",
		`chat:say({ cards = { { subtitle = "x" } } })`:                                                "a card's title must be a string, got nil",
		`chat:say({ text = "x", choices = { {} } })`:                                                  "a choice's label must be a string, got nil",
		`chat:ask("x", { retries = 1.5 })`:                                                            "retries must be a whole number",
		`chat:ask("x", { escape = 1 })`:                                                               "escape must be true or false, got number",
		`chat:ask("x", 7)`:                                                                            "options must be a table, got number",
		`chat:tag(nil)`:                                                                               "name must be a string, got nil",
		`chat:handoff({ priority = 11 })`:                                                             "priority must be between 1 and 10, got 11",
		`chat:restart(function() end)`:                                                                "state: a function cannot be passed on",
		`consumer:set("id", "x")`:                                                                     `name "id" cannot be set`,
		`consumer.set("id", "x")`:                                                                     "call it with a colon",
	} {
		d := newDriver(t, script("return function(chat)\n"+lua+"\nend"))
		d.start("hi")
		if d.fault == nil || d.fault.Kind != "error" || d.fault.Line != 2 || !strings.Contains(d.fault.Message, want) {
			t.Errorf("%s: fault %+v, want %q", lua, d.fault, want)
		}
		if len(d.journal) != 1 {
			t.Errorf("%s: a refused call is in the journal", lua)
		}
	}
}
