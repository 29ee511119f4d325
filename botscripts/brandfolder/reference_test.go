package brandfolder_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"

	"parley/botscripts/brandfolder"
	"parley/connectors"
	"parley/engine"
	"parley/engine/texts"
)

var update = flag.Bool("update", false, "write docs/brand.md")

// key is what one key of brand.yaml takes.
type key struct {
	name    string // as the reader lists it
	write   string // as it is written in the example; "" is the name
	kind    string
	def     string // "" when it is required
	bounds  string
	example string // YAML of its value
	wrong   string // one that is refused; "" when everything is taken
	doc     string
	beside  string // YAML that must stand there with it, "" for nothing
}

// section is one mapping of brand.yaml.
type section struct {
	title string
	under string // where it stands, with names for what the author names
	with  string // YAML that must stand there beside the key, "" for nothing
	doc   string
	keys  []key
	shown []key // those that the page tells here; nil for all
}

// kinds are those of this build. Never written.
var kinds = connectors.Kinds()

// channelSections are the keys of every channel, and those of each kind.
func channelSections() []section {
	var names []string
	for _, spec := range kinds {
		names = append(names, "`"+string(spec.Kind)+"`")
	}
	every := func(kind engine.ChannelKind) []key {
		return []key{
			{name: "kind", kind: strings.Join(names, " or "), example: string(kind), wrong: "fax", doc: "What it is an account of."},
			{name: "bot", kind: "name", example: "concierge", wrong: "nobody", doc: "The bot that answers: a file in `bots/`, without `.lua`."},
			{name: "name", kind: "text", def: "the channel's key", example: "Website", wrong: "${NAME}", doc: "What agents see."},
			{name: "optional", kind: "true or false", def: "false", example: "true", wrong: "maybe", doc: "Leaves the channel out while one of its variables is not set; otherwise that is a problem."},
			{name: "gather", kind: "seconds", def: "the brand's", bounds: "0 to 10", example: "0", wrong: "11", doc: "Like the brand's `gather`, for this channel."},
		}
	}
	var all []section
	for _, spec := range kinds {
		s := section{
			title: string(spec.Kind), under: "channels.one", with: fmt.Sprintf("kind: %s\nbot: concierge\n", spec.Kind),
			doc: fmt.Sprintf("A channel with `kind: %s`: %s What [every channel](#channels) takes, and:", spec.Kind, strings.ToLower(spec.Doc[:1])+spec.Doc[1:]),
		}
		for _, set := range spec.Takes() {
			k := settingKey(set)
			for _, other := range spec.Takes() {
				if other.With == set.Name {
					k.beside += other.Name + ": " + other.Example + "\n"
				}
			}
			if set.Required {
				s.with += set.Name + ": " + set.Example + "\n"
			}
			s.shown = append(s.shown, k)
		}
		s.keys = append(every(spec.Kind), s.shown...)
		all = append(all, s)
	}
	first := all[0]
	first.title, first.shown = "channels", every(kinds[0].Kind)
	first.doc = "The key is part of the channel's id, `acme.web`: a-z, 0-9 and -, 40 at most. [Channels](channels.md) tells what each does. Every channel takes:"
	return append([]section{first}, all...)
}

// settingKey is the row of a setting that a connector declares.
func settingKey(set engine.Setting) key {
	k := key{name: set.Name, kind: set.Form(), def: cmp.Or(set.Default, "none"), example: set.Example, wrong: `"x${A}"`, doc: set.Doc}
	switch {
	case set.Type == engine.SettingSecret:
		k.kind, k.wrong = "secret; `${NAME}` alone", "plain"
	case set.Type == engine.SettingChoice:
		k.kind = "`" + strings.Join(set.Values, "` or `") + "`"
	}
	if set.Required {
		k.def = ""
	}
	if set.Unless != "" {
		k.kind += "; not needed with `" + set.Unless + "`"
	}
	if set.With != "" {
		k.kind += "; needed with `" + set.With + "`"
	}
	return k
}

func seconds(n float64) string {
	return strings.TrimSuffix(strings.TrimSuffix(fmt.Sprint(engine.DeskSettings{LostSeconds: n}.Lost()), "0s"), "0m")
}

