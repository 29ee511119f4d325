package rest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/gateway/api"
)

type pushAnswer struct {
	Version       string
	Stored, Fresh bool
	Problems      []api.Problem
}

type versionsAnswer struct {
	Active   string
	Canary   *api.Canary
	Versions []api.Version
}

// TestAVersionFromPushToRollBack plays an author's day over the API, by token.
func TestAVersionFromPushToRollBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.push("acme", "one")
	w.activate("acme", "one")
	w.talk("acme", "c1", "hi")
	w.advance(time.Second)
	ci := w.bearing("acme", engine.RoleAdmin)

	first := must[pushAnswer](t, ci.send("POST", "/versions", fields{"files": folder("acme", "two"), "note": "warmer"}), 200)
	if !first.Stored || !first.Fresh || first.Version != hashOf("acme", "two") {
		t.Fatalf("got %+v", first)
	}
	if again := must[pushAnswer](t, ci.send("POST", "/versions", fields{"files": folder("acme", "two")}), 200); !again.Stored || again.Fresh {
		t.Errorf("got %+v", again)
	}
	short := first.Version[:8]
	d := must[struct {
		Against, Summary string
		Files            []api.FileDiff
	}](t, ci.send("GET", "/versions/"+short+"/diff", nil), 200)
	if d.Against != hashOf("acme", "one") || len(d.Files) != 2 || d.Files[0].Path != "bots/concierge.lua" || d.Files[0].Added != 1 ||
		!strings.Contains(strings.Join(d.Files[0].Hunks[0].Lines, "\n"), `+  chat:say "Hello two"`) {
		t.Errorf("got %+v", d)
	}
	rep := must[api.Blast](t, ci.send("POST", "/versions/"+short+"/blast", fields{}), 200)
	if rep.Waiting != 1 || rep.Tried != 1 || rep.Groups[0].Fate != "diverges" || *rep.Groups[0].Line != 3 || rep.Groups[0].Examples[0].Conversation != "c1" {
		t.Errorf("got %+v", rep)
	}
	if unstored := must[api.Blast](t, ci.send("POST", "/bots/blast", fields{"files": folder("acme", "two")}), 200); unstored.Text != rep.Text {
		t.Errorf("got %q, want %q", unstored.Text, rep.Text)
	}
	must[any](t, ci.send("PUT", "/versions/canary", fields{"version": short, "share": 25}), 200)
	must[any](t, ci.send("GET", "/versions/canary", nil), 200) // the word names the version, too
	list := must[versionsAnswer](t, ci.send("GET", "/versions", nil), 200)
	if list.Active != hashOf("acme", "one") || list.Canary == nil || list.Canary.Share != 25 || len(list.Versions) != 2 ||
		list.Versions[1].Figures.Waiting != 1 || list.Versions[1].Bots[0].Bot != "concierge" {
		t.Errorf("got %+v", list)
	}
	must[any](t, ci.send("DELETE", "/versions/canary", nil), 204)
	type named struct {
		Version string
		Changed bool
	}
	if got := must[named](t, ci.send("POST", "/versions/"+short+"/activate", fields{"note": "go"}), 200); !got.Changed || got.Version != first.Version {
		t.Errorf("got %+v", got)
	}
	if got := must[named](t, ci.send("POST", "/versions/"+short+"/activate", fields{}), 200); got.Changed {
		t.Errorf("activated twice")
	}
	if got := must[named](t, ci.send("POST", "/versions/rollback", fields{"note": "too warm"}), 200); got.Version != hashOf("acme", "one") {
		t.Errorf("got %+v", got)
	}
	refused(t, ci.send("POST", "/versions/"+short+"/activate", fields{}), 409, engine.Conflict, "")
	must[any](t, ci.send("POST", "/versions/"+short+"/release", fields{}), 200)
	must[any](t, ci.send("POST", "/versions/"+short+"/activate", fields{}), 200)
	log := must[struct{ Releases []api.Release }](t, ci.send("GET", "/versions/log", nil), 200)
	kinds := ""
	for _, r := range log.Releases {
		kinds += string(r.Kind) + " "
	}
	if kinds != "activated released rolled_back activated stopped canary pushed activated pushed " || !strings.HasPrefix(log.Releases[0].Actor, "token:") {
		t.Errorf("got %s by %s", kinds, log.Releases[0].Actor)
	}
	tried := must[struct{ Link string }](t, ci.send("POST", "/versions/"+short+"/try", fields{}), 200)
	if tried.Link != "https://chat.example/acme.web?draft="+first.Version {
		t.Errorf("got %s", tried.Link)
	}
	refused(t, ci.send("POST", "/versions/"+short+"/try", fields{"channel": "acme.sms"}), 400, engine.Invalid, "channel")
	files := must[struct{ Files map[string]string }](t, ci.send("GET", "/versions/active?files=false", nil), 200)
	if len(files.Files) != 0 {
		t.Errorf("got %d files", len(files.Files))
	}
}

func TestWhatIsNoVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.push("acme", "one")
	ada := w.as("acme-ada")
	with := func(name, text string) map[string]string {
		f := folder("acme", "x")
		f[name] = text
		return f
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"a mistake":            {with("bots/concierge.lua", "return function(chat)\n  chat:sey 'x'\nend"), "bots/concierge.lua:2: "},
		"another brand":        {folder("other", "x"), "yours is acme"},
		"another's file":       {with("../x", ""), "does not belong"},
		"a secret of another":  {with("brand.yaml", folder("acme", "")["brand.yaml"]+"  sms: {kind: twilio, bot: concierge, address: \"${KNOWN}\", account_sid: \"${KNOWN}\", auth_token: \"\\x24{OTHER}\"}\n"), "OTHER is not allowed"},
		"the channel's checks": {with("brand.yaml", strings.Replace(folder("acme", "")["brand.yaml"], "bot: concierge", "bot: concierge, allowed_origins: acme.example", 1)), "channels.web.allowed_origins must be origins such as https://www.example.com, and \"acme.example\" is none"},
	} {
		got := must[pushAnswer](t, ada.send("POST", "/versions", fields{"files": c.files}), 200)
		said := ""
		for _, p := range got.Problems {
			said += p.File + ":" + " " + p.Message + "\n"
			if p.Line > 0 {
				said += p.File + ":" + string(rune('0'+p.Line)) + ": " + p.Message + "\n"
			}
		}
		if got.Stored || !strings.Contains(said, c.want) {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	if list := must[versionsAnswer](t, ada.send("GET", "/versions", nil), 200); len(list.Versions) != 1 {
		t.Errorf("there are %d versions", len(list.Versions))
	}
	for _, wrong := range []string{"abc", strings.Repeat("0", 64), strings.Repeat("0", 65), "canary", "active"} {
		if a := ada.send("GET", "/versions/"+wrong, nil); a.StatusCode != 404 && a.StatusCode != 400 {
			t.Errorf("%s: got %d %s", wrong, a.StatusCode, a.raw)
		}
	}
	// More than a folder may hold does not come in.
	big := `{"files":{"brand.yaml":"` + strings.Repeat("x", 25<<20) + `"}}`
	refused(t, ada.send("POST", "/bots/check", big), 413, engine.TooLarge, "")
}

func TestMovingASession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.push("acme", "one")
	w.activate("acme", "one")
	w.talk("acme", "c1", "hi")
	w.push("acme", "two")
	w.activate("acme", "two")
	sue := w.as("acme-sue")
	refused(t, sue.send("POST", "/conversations/c1/session", fields{"choice": "restart", "rev": 77}), 409, engine.Conflict, "")
	conv := must[api.Conversation](t, sue.send("POST", "/conversations/c1/session", fields{"choice": "restart", "rev": w.rev("c1")}), 200)
	if conv.Owner != "bot" || conv.Rev != w.rev("c1") {
		t.Errorf("got %+v", conv)
	}
	if _, err := w.turns.Visit(t.Context(), engine.ConversationRef{Brand: "acme", ID: "c1"}); err != nil {
		t.Fatal(err)
	}
	got := must[struct{ Sessions []api.BotSession }](t, sue.send("GET", "/conversations/c1/journal", nil), 200)
	if len(got.Sessions) != 2 || got.Sessions[0].State != "done" || got.Sessions[1].Version != hashOf("acme", "two") || got.Sessions[1].Wait == nil ||
		got.Sessions[1].Entries[1].Call != "say" || *got.Sessions[1].Entries[1].Line != "bots/concierge.lua:3" {
		t.Errorf("got %+v", got.Sessions)
	}
	conv = must[api.Conversation](t, sue.send("POST", "/conversations/c1/session", fields{"choice": "handover", "rev": 0, "note": "by hand"}), 200)
	if conv.Owner != "queue" {
		t.Errorf("got %+v", conv)
	}
}

// TestClosingWithFields fills in what the bot's handoff expects.
func TestClosingWithFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.push("acme", "one")
	w.activate("acme", "one")
	w.talk("acme", "c1", "hi", "a bike")
	w.assign("acme", "c1", "acme-ana")
	ana := w.as("acme-ana")
	d := must[detail](t, ana.send("GET", "/conversations/c1", nil), 200)
	if d.Handoff.Expects == nil || (*d.Handoff.Expects)[0].Name != "refund" || (*d.Handoff.Expects)[0].Kind != "boolean" {
		t.Fatalf("got %+v", d.Handoff)
	}
	closing := func(f any) answer {
		return ana.send("POST", "/conversations/c1/close", fields{"rev": w.rev("c1"), "outcome": "solved", "fields": f})
	}
	refused(t, closing(fields{"refund": "perhaps"}), 400, engine.Invalid, "fields.refund")
	refused(t, closing(fields{"price": 7}), 400, engine.Invalid, "fields.price")
	must[api.Conversation](t, closing(fields{"refund": true}), 200)
	w.talk("acme", "c1")
	if _, err := w.turns.Visit(t.Context(), engine.ConversationRef{Brand: "acme", ID: "c1"}); err != nil {
		t.Fatal(err)
	}
	a := ana.send("GET", "/conversations/c1/messages", nil)
	if a.StatusCode != http.StatusOK || !strings.Contains(string(a.raw), "Refund: true") {
		t.Errorf("got %s", a.raw)
	}
}

// Versions tell what their intents are trained from: an edit of a bot changes nothing of it.
func TestVersionsTellTheirModel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ada := w.as("acme-ada")
	model := map[string]string{}
	for name, intents := range map[string]string{
		"none": "", "first": taughtIntents, "edited": taughtIntents, "taught": strings.Replace(taughtIntents, "refund me", "pay me back", 1),
	} {
		files := folder("acme", name)
		if intents != "" {
			files["intents.yaml"] = intents
		}
		pushed := must[struct{ Version string }](t, ada.send("POST", "/versions", fields{"files": files}), 200)
		list := must[struct{ Versions []api.Version }](t, ada.send("GET", "/versions", nil), 200)
		for _, v := range list.Versions {
			if v.Version == pushed.Version && v.Model != nil {
				model[name] = *v.Model
			}
		}
	}
	if model["none"] != "" || model["first"] == "" || model["first"] != model["edited"] || model["first"] == model["taught"] {
		t.Errorf("got %v", model)
	}
}
