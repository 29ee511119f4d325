package botscripts

import (
	"strings"
	"testing"
)

// TestArguments: what is called wrongly says which function and which field.
func TestArguments(t *testing.T) {
	t.Parallel()
	cases := []struct{ call, want string }{
		{`chat:image "ftp://x"`, `chat:image: url must begin with https:`},
		{`chat:image("https://x.example/a.png", { alt = "x" })`, `chat:image: options has no field "alt" (it has: caption, name, mime)`},
		{`chat:file("https://x.example/a.pdf", 5)`, `chat:file: options must be a table, got number`},
		{`chat:location { lat = 91, lon = 0 }`, `chat:location: location.lat must be between -90 and 90, got 91`},
		{`chat:location()`, `chat:location: location.lat must be a number, got nil`},
		{`chat:card { subtitle = "x" }`, `chat:card: a card's title must be a string, got nil`},
		{`chat:carousel {}`, `chat:carousel: cards must not be empty`},
		{`chat:quick_replies("x", {})`, `chat:quick_replies: choices must not be empty`},
		{`chat:quick_replies({ text = "x" }, { "a" })`, `chat:quick_replies: text must be a string, got table`},
		{`chat:list("x", {})`, `chat:list: items must hold 1 to 20 items, got 0`},
		{`chat:list("x", { "a", { label = "a" } })`, `chat:list: items has "a" twice`},
		{`chat:list("x", { { lable = "a" } })`, `chat:list: an item has no field "lable" (it has: id, label, description); did you mean "label"?`},
		{`chat:list("x", { { title = "t", items = { { label = "" } } } })`, `chat:list: an item's label must not be empty`},
		{`chat:typing "on"`, `chat:typing: on must be true, false or a number of seconds, got string`},
		{`chat:typing(61)`, `chat:typing: seconds must be between 0.1 and 60, got 61`},
		{`chat:wait(-1)`, `chat:wait: seconds must be between 0 and 31622400, got -1`},
		{`chat:wait_until "morning"`, `chat:wait_until: time must be a number, got string`},
		{`chat:ask("x", { kind = "numbr" })`, `chat:ask: kind must be one of date, email, integer, money, number, one_of, pattern, phone, text, time, yes_no, got "numbr"; did you mean "number"?`},
		{`chat:ask("x", { min = 1 })`, `chat:ask: min belongs to kind number, integer, money, date, time`},
		{`chat:ask("x", { kind = "email", region = "DE" })`, `chat:ask: region belongs to kind phone, date`},
		{`chat:ask("x", { kind = "number", min = "1" })`, `chat:ask: min must be a number, got string`},
		{`chat:ask("x", { kind = "number", min = 2, max = 1 })`, `chat:ask: min is greater than max`},
		{`chat:ask("x", { kind = "date", min = "soon" })`, `chat:ask: min must be a date such as "2026-12-24", "today", or days from today such as "+14", got "soon"`},
		{`chat:ask("x", { kind = "time", max = "6 pm" })`, `chat:ask: max must be a time such as "17:30", got "6 pm"`},
		{`chat:ask("x", { kind = "one_of" })`, `chat:ask: kind one_of needs choices`},
		{`chat:ask("x", { kind = "yes_no", choices = { "Yup", "Nope" } })`, `chat:ask: the choices of kind yes_no must have the ids yes and no, in this order`},
		{`chat:ask("x", { kind = "pattern" })`, `chat:ask: kind pattern needs a pattern`},
		{`chat:ask("x", { kind = "pattern", pattern = "[" })`, `malformed pattern`},
		{`chat:ask("x", { kind = "number", match = "%d" })`, `chat:ask: match belongs to an answer without a kind; use kind = "pattern"`},
		{`chat:ask({ text = "x", choices = { "a" } }, { choices = { "b" } })`, `chat:ask: the prompt has choices already`},
		{`chat:ask("x", { kind = "phone", region = "Germany" })`, `chat:ask: region must have 2 letters, got "Germany"`},
		{`chat:ask("x", { kind = "money", currency = "€" })`, `chat:ask: currency must have 3 letters, got "€"`},
		{`chat:ask("x", { hint = "a", hints = { "b" } })`, `chat:ask: give hint or hints, not both`},
		{`chat:ask("x", { otherwise = "stop" })`, `chat:ask: otherwise must be "continue", "close", "handoff", { handoff = {…} } or a function`},
		{`chat:ask("x", { otherwise = { handof = {} } })`, `chat:ask: otherwise has no field "handof" (it has: handoff); did you mean "handoff"?`},
		{`chat:ask("x", { otherwise = { handoff = { skil = "x" } } })`, `chat:ask: options has no field "skil"`},
		{`chat:confirm("x", { kind = "number" })`, `chat:confirm: options has no field "kind"`},
		{`chat:form {}`, `chat:form: fields must not be empty`},
		{`chat:form { { prompt = "x" } }`, `chat:form: a field's name must be a string, got nil`},
		{`chat:form { { name = "a", prompt = "x" }, { name = "a", prompt = "y" } }`, `chat:form: fields has the name "a" twice`},
		{`chat:form { { name = "a", prompt = "x", kin = "date" } }`, `chat:form: a field has no field "kin"`},
		{`chat:form({ { name = "a", prompt = "x" } }, { knwon = {} })`, `did you mean "known"?`},
		{`chat:survey "smile"`, `chat:survey: survey must be "csat", "nps", "stars" or a table, got "smile"`},
		{`chat:survey { question = "x" }`, `chat:survey: name must be a string, got nil`},
		{`chat:survey("csat", { escape = true })`, `chat:survey: options has no field "escape"`},
		{`chat:handoff { levle = 1 }`, `chat:handoff: options has no field "levle" (it has: skill, level, language, agent, priority, reason, summary, facts, expects, max_wait, otherwise); did you mean "level"?`},
		{`chat:handoff { level = 0 }`, `chat:handoff: level must be between 1 and 100, got 0`},
		{`chat:handoff { max_wait = 0 }`, `chat:handoff: max_wait must be between 1 and 31622400, got 0`},
		{`chat:handoff { otherwise = "close" }`, `chat:handoff: otherwise needs max_wait: without it a handoff waits for ever`},
		{`chat:handoff { expects = { refund = "bool" } }`, `chat:handoff: expects.refund must be text, number, boolean, date or choice, got "bool"`},
		{`chat:handoff { expects = { "refund" } }`, `chat:handoff: expects must name its fields: { refund = "boolean" }`},
		{`chat:handoff { expects = { how = "choice" } }`, `chat:handoff: expects.how: choices belong to kind choice, which needs them`},
		{`chat:handoff { expects = { how = { kind = "text", requird = true } } }`, `did you mean "required"?`},
		{`chat:handoff { max_wait = 1, otherwise = { handoff = { max_wait = 1, otherwise = { handoff = { max_wait = 1, otherwise = { handoff = { max_wait = 1, otherwise = { handoff = { max_wait = 1, otherwise = { handoff = {} } } } } } } } } } }`,
			`chat:handoff: otherwise: handoffs name further ones more than 4 deep`},
		{`chat:transfer { max_wait = 5 }`, `chat:transfer: options has no field "max_wait"`},
		{`chat:run "nobody"`, `chat:run: there is no bot "nobody" (there are: main)`},
		{`chat:run()`, `chat:run: bot must be a string, got nil`},
		{`chat:aks "x"`, `chat has no method "aks"`},
	}
	for _, c := range cases {
		t.Run(c.call, func(t *testing.T) {
			t.Parallel()
			d := newDriver(t, script("return function(chat) "+c.call+" end"))
			effects := d.start("hi")
			if d.fault == nil || d.fault.Kind != "error" || !strings.Contains(d.fault.Message, c.want) {
				t.Errorf("got %+v, want %s", d.fault, c.want)
			}
			if len(effects) > 0 {
				t.Errorf("it did something before it failed: %v", lines(effects))
			}
		})
	}
}