func sections() []section {
	loops := engine.LoopSettings{}.WithDefaults()
	desk := engine.DeskSettings{}
	number := func(n int) string { return fmt.Sprint(n) }
	loop := func(name string, usual, least int, doc string) key {
		return key{name: name, kind: "number", def: number(usual), bounds: fmt.Sprintf("%d to 1,000,000", least), example: number(usual), wrong: "0", doc: doc}
	}
	before := []section{
		{"The file", "", "", "", []key{
			{name: "id", kind: "id", bounds: "a-z, 0-9 and -, 40 at most", example: "acme", wrong: "Acme!", doc: "Part of URLs and of the ids of channels. It never changes."},
			{name: "name", kind: "text", bounds: "one line, 80 bytes", example: "Acme Bikes", wrong: strings.Repeat("x", 81), doc: "The brand's name."},
			{name: "time_zone", kind: "IANA name", example: "Europe/Berlin", wrong: "Berlin", doc: "For opening hours, and for what bots write of times."},
			{name: "languages", kind: "list of BCP 47 tags", example: "[en, de]", wrong: "[english]", doc: "What the brand speaks; the first is the default."},
			{name: "default_skill", kind: "skill", example: "care", wrong: "nobody", doc: "Takes who asks for a person, and the conversations of bots that failed."},
			{name: "skills", kind: "mapping", example: "{care: {}}", wrong: "{}", doc: "[Skills](#skills)."},
			{name: "channels", kind: "mapping", example: "{web: {kind: webchat, bot: concierge}}", wrong: "{}", doc: "[Channels](#channels)."},
			{name: "bot_name", kind: "text", def: "Assistant", bounds: "one line, 80 bytes", example: "Ava", wrong: strings.Repeat("x", 81), doc: "What consumers see as the bot's name."},
			{name: "color", kind: "colour", def: "the house's", bounds: `"#" and six hex digits, in quotes`, example: `"#0f766e"`, wrong: "teal", doc: "Accent of the chat page and of the widget."},
			{name: "escape_words", kind: "lists by language", def: "none", bounds: "100 words a language, 40 bytes a word", example: "{en: [agent, human]}", wrong: "{english: [agent]}", doc: "Words for a person. Who asks for one at any question is [handed over](bots.md#the-way-to-a-person)."},
			{name: "http", kind: "mapping", def: "no outside calls", example: "{hosts: [orders.acme.example]}", wrong: "{host: a.example}", doc: "[Outside calls](#http)."},
			{name: "hours", kind: "mapping", def: "always open", example: "{mon-fri: 09:00-18:00}", wrong: "{monday-fri: nine}", doc: "[Opening hours](#hours)."},
			{name: "gather", kind: "seconds", def: "each message by itself", bounds: "0 to 10", example: "1.5", wrong: "11", doc: "A burst of messages ends with so long a silence, and is taken as one."},
			{name: "texts", kind: "texts by name", def: "the system's own", bounds: "2,000 bytes a text", example: `{connecting: "One moment, I am getting {skill}.", connecting.de: "Einen Moment!"}`, wrong: "{connectin: x}", doc: "Other words for [what the system says](#texts); `NAME.LANGUAGE` for one language."},
			{name: "patterns", kind: "mapping", def: "none", bounds: "32", example: `{order: "AC-#####"}`, wrong: `{Order: "AC-#####"}`, doc: "[The brand's own numbers](#patterns)."},
			{name: "holidays", kind: "days by name", def: "none", bounds: "50; 60 bytes a name", example: `{Stadtfest: "06-15", Kirmes: "3 sun 9"}`, wrong: `{Stadtfest: "13-01"}`, doc: "Holidays that consumers name, beside those that every country has; they are no working days, as the `closed` dates of `hours`. `\"06-15\"`, `easter+39`, `\"4 thu 11\"` is the fourth Thursday of November, `\"-1 mon 5\"` the last Monday of May."},
			{name: "sentiment", kind: "mapping", def: "heard and shown, with no effect", example: "{priority: 2}", wrong: "{loud: true}", doc: "[How consumers sound](#sentiment)."},
			{name: "loops", kind: "mapping", def: "as below", example: "{burst: 60}", wrong: "{bursts: 60}", doc: "[Limits of what bots and one address write to each other](#loops)."},
			{name: "desk", kind: "mapping", def: "as below", example: "{away: 2h}", wrong: "{aways: 2h}", doc: "[How agents and conversations find each other and part](#desk)."},
			{name: "outreach", kind: "mapping", def: "no bounds", example: "{per_day: 1}", wrong: "{per_hour: 1}", doc: "[When and how often messages begin that nobody waits for](#outreach)."},
			{name: "retention", kind: "mapping", def: "as below", example: "{conversations: 400d}", wrong: "{mails: 1d}", doc: "[For how long what is over is kept](#retention)."},
			{name: "agents", kind: "mapping", def: "none", example: "{ana@acme.example: {name: Ana Lima}}", wrong: "{ana: {name: Ana Lima}}", doc: "[People of the bundled example](#agents)."},
		}, nil},
		{"http", "http", "", "What bots may call.", []key{
			{name: "hosts", kind: "list of hosts", def: "none", example: `[orders.acme.example, "*.acme.example"]`, wrong: `["https://a.example"]`, doc: "The hosts that bots may call over https; `*.` stands for all below a domain."},
			{name: "secrets", kind: "mapping", def: "none", bounds: "50", example: `{ORDERS_TOKEN: {value: "${ORDERS_TOKEN}", hosts: [orders.acme.example]}}`, wrong: `{"ORDERS TOKEN": {}}`, doc: "Credentials that bots name in headers and never see: `\"Bearer {ORDERS_TOKEN}\"`."},
		}, nil},
		{"http.secrets", "http.secrets.ORDERS_TOKEN", "", "A name has letters, digits and _, 80 at most.", []key{
			{name: "value", kind: "secret", bounds: "`${NAME}` alone", example: `"${ORDERS_TOKEN}"`, wrong: "plain", doc: "The environment variable. Its value is filled in by who sends, when [the operator allows it](operating.md#secrets)."},
			{name: "hosts", kind: "list of hosts", example: "[orders.acme.example]", wrong: `["a b"]`, doc: "Where it may be sent."},
		}, nil},
		{"hours", "hours", "mon: 09:00-18:00", "Of the brand, and of a skill. 1,000 dates at most.", []key{
			{name: "days such as mon, mon-fri or sat, sun", write: `"sat, sun"`, kind: "spans", def: "closed", example: "10:00-14:00, 15:00-24:00", wrong: "10-14", doc: "A span that ends before it begins ends on the next day."},
			{name: "closed", kind: "list of dates", def: "none", example: "[2026-12-25]", wrong: "[25.12.2026]", doc: "Closed all day, whatever else is said."},
			{name: "extra", kind: "spans by date", def: "none", example: "{2026-12-24: 09:00-12:00}", wrong: "{2026-12-24: noon}", doc: "Instead of the weekday's."},
			{name: "time_zone", kind: "IANA name", def: "the brand's", example: "Europe/Vienna", wrong: "Vienna", doc: "Of these hours."},
		}, nil},
		{"patterns", "patterns.order", "", "A name has a-z, 0-9 and _, 40 at most. The value is a shape in quotes, with `#` for a digit, `@` for a letter and `*` for either: `\"AC-#####\"`. Or it is a mapping:", []key{
			{name: "regexp", kind: "text", bounds: "RE2, 200 bytes", example: `"T[0-9]{6,8}"`, wrong: `"T["`, doc: "Case does not matter, in a shape neither."},
		}, nil},
		{"sentiment", "sentiment", "", "", []key{
			{name: "priority", kind: "number", def: "0", bounds: "0 to 9", example: "2", wrong: "10", doc: "So many steps sooner an unhappy consumer is served."},
			{name: "off", kind: "true or false", def: "false", example: "true", wrong: "never", doc: "Nothing is heard. `priority` means nothing then."},
		}, nil},
		{"loops", "loops", "", "What a limit allows comes back evenly over its period. [The guide](bots.md) tells more.", []key{
			loop("burst", loops.Burst, 1, "Answers of an address to bots, ten minutes' worth."),
			loop("answers", loops.Answers, 1, "The same, a day's worth."),
			loop("conversations", loops.Conversations, 1, "Conversations that such an answer begins, a day's worth."),
			loop("same", loops.Same, 2, "Answers in a row with the same sentence, whatever its numbers."),
			loop("unanswered", loops.Unanswered, 1, "Messages of bots to an address that has not written since, a week's worth."),
			loop("follow_ups", loops.Followups, 1, "Follow-ups that begin since the consumer last wrote, a day's worth."),
		}, nil},
		{"desk", "desk", "", "Times are written as 90s, 5m or 2h, from 10s to 720h, or `never`.", []key{
			{name: "lapsed_offers", kind: "number or `never`", def: number(desk.MaxLapses()), bounds: "1 to 100", example: "3", wrong: "0", doc: "So many offers in a row that nobody answered set an agent away."},
			{name: "lost_connection", kind: "time", def: seconds(desk.Lost().Seconds()), example: "5m", wrong: "1s", doc: "So long an agent may be unreachable before her conversations go back."},
			{name: "away", kind: "time", def: seconds(desk.Away().Seconds()), example: "never", wrong: "soon", doc: "So long she may be away before those whose consumer waits go back."},
			{name: "transfer_wait", kind: "time", def: seconds(desk.TransferWait().Seconds()), example: "10m", wrong: "721h", doc: "So long a conversation waits for the one agent that it was given to."},
		}, nil},
		{"outreach", "outreach", "", "Follow-ups are messages that nobody waits for. One whose time comes in quiet hours waits for their end; one too many is not sent, and the log of the conversation says so.", []key{
			{name: "quiet", kind: "span", def: "none", bounds: "less than 24 hours", example: `"21:00-08:00"`, wrong: `"00:00-24:00"`, doc: "When none begins, by the clock where the consumer is: of the telephone number's country and area, elsewhere the brand's."},
			{name: "per_day", kind: "number", def: "no bound", bounds: fmt.Sprintf("1 to %d", engine.MostOutreach), example: "1", wrong: "0", doc: "So many at most to one address in 24 hours."},
			{name: "per_week", kind: "number", def: "no bound", bounds: fmt.Sprintf("1 to %d", engine.MostOutreach), example: "3", wrong: "51", doc: "So many at most in 7 days."},
		}, nil},
		{"retention", "retention", "", "Days are written as 30d, from 1d to 36500d, or `forever`.", []key{
			{name: "sends", kind: "days", def: fmt.Sprintf("%dd", engine.DefaultKeptSends), example: "30d", wrong: "30", doc: "Finished sends and outside calls with their bodies."},
			{name: "journals", kind: "days", def: fmt.Sprintf("%dd", engine.DefaultKeptJournals), example: "forever", wrong: "0d", doc: "What bots asked and were answered in closed conversations."},
			{name: "conversations", kind: "days", def: "forever", example: "400d", wrong: "400 days", doc: "What was said in closed conversations."},
		}, nil},
		{"skills", "skills.care", "", "What conversations need and agents have. The key is the skill's id: a-z, 0-9 and -, 40 at most.", []key{
			{name: "name", kind: "text", def: "the key", bounds: "one line, 80 bytes", example: "Customer care", wrong: strings.Repeat("x", 81), doc: "What people see."},
			{name: "priority", kind: "number", def: "5", bounds: "1 to 10", example: "3", wrong: "0", doc: "1 is served first."},
			{name: "accept_seconds", kind: "seconds", def: "0", bounds: "0 to 3600", example: "30", wrong: "3601", doc: "To accept an offer; 0 assigns at once."},
			{name: "weight", kind: "number", def: "1", bounds: "above 0, 100 at most", example: "0.5", wrong: "0", doc: "Share of an agent's slot."},
			{name: "fallback", kind: "skill", def: "none", example: "sales", wrong: "nobody", doc: "Takes over when nobody with the skill is online."},
			{name: "outcomes", kind: "list of texts", def: "none", bounds: "50", example: "[solved, refunded]", wrong: "[solved, solved]", doc: "What an agent may close with."},
			{name: "hours", kind: "mapping", def: "the brand's", example: "{mon-sun: 08:00-20:00}", wrong: "{}", doc: "[Opening hours](#hours)."},
		}, nil},
	}
	return append(append(before, channelSections()...), section{
		"agents", "agents.ana@acme.example", "name: Ana Lima", "Of the bundled example only: in every other folder people are made with `parley user`. The key is the e-mail address.", []key{
			{name: "name", kind: "text", bounds: "one line, 80 bytes", example: "Ana Lima", wrong: strings.Repeat("x", 81), doc: "As consumers see it."},
			{name: "role", kind: "`agent`, `supervisor` or `admin`", def: "agent", example: "supervisor", wrong: "boss", doc: "What she may do."},
			{name: "skills", kind: "list of skills", def: "none", example: "[care, sales]", wrong: "[nothing]", doc: "What she can do."},
			{name: "slots", kind: "number", def: "3", bounds: "above 0, 100 at most", example: "2", wrong: "0", doc: "How many conversations at a time."},
			{name: "auto_accept", kind: "true or false", def: "false", example: "true", wrong: "sometimes", doc: "Offers need no answer."},
		}, nil,
	})
}