// TestWhatCounts: a wish for a person counts before an answer is read, but a choice
// counts before it, and a value that mentions somebody is no wish; a value counts before a label.
func TestWhatCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ options, text, want string }{
		{`{ kind = "number" }`, "human, please", "handoff"},
		{`{ kind = "number" }`, "1 human", "note 1"},
		{`{ kind = "yes_no" }`, "yes, connect me with a human", "handoff"},
		{`{ kind = "number", escape = false }`, "5 human", "note 5"},
		{`{ kind = "one_of", choices = { "A human", "A bot" } }`, "a human", "note A human"},
		{`{ kind = "yes_no" }`, "a human please", "handoff"},
		{`{ kind = "yes_no", choices = { { id = "yes", label = "Book it" }, { id = "no", label = "Later" } } }`, "book it", "note true"},
		{`{ kind = "yes_no", choices = { { id = "yes", label = "Book it" }, { id = "no", label = "Later" } } }`, "nope", "note false"},
		{`{ kind = "date", choices = { { id = "2026-12-24", label = "Christmas Eve" }, "tomorrow" } }`, "christmas eve", "note 2026-12-24"},
		{`{ kind = "date", choices = { { id = "2026-12-24", label = "Christmas Eve" }, "tomorrow" } }`, "tomorrow", "note 2026-11-23"},
		{`{ kind = "number", choices = { "10", "20" } }`, "2", "note 2"},
	} {
		d := newDriver(t, script(`return function(chat) chat:note(tostring(chat:ask("x", `+c.options+`).value)) end`))
		d.start("hi")
		got := lines(d.say(c.text))
		if len(got) != 1 || !strings.HasPrefix(got[0], c.want) {
			t.Errorf("%s answered with %q: %v, want %s", c.options, c.text, got, c.want)
		}
	}
}