// least is a brand.yaml with nothing but what it needs.
const least = `
id: acme
name: Acme
time_zone: Europe/Berlin
languages: [en, de]
default_skill: care
skills: {care: {}, sales: {}}
channels: {web: {kind: webchat, bot: concierge}}
`

// filled gives least with a value at a place, beside what must stand there.
func (s section) filled(t *testing.T, name, value string) map[string]any {
	t.Helper()
	read := func(text string) (out map[string]any) {
		if err := yaml.Unmarshal([]byte(text), &out); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return out
	}
	file := read(least)
	at := file
	if s.under != "" {
		parts := strings.SplitN(s.under, ".", 2)
		if parts[0] == "http" {
			parts = strings.Split(s.under, ".")
		}
		for _, part := range parts {
			next, ok := at[part].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[part] = next
			}
			at = next
		}
	}
	maps.Copy(at, read(cmp.Or(s.with, "{}")))
	if s.title == "http.secrets" {
		maps.Copy(at, map[string]any{"value": "${A}", "hosts": []string{"a.example"}})
	}
	if name != "" {
		maps.Copy(at, read(name+": "+value))
	}
	return file
}

func problemsOf(t *testing.T, file map[string]any) []string {
	t.Helper()
	raw, err := yaml.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	_, problems := brandfolder.Reader{Kinds: kinds, Env: brandfolder.Assumed}.Load(fstest.MapFS{
		"brand.yaml":         &fstest.MapFile{Data: raw},
		"bots/concierge.lua": &fstest.MapFile{Data: []byte("return function(chat) end\n")},
	})
	var out []string
	for _, p := range problems {
		out = append(out, p.Message)
	}
	return out
}

// TestReference holds docs/brand.md to what the folder's reader knows: every key of every mapping, that its example is
// taken, that what is wrong is refused, and that it may be left out when the page says so.
func TestReference(t *testing.T) {
	t.Parallel()
	listed := regexp.MustCompile(`no_such_key is not known; known here: (.*)$`)
	probed := 0
	for _, s := range sections() {
		var known string
		for _, p := range problemsOf(t, s.filled(t, "no_such_key", "1")) {
			if m := listed.FindStringSubmatch(p); m != nil {
				known = m[1]
			}
		}
		if known == "" {
			t.Errorf("%s: the reader does not list what it knows", s.title)
			continue
		}
		names := make([]string, 0, len(s.keys))
		for _, k := range s.keys {
			names = append(names, k.name)
		}
		slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) })
		rest := known
		for _, name := range names {
			item := regexp.MustCompile(`(^|, )` + regexp.QuoteMeta(name) + `(, |$)`)
			if !item.MatchString(rest) {
				t.Errorf("%s: the reader does not know %q, which docs/brand.md tells; it knows %s", s.title, name, known)
			}
			rest = item.ReplaceAllString(rest, ", ")
		}
		if rest = strings.Trim(rest, ", "); rest != "" {
			t.Errorf("%s: docs/brand.md does not tell %s", s.title, rest)
		}
		for _, k := range s.keys {
			probed++
			name := cmp.Or(k.write, k.name)
			good := s.filled(t, name, k.example)
			if k.beside != "" {
				beside := s
				beside.with += k.beside
				good = beside.filled(t, name, k.example)
			}
			if p := problemsOf(t, good); len(p) > 0 {
				t.Errorf("%s: the example of %s has problems: %q", s.title, k.name, p)
			}
			if p := problemsOf(t, s.filled(t, name, k.wrong)); len(p) == 0 {
				t.Errorf("%s: %s: %s is taken", s.title, name, k.wrong)
			}
			without := s.filled(t, "", "")
			at := without
			if s.under != "" {
				parts := strings.SplitN(s.under, ".", 2)
				if parts[0] == "http" {
					parts = strings.Split(s.under, ".")
				}
				for _, part := range parts {
					at, _ = at[part].(map[string]any)
				}
			}
			if k.def == "" && at[k.name] == nil && !(s.title == "patterns") {
				t.Errorf("%s: %s has no default, and is not needed", s.title, k.name)
			}
			delete(at, k.name)
			if p := problemsOf(t, without); (len(p) > 0) != (k.def == "") && len(at) > 0 {
				t.Errorf("%s: without %s, whose default is %q: %q", s.title, k.name, k.def, p)
			}
		}
	}
	if probed < 80 {
		t.Errorf("only %d keys were probed", probed)
	}
	page := referencePage(t)
	const file = "../../docs/brand.md"
	if *update {
		if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if raw, err := os.ReadFile(file); err != nil || string(raw) != page {
		t.Errorf("docs/brand.md is old (%v); go test ./botscripts/brandfolder -run TestReference -update writes it", err)
	}
}

func referencePage(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("# brand.yaml\n\n<!-- Written by a test: go test ./botscripts/brandfolder -run TestReference -update -->\n\n" +
		"What a brand is. `parley check DIR` tells all that is wrong with it, by file and line; a key that means nothing is a problem.\n\n" +
		"`${NAME}` stands for the server's environment variable NAME, as the whole of a value or of an entry of a list: in the settings and secrets of a channel, and in the value of a secret. " +
		"Secrets stand nowhere else. Anywhere else `${` is text like any other, or a problem. [Operating](operating.md#secrets) tells who allows it.\n")
	for _, s := range sections() {
		b.WriteString("\n## " + s.title + "\n\n")
		if s.doc != "" {
			b.WriteString(s.doc + "\n\n")
		}
		b.WriteString("| key | takes | left out | example | |\n|---|---|---|---|---|\n")
		rows := s.keys
		if s.shown != nil {
			rows = s.shown
		}
		for _, k := range rows {
			takes := k.kind
			if k.bounds != "" {
				takes += "; " + k.bounds
			}
			name := "`" + k.name + "`"
			if k.write != "" {
				name = k.name
			}
			fmt.Fprintf(&b, "| %s | %s | %s | `%s` | %s |\n", name, takes, cmp.Or(k.def, "**needed**"), strings.ReplaceAll(k.example, "|", "\\|"), k.doc)
		}
	}
	b.WriteString("\n## texts\n\nWhat the system says, in English; German, Spanish and French are there, too. A part in braces is filled in.\n\n| name | text |\n|---|---|\n")
	source, err := os.ReadFile("../../engine/texts/texts.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^\t[A-Z][A-Za-z]+ += "([a-z_]+)"`).FindAllStringSubmatch(string(source), -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	if len(names) < 10 {
		t.Fatalf("only %d texts were found", len(names))
	}
	for _, name := range names {
		text := texts.Format(engine.BrandSettings{}, "en", name, nil)
		if text == "" {
			t.Errorf("there is no text %s", name)
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", name, strings.ReplaceAll(strings.ReplaceAll(text, "|", "\\|"), "\n", " "))
	}
	return b.String()
}
