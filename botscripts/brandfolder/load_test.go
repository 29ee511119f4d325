package brandfolder

import (
	stdcmp "cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/botscripts/intents"
	"parley/connectors"
	"parley/engine"
)

const minimal = `id: acme
name: Acme
time_zone: Europe/Berlin
languages: [en]
default_skill: care
skills:
  care: {name: Care}
channels:
  web: {kind: webchat, bot: main}
`

func folderOf(brandYAML string, more ...string) fstest.MapFS {
	fsys := fstest.MapFS{
		"brand.yaml":    {Data: []byte(brandYAML)},
		"bots/main.lua": {Data: []byte("return function(chat) end\n")},
	}
	for i := 0; i < len(more); i += 2 {
		fsys[more[i]] = &fstest.MapFile{Data: []byte(more[i+1])}
	}
	return fsys
}

func environment(name string) (string, bool) {
	v, ok := map[string]string{"NUMBER": "+4930123456", "SID": "AC0", "TOKEN": "s3cret", "EMPTY": " "}[name]
	return v, ok
}

// reading knows the kinds of this build. Never written.
var reading = Reader{Kinds: connectors.Kinds(), Env: environment}

// kindless compares brands without the kinds, which hold functions.
func kindless() cmp.Option { return cmpopts.IgnoreFields(Brand{}, "Kinds") }

func messages(problems []Problem) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.String())
	}
	return out
}

// documented is the annotated brand.yaml of the package comment.
func documented(t *testing.T) string {
	t.Helper()
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, yaml, ok := strings.Cut(string(doc), "with all that it may say:\n//\n")
	if !ok {
		t.Fatal("the package comment has lost its example")
	}
	yaml, _, _ = strings.Cut(yaml, "\n//\n// ${NAME}")
	return strings.ReplaceAll(strings.ReplaceAll(yaml, "//\t", ""), "//\n", "\n")
}

func TestLoadDocumentedExample(t *testing.T) {
	t.Parallel()
	yaml := documented(t)
	yaml = strings.ReplaceAll(yaml, "TWILIO_NUMBER", "NUMBER")
	yaml = strings.ReplaceAll(yaml, "TWILIO_ACCOUNT_SID", "SID")
	yaml = strings.ReplaceAll(yaml, "TWILIO_AUTH_TOKEN", "TOKEN")
	yaml = strings.ReplaceAll(yaml, "${ORDERS_TOKEN}", "${TOKEN}")
	// The documented fallback needs its skill.
	yaml = strings.Replace(yaml, "skills:                       #", "skills:\n  sales: {priority: 1}\n  #", 1)
	fsys := folderOf(yaml, "bots/concierge.lua", "return 1", "lib/a/b.lua", "return {}", "faq/x.md", "## Q?\nA.\n",
		"intents.yaml", "order: [where is it, track, when]\nhours: [open, closed, opening times]\n", "tests/hi.chat", "> hi\n", "README.md", "not read",
		"i18n/en.yaml", "hello: Hi {name}\n", "i18n/de.yaml", "hello: Hallo {name}\n")
	got, problems := reading.Load(fsys)
	if diff := cmp.Diff([]string(nil), messages(problems)); diff != "" {
		t.Fatal(diff)
	}

	week := []time.Weekday{1, 2, 3, 4, 5}
	files := map[string]string{"brand.yaml": yaml, "tests/hi.chat": "> hi\n", "i18n/de.yaml": "hello: Hallo {name}\n", "i18n/en.yaml": "hello: Hi {name}\n", "bots/main.lua": "return function(chat) end\n", "bots/concierge.lua": "return 1",
		"lib/a/b.lua": "return {}", "faq/x.md": "## Q?\nA.\n", "intents.yaml": "order: [where is it, track, when]\nhours: [open, closed, opening times]\n"}
	want := Brand{
		Brand: engine.Brand{ID: "acme", Name: "Acme Bikes", Version: Hash(files), Secrets: map[string]engine.BrandSecret{
			"ORDERS_TOKEN": {Value: "${TOKEN}", Hosts: []string{"orders.acme.example"}},
		}, Settings: engine.BrandSettings{
			Gather:    1.5,
			Patterns:  []engine.Pattern{{Name: "order", Shape: "AC-#####"}, {Name: "ticket", Regexp: "T[0-9]{6,8}"}},
			Holidays:  []engine.Holiday{{Name: "Stadtfest", On: "06-15"}},
			Sentiment: engine.SentimentSettings{Priority: 2},
			Outreach:  engine.OutreachSettings{Quiet: engine.Span{From: 1260, Until: 1920}, PerDay: 2},
			Loops:     engine.LoopSettings{Burst: 30},
			Desk:      engine.DeskSettings{LapsedOffers: 3, LostSeconds: 300, AwaySeconds: 7200, TransferSeconds: 300},
			Retention: engine.RetentionSettings{Sends: 30, Journals: 90, Conversations: -1},
			TimeZone:  "Europe/Berlin", Languages: []string{"en", "de"}, BotName: "Ava", Color: "#0f766e", DefaultSkill: "care",
			EscapeWords: map[string][]string{"en": {"agent", "human"}},
			HTTPHosts:   []string{"orders.acme.example", "*.acme.example"},
			Texts:       map[string]string{"connecting": "One moment, I am getting {skill}."},
			Hours: engine.Hours{
				TimeZone: "Europe/Vienna",
				Shifts: []engine.Shift{
					{Days: week, Span: engine.Span{From: 540, Until: 1080}},
					{Days: []time.Weekday{6}, Span: engine.Span{From: 600, Until: 840}},
					{Days: []time.Weekday{6}, Span: engine.Span{From: 900, Until: 1020}},
					{Days: []time.Weekday{5, 0}, Span: engine.Span{From: 1320, Until: 1560}},
				},
				Closed: []string{"2026-12-25"},
				Extra:  map[string][]engine.Span{"2026-12-24": {{From: 540, Until: 720}}},
			},
		}},
		Channels: []engine.Channel{
			{Brand: "acme", ID: "acme.sms", Kind: "twilio", Name: "sms", Address: "${NUMBER}", Bot: "concierge",
				Config: map[string]string{"confirm_after": "5m", "give_up_after": "24h", "account_sid": "${SID}"}, Secrets: map[string]engine.Secret{"auth_token": "${TOKEN}"}},
			{Brand: "acme", ID: "acme.web", Kind: "webchat", Name: "Website", Bot: "concierge",
				Config: map[string]string{"allowed_origins": "https://acme.example", "gather": "0"}, Secrets: map[string]engine.Secret{}},
		},
		Skills: []engine.Skill{
			{Brand: "acme", ID: "care", Name: "Customer care", Priority: 5, AcceptSeconds: 30, Weight: 1, Fallback: "sales",
				Outcomes: []string{"solved", "refunded"},
				Hours:    &engine.Hours{Shifts: []engine.Shift{{Days: []time.Weekday{1, 2, 3, 4, 5, 6, 0}, Span: engine.Span{From: 480, Until: 1200}}}}},
			{Brand: "acme", ID: "sales", Name: "sales", Priority: 1, Weight: 1},
		},
		Agents: []Agent{{Email: "ana@acme.example", Name: "Ana Lima", Role: engine.RoleAgent, Skills: []string{"care", "sales"}, Slots: 3, AutoAccept: true}},
		Bundle: engine.Bundle{Hash: Hash(files), Model: intents.ModelHash(files), Brand: "acme", Files: files},
		Tests:  map[string]string{"tests/hi.chat": "> hi\n"},
		Uses: []Use{
			{Reference: engine.Reference{Brand: "acme", Field: "http.secrets.ORDERS_TOKEN.value", Variable: "TOKEN", Hosts: []string{"orders.acme.example"}}, Line: 15},
			{Reference: engine.Reference{Brand: "acme", Field: "channels.sms.address", Variable: "NUMBER", Hosts: []string{"api.twilio.com"}}, Line: 80, Channel: "acme.sms", Optional: true},
			{Reference: engine.Reference{Brand: "acme", Field: "channels.sms.account_sid", Variable: "SID", Hosts: []string{"api.twilio.com"}}, Line: 81, Channel: "acme.sms", Optional: true},
			{Reference: engine.Reference{Brand: "acme", Field: "channels.sms.auth_token", Variable: "TOKEN", Hosts: []string{"api.twilio.com"}}, Line: 82, Channel: "acme.sms", Optional: true},
		},
	}
	if diff := cmp.Diff(want, got, kindless()); diff != "" {
		t.Error(diff)
	}
	again, problems := reading.FromFiles(got.Bundle.Files)
	if len(problems) > 0 {
		t.Errorf("from the bundle: %v", messages(problems))
	}
	if diff := cmp.Diff(got, again, kindless()); diff != "" {
		t.Errorf("from the bundle: %s", diff)
	}
}

func manyPatterns(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  p%d: \"#%d\"\n", i, i)
	}
	return b.String()
}

func TestProblems(t *testing.T) {
	t.Parallel()
	channels := func(s string) string { return strings.Replace(minimal, "  web: {kind: webchat, bot: main}", s, 1) }
	skills := func(s string) string { return strings.Replace(minimal, "  care: {name: Care}", s, 1) }
	tests := []struct {
		name string
		yaml string
		more []string
		want []string
	}{
		{"minimal", minimal, nil, nil},
		{"empty", "", nil, []string{"brand.yaml:1: this file is empty"}},
		{"not a mapping", "- a\n", nil, []string{
			"brand.yaml:1: channels is missing", "brand.yaml:1: default_skill is missing", "brand.yaml:1: id is missing",
			"brand.yaml:1: languages is missing", "brand.yaml:1: name is missing", "brand.yaml:1: skills is missing",
			"brand.yaml:1: the file must be a mapping of keys to values", "brand.yaml:1: time_zone is missing"}},
		{"syntax", minimal + "color: [\n", nil, []string{"brand.yaml:10: this is not YAML: sequence end token ']' not found"}},
		{"two documents", minimal + "---\nid: b\n", nil, []string{"brand.yaml:11: only one YAML document may be in the file"}},
		{"unknown and double keys", minimal + "colour: red\nname: B\n", nil, []string{
			"brand.yaml:10: colour is not known; known here: id, name, time_zone, languages, bot_name, color, default_skill, escape_words, http, hours, gather, texts, patterns, holidays, sentiment, loops, desk, outreach, retention, skills, channels, agents; did you mean \"color\"?",
			"brand.yaml:11: name is given twice, first on line 2"}},
		{"anchors", minimal + "bot_name: &a Ava\ncolor: *a\n", nil, []string{
			"brand.yaml:10: bot_name must be plain text; anchors, aliases and tags are not known here",
			"brand.yaml:11: color must be plain text; anchors, aliases and tags are not known here"}},
		{"simple values", "id: Acme_1\nname:\ntime_zone: Europe/Bern\nlanguages: [en, EN, en]\ndefault_skill: nobody\ncolor: teal\nskills:\n  care: {}\nchannels:\n  web: {kind: webchat, bot: main}\n", nil, []string{
			`brand.yaml:1: id: "Acme_1" is not an id; use a-z, 0-9 and -, at most 40`,
			"brand.yaml:2: name has no value",
			`brand.yaml:3: time_zone: there is no time zone "Europe/Bern"; write one such as Europe/Berlin`,
			`brand.yaml:4: languages has "en" twice`,
			`brand.yaml:4: languages: "EN" is not a language; write it as en or pt-BR`,
			`brand.yaml:5: default_skill: there is no skill "nobody"`,
			`brand.yaml:6: color: "teal" is not a colour; write it as "#0f766e"`}},
		{"hosts", minimal + "http:\n  hosts: [\"https://a.example/x\", \"*\"]\n  ports: 1\n", nil, []string{
			`brand.yaml:11: http.hosts: "*": want a host such as api.shop.example, without scheme or path`,
			`brand.yaml:11: http.hosts: "https://a.example/x": the port must be 1 to 65535`,
			"brand.yaml:12: http.ports is not known; known here: hosts, secrets; did you mean \"hosts\"?"}},
		{"secrets", minimal + "http:\n  secrets:\n    A: {value: \"${TOKEN}\", hosts: [a.example]}\n    B: {value: hunter2, hosts: [a.example]}\n    C: {value: \"${NOT_THERE}\", hosts: [\"*\"]}\n    d-e: {}\n    F: {x: 1}\n", nil, []string{
			"brand.yaml:13: http.secrets.B.value is a secret: keep it in the environment and write ${NAME} here",
			`brand.yaml:14: http.secrets.C.hosts: "*": want a host such as api.shop.example, without scheme or path`,
			"brand.yaml:14: http.secrets.C.value: the environment variable NOT_THERE is not set",
			`brand.yaml:15: http.secrets: "d-e" is not the name of a secret; use letters, digits and _`,
			"brand.yaml:16: http.secrets.F needs hosts", "brand.yaml:16: http.secrets.F needs value",
			"brand.yaml:16: http.secrets.F.x is not known; known here: value, hosts"}},
		{"times of a channel", channels("  sms: {kind: twilio, bot: main, address: \"+14155550100\", account_sid: AC00000000000000000000000000000001, auth_token: \"${TOKEN}\", give_up_after: 30s, confirm_after: soon}"), nil, []string{
			"brand.yaml:9: channels.sms.give_up_after must be a time from 1m to 168h, such as 90s, 30m or 24h",
			"brand.yaml:9: channels.sms.confirm_after must be a time from 5s to 1h, such as 90s, 30m or 24h",
		}},
		{"gather", channels("  web: {kind: webchat, bot: main, gather: 11}\ngather: soon"), nil, []string{
			"brand.yaml:9: channels.web.gather must be a number of seconds from 0 to 10",
			"brand.yaml:10: gather must be a number of seconds from 0 to 10"}},
		{"i18n", strings.Replace(minimal, "[en]", "[en, de-AT]", 1), []string{"i18n/en.yaml", "a: Hi {name}\nb: {one: x, other: y}\n", "i18n/de.yaml", "a: Hallo {nam}\nb: z\nc: {d: e}\n", "i18n/fr.yaml", "a b: x\nb: {\n", "i18n/x.txt", "\xff"}, []string{
			"i18n/de.yaml:1: a has the placeholder {nam}, which it has not in en",
			"i18n/de.yaml:2: b has plural forms in only one of de and en",
			"i18n/de.yaml:3: c.d is not in en, the first of the brand's languages",
			"i18n/x.txt:1: this file is not read: files in i18n/ end with .yaml",
			"i18n/fr.yaml:1: the brand does not speak fr; its languages are en, de-AT",
			"i18n/fr.yaml:2: this is not YAML: could not find flow mapping end token '}'"}},
		{"hours", minimal + "hours:\n  mon-fry: 09:00-18:00\n  tue: 9-18\n  wed: 09:00-09:00\n  thu: 09:00-12:00, 11:00-13:00\n  closed: [25.12.2026]\n  extra: {2026-02-30: 10:00-11:00}\n", nil, []string{
			"brand.yaml:11: hours.mon-fry is not known; known here: days such as mon, mon-fri or sat, sun, closed, extra, time_zone",
			`brand.yaml:12: hours.tue: "9-18" is not a time span; write it as 09:00-18:00`,
			`brand.yaml:13: hours.wed: "09:00-09:00" is empty; all day is 00:00-24:00`,
			"brand.yaml:14: hours.thu: 09:00-12:00 and 11:00-13:00 overlap",
			`brand.yaml:15: "25.12.2026" is not a date; write it as 2026-12-25`,
			`brand.yaml:16: "2026-02-30" is not a date; write it as 2026-12-25`}},
		{"empty hours", minimal + "hours: {}\n", nil, []string{"brand.yaml:10: hours is empty; leave it out to be always open"}},
		{"skills", skills("  care: {priority: 11, accept_seconds: -1, weight: 0, fallback: nobody, outcomes: [a, a]}\n  a b: {}"), nil, []string{
			`brand.yaml:7: skills.care.fallback: there is no skill "nobody"`,
			"brand.yaml:7: skills.care.accept_seconds must be a whole number from 0 to 3600",
			`brand.yaml:7: skills.care.outcomes has "a" twice`,
			"brand.yaml:7: skills.care.priority must be a whole number from 1 to 10",
			"brand.yaml:7: skills.care.weight must be a number above 0, at most 100",
			`brand.yaml:8: skills.a b: "a b" is not an id; use a-z, 0-9 and -, at most 40`}},
		{"fallback circle", skills("  care:\n    fallback: sales\n  sales:\n    fallback: tech\n  tech:\n    fallback: sales"), nil, []string{
			"brand.yaml:10: the fallbacks go in a circle: sales, tech, sales"}},
		{"fallback to itself", skills("  care: {fallback: care}"), nil, []string{"brand.yaml:7: the fallbacks go in a circle: care, care"}},
		{"channels", channels("  web: {kind: carrier-pigeon}\n  b: {kind: webchat, bot: nobody, auth_token: x}\n  c: {bot: main}\n  d: {kind: twilio}"), nil, []string{
			`brand.yaml:9: channels.web.kind: there is no channel kind "carrier-pigeon"; there are: ` + kindNames(),
			"brand.yaml:10: channels.b.auth_token is not known; known here: allowed_origins, bot, gather, kind, name, optional",
			"brand.yaml:10: channels.b.bot: there is no file bots/nobody.lua",
			"brand.yaml:11: channels.c needs a kind: " + kindNames(),
			"brand.yaml:12: channels.d: a twilio channel needs account_sid",
			"brand.yaml:12: channels.d: a twilio channel needs address",
			"brand.yaml:12: channels.d: a twilio channel needs auth_token",
			"brand.yaml:12: channels.d: a twilio channel needs bot"}},
		{"environment", channels("  sms:\n    kind: twilio\n    bot: main\n    address: ${NUMBER}\n    account_sid: ${NOT_THERE}\n    auth_token: ${EMPTY}\n    auth_token_old: hunter2\n    api_base: ${a b}"), nil, []string{
			"brand.yaml:13: channels.sms.account_sid: the environment variable NOT_THERE is not set",
			"brand.yaml:14: channels.sms.auth_token: the environment variable EMPTY is not set",
			"brand.yaml:15: channels.sms.auth_token_old is a secret: keep it in the environment and write ${NAME} here",
			"brand.yaml:16: channels.sms.api_base: a variable stands alone: write ${NAME}, with letters, digits and _, and nothing beside it"}},
		{"values that no channel takes", channels("  sms:\n    kind: twilio\n    bot: main\n    address: [\"+1\", \"+2\"]\n    account_sid: AC0\n    auth_token: ${TOKEN}\n    mms: maybe\n    keyword_replies: nobody\n    api_base: http://twilio.example\n    api_key_sid: ${SID}\n    stop_words: [basta]\n    help_words: [BASTA!]\n    keyword_languages: [fr, xx]"), nil, []string{
			"brand.yaml:9: channels.sms: a twilio channel needs api_key_secret",
			"brand.yaml:12: channels.sms.address must be one value",
			"brand.yaml:13: channels.sms.account_sid must be AC and 32 hex digits",
			"brand.yaml:15: channels.sms.mms must be true or false",
			"brand.yaml:16: channels.sms.keyword_replies must be twilio or gateway",
			"brand.yaml:17: channels.sms.api_base must be a plain URL that begins with https://",
			`brand.yaml:20: channels.sms.help_words has "BASTA!", which stands in stop_words too`,
			`brand.yaml:21: channels.sms.keyword_languages has no words for "xx", only for de, es, fr, en; write others as stop_words, start_words and help_words`}},
		{"optional channel without its environment", channels("  sms: {kind: twilio, optional: true, bot: main, address: \"${NOT_THERE}\", account_sid: \"${SID}\", auth_token: \"${TOKEN}\"}"), nil, nil},
		{"a messaging service instead of an address", channels("  sms: {kind: twilio, bot: main, messaging_service_sid: MG00000000000000000000000000000001, account_sid: \"${SID}\", auth_token: \"${TOKEN}\"}"), nil, nil},
		{"no channels, no skills", "id: a\nname: A\ntime_zone: UTC\nlanguages: en\ndefault_skill: care\nskills: {}\nchannels:\n", nil, []string{
			`brand.yaml:5: default_skill: there is no skill "care"`,
			"brand.yaml:6: skills: a brand needs at least one skill",
			"brand.yaml:7: channels: a brand needs at least one channel"}},
		{"agents", minimal + "agents:\n  ana: {role: boss, skills: [care, x], slots: 0, auto_accept: maybe, age: 3}\n", nil, []string{
			`brand.yaml:11: agents.ana.role: there is no role "boss"; there are: agent, supervisor, admin`,
			"brand.yaml:11: agents.ana.age is not known; known here: name, role, skills, slots, auto_accept",
			"brand.yaml:11: agents.ana.auto_accept must be true or false",
			"brand.yaml:11: agents.ana.slots must be a number above 0, at most 100",
			"brand.yaml:11: agents.ana needs a name",
			`brand.yaml:11: agents: "ana" is not an e-mail address`,
			`brand.yaml:11: an entry of agents.ana.skills: there is no skill "x"`}},
		{"texts and words", minimal + "texts: {conecting: x, help.de: y, help.German: z}\nescape_words: {english: [a]}\n", nil, []string{
			`brand.yaml:10: texts: "conecting" is not the name of a text`,
			`brand.yaml:10: texts: "help.German" is not the name of a text`,
			`brand.yaml:11: escape_words: "english" is not a language; write it as en or pt-BR`}},
		{"patterns", minimal + "patterns:\n  Order: \"#\"\n  a: ABC\n  b: {regexp: \"(\"}\n  c: {regexp: x*}\n  d: #####\n  e: {shape: \"#\"}\n  f: {}\n  g: [\"#\"]\n  h: {regexp: \"((x{60}y){60})\"}\n  i: {regexp: \"" + strings.Repeat("x{60}", 38) + "\"}\n  j: \"*\"\n", nil, []string{
			`brand.yaml:11: patterns: "Order" is not the name of a pattern; use a-z, 0-9 and _, at most 40`,
			"brand.yaml:12: patterns.a: A shape needs at least one of #, @ and *.",
			"brand.yaml:13: patterns.b: The regexp cannot be read or repeats more than 64 times.",
			"brand.yaml:14: patterns.c: The pattern fits an empty text.",
			"brand.yaml:15: patterns.d has no value",
			"brand.yaml:16: patterns.e.shape is not known; known here: regexp",
			"brand.yaml:17: patterns.f: A pattern needs either a shape or a regexp.",
			"brand.yaml:18: patterns.g must be plain text",
			"brand.yaml:19: patterns.h: The regexp cannot be read or repeats more than 64 times.",
			"brand.yaml:20: patterns.i: The patterns are too large: with their repetitions they make more than 1,000 steps."}},
		{"holidays", minimal + "holidays:\n  Stadtfest: 13-01\n  \"-\": 06-15\n  Markt: [1]\n", nil, []string{
			`brand.yaml:11: holidays.Stadtfest: "13-01" is no day of a year; write 06-15, easter+39, "4 thu 11" or "-1 mon 5".`,
			"brand.yaml:12: holidays.-: The name of a holiday has words, 60 bytes at most.",
			"brand.yaml:13: holidays.Markt must be plain text"}},
		{"many patterns", minimal + "patterns:\n" + manyPatterns(33), nil, []string{"brand.yaml:10: patterns: There may be at most 32 patterns."}},
		{"loops", minimal + "loops: {same: 1, burst: 0, answers: x, speed: 3}\n", nil, []string{
			"brand.yaml:10: loops.same must be a whole number from 2 to 1000000",
			"brand.yaml:10: loops.burst must be a whole number from 1 to 1000000",
			"brand.yaml:10: loops.answers must be a whole number from 1 to 1000000",
			"brand.yaml:10: loops.speed is not known; known here: same, burst, answers, conversations, unanswered, follow_ups"}},
		{"sentiment", minimal + "sentiment: {off: maybe, priority: 10, mood: x}\n", nil, []string{
			"brand.yaml:10: sentiment.off must be true or false",
			"brand.yaml:10: sentiment.priority must be a whole number from 0 to 9",
			"brand.yaml:10: sentiment.mood is not known; known here: off, priority"}},
		{"sentiment off", minimal + "sentiment: {off: true, priority: 1}\n", nil, []string{
			"brand.yaml:10: sentiment: with off nobody is heard as unhappy, so that priority means nothing"}},
		{"faq", minimal, []string{"faq/a.md", "## Q one?\nA.\n\n## Empty?\n", "faq/b.md", "# B\n## q  ONE?\nB."}, []string{
			`faq/a.md:4: the question "Empty?" has no answer below it`,
			`faq/b.md:2: the question "q  ONE?" is already in faq/a.md, line 1`}},
		{"faq variants", minimal, []string{"faq/a.md", "## Q?\nSee also: Nothing?\n\nA.\n\n## Q?\nLanguage: fr\n\nB.\n\n## Q?\nChannels: web\n\nC.\n\n## q?\nChannels: web\n\nD.\n"}, []string{
			`faq/a.md:1: see also: there is no question "Nothing?"`,
			"faq/a.md:6: the brand does not speak fr; its languages are en",
			`faq/a.md:16: the question "q?" is already in faq/a.md, line 11`}},
		{"intents", minimal, []string{"intents.yaml", "Order Status:\n  - where\n  - where\nempty:\n"}, []string{
			`intents.yaml:1: "Order Status" is not the name of an intent; use a-z, 0-9 and _`,
			`intents.yaml:3: Order Status has the example "where" twice`,
			"intents.yaml:4: empty has no value"}},
		{"files", minimal, []string{"bots/big.lua", strings.Repeat("-", maxLua+1), "bots/x/y.lua", "", "faq/big.md", strings.Repeat("x", maxFile+1),
			"lib/bin.lua", "a\x00b", "tests/latin1.chat", "\xe4", "bots/.hidden.lua", "\xff", "lib/notes.txt", "\xff", "bots/README.txt", "x"}, []string{
			"lib/notes.txt:1: this file is not read: files in lib/ end with .lua",
			"bots/big.lua:1: this file is larger than 64 KiB",
			"bots/x/y.lua:1: bots are directly in bots/; modules that they share are in lib/",
			"faq/big.md:1: this file is larger than 1024 KiB",
			"lib/bin.lua:1: this file is not UTF-8 text",
			"tests/latin1.chat:1: this file is not UTF-8 text"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, problems := reading.Load(folderOf(tt.yaml, tt.more...))
			// Within a line the order is that of the messages, which says nothing.
			if diff := cmp.Diff(slices.Sorted(slices.Values(tt.want)), slices.Sorted(slices.Values(messages(problems)))); diff != "" {
				t.Error(diff)
			}
			if !slices.IsSortedFunc(problems, func(a, b Problem) int { return stdcmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line) }) {
				t.Errorf("the problems are not in the order of files and lines: %v", messages(problems))
			}
			for _, p := range problems {
				if strings.Contains(p.Message, "hunter2") || strings.Contains(p.Message, "s3cret") {
					t.Errorf("a problem tells a secret: %s", p)
				}
			}
		})
	}
}

func TestMissingBrandYAML(t *testing.T) {
	t.Parallel()
	_, problems := reading.Load(fstest.MapFS{"bots/main.lua": {Data: []byte("")}})
	if diff := cmp.Diff([]string{"brand.yaml:1: this file is missing"}, messages(problems)); diff != "" {
		t.Error(diff)
	}
}

func TestTooManyFiles(t *testing.T) {
	t.Parallel()
	fsys := folderOf(minimal)
	for i := range maxFiles {
		fsys["lib/m"+strings.Repeat("x", i)+".lua"] = &fstest.MapFile{}
	}
	_, problems := reading.Load(fsys)
	if len(problems) != 1 || !strings.HasSuffix(problems[0].Message, "a brand has at most 2000 files") {
		t.Errorf("problems: %v", messages(problems))
	}
}

func TestLoadDirRefusesLinks(t *testing.T) {
	t.Parallel()
	outside := filepath.Join(t.TempDir(), "secret.lua")
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(outside, "return 42")
	write(filepath.Join(dir, "brand.yaml"), minimal)
	write(filepath.Join(dir, "bots/main.lua"), "return function(chat) end")
	for link, target := range map[string]string{"bots/linked.lua": outside, "lib": filepath.Dir(outside), "intents.yaml": "/nowhere"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	b, problems, err := reading.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"bots/linked.lua:1: this is a symbolic link; put the file itself here",
		"intents.yaml:1: this is a symbolic link; put the file itself here",
		"lib:1: this is a symbolic link; put the files themselves here",
	}
	if diff := cmp.Diff(want, messages(problems)); diff != "" {
		t.Error(diff)
	}
	if len(b.Bundle.Files) != 2 {
		t.Errorf("files: %v", b.Bundle.Files)
	}
	if _, _, err := reading.LoadDir(filepath.Join(dir, "nowhere")); engine.CodeOf(err) != engine.NotFound {
		t.Errorf("a missing folder: %v", err)
	}
}

func TestHash(t *testing.T) {
	t.Parallel()
	one := Hash(map[string]string{"bots/a.lua": "x", "lib/b.lua": "y"})
	// Made with another program: a change of the form would push every brand again.
	if want := "0deb26a11a9d9f0c0b70f04391bdcc70310cbdff18e547a985c55f9b5f040b80"; one != want {
		t.Errorf("hash %s, want %s", one, want)
	}
	for name, files := range map[string]map[string]string{
		"content":  {"bots/a.lua": "x", "lib/b.lua": "z"},
		"name":     {"bots/a.lua": "x", "lib/c.lua": "y"},
		"boundary": {"bots/a.lua": "xlib/b.lua", "": "y"},
		"less":     {"bots/a.lua": "x"},
	} {
		if Hash(files) == one {
			t.Errorf("another %s gives the same hash", name)
		}
	}
	// Everything in the folder is part of a version, but for what no brand has.
	a, _ := reading.Load(folderOf(minimal))
	same, _ := reading.Load(folderOf(minimal, "README.md", "x", "bots/.main.lua.swp", "x"))
	if a.Bundle.Hash != same.Bundle.Hash {
		t.Errorf("other files give another hash")
	}
	for name, fsys := range map[string]fstest.MapFS{
		"settings": folderOf(minimal + "color: \"#000000\"\n"),
		"tests":    folderOf(minimal, "tests/a.chat", "x"),
		"faq":      folderOf(minimal, "faq/a.md", "## Q?\nA."),
	} {
		if b, _ := reading.Load(fsys); b.Bundle.Hash == a.Bundle.Hash {
			t.Errorf("other %s give the same hash", name)
		}
	}
}

func TestFromFiles(t *testing.T) {
	t.Parallel()
	files := func(more ...string) map[string]string {
		m := map[string]string{"brand.yaml": minimal, "bots/main.lua": "return 1"}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	for name, tt := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"good":       {files("tests/a/b.chat", "> hi", "lib/x.lua", "return 1"), nil},
		"no yaml":    {map[string]string{}, []string{"brand.yaml:1: this file is missing"}},
		"foreign":    {files("README.md", "x", "bots/a.txt", "x"), []string{"README.md:1: this file does not belong to a brand", "bots/a.txt:1: this file does not belong to a brand"}},
		"outside":    {files("lib/../../x.lua", "x", "/bots/a.lua", "x"), []string{"/bots/a.lua:1: this file does not belong to a brand", "lib/../../x.lua:1: this file does not belong to a brand"}},
		"hidden":     {files("lib/.git/x.lua", "x"), []string{"lib/.git/x.lua:1: this file does not belong to a brand"}},
		"below bots": {files("bots/a/b.lua", "x"), []string{"bots/a/b.lua:1: bots are directly in bots/; modules that they share are in lib/"}},
		"binary":     {files("lib/a.lua", "\xff", "lib/b.lua", strings.Repeat("x", maxLua+1)), []string{"lib/a.lua:1: this file is not UTF-8 text", "lib/b.lua:1: this file is larger than 64 KiB"}},
	} {
		_, problems := reading.FromFiles(tt.files)
		if diff := cmp.Diff(tt.want, messages(problems)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	large := files()
	for _, c := range "abcdefghijklmnopqrstuvwxyz" {
		large["faq/"+string(c)+".md"] = strings.Repeat(" ", maxFile)
	}
	if _, problems := reading.FromFiles(large); len(problems) != 1 || problems[0].Message != "a brand has at most 16 MiB of files" {
		t.Errorf("large: %v", messages(problems))
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(minimal))
	f.Add([]byte(minimal + "hours: {mon-sun: 00:00-24:00, closed: [2026-12-25], extra: {2026-12-24: 09:00-12:00}}\n"))
	f.Add([]byte("id: &a acme\nname: *a\n? [x]\n: {y: !!str z}\n<<: {a: 1}\n"))
	f.Add([]byte("channels:\n  sms: {kind: twilio, address: '${NUMBER}', auth_token: ${TOKEN}}\n"))
	f.Add([]byte(minimal + "patterns: {order: 'AC-#####', t: {regexp: 'T[0-9]{6}'}}\nsentiment: {priority: 2}\nloops: {burst: 9, follow_ups: 2}\n"))
	f.Add([]byte("a: |\n  x\n---\n...\n- - - -\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		fsys := folderOf(string(data))
		b, problems := reading.Load(fsys)
		again, problemsAgain := reading.Load(fsys)
		if diff := cmp.Diff(messages(problems), messages(problemsAgain)); diff != "" {
			t.Fatalf("two looks differ: %s", diff)
		}
		if diff := cmp.Diff(b, again, kindless()); diff != "" {
			t.Fatalf("two looks differ: %s", diff)
		}
		stored, problemsStored := reading.FromFiles(map[string]string{"brand.yaml": string(data), "bots/main.lua": string(fsys["bots/main.lua"].Data)})
		if diff := cmp.Diff(messages(problems), messages(problemsStored)); diff != "" {
			t.Fatalf("the bundle's problems differ: %s", diff)
		}
		if diff := cmp.Diff(b, stored, kindless()); diff != "" {
			t.Fatalf("the bundle's brand differs: %s", diff)
		}
		lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + 1
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines+1 || p.File == "" || p.Message == "" {
				t.Fatalf("bad problem %+v of %d lines", p, lines)
			}
			if strings.Contains(p.Message, "s3cret") && !strings.Contains(string(data), "s3cret") {
				t.Fatalf("a problem tells a secret: %s", p)
			}
		}
		if len(problems) > 0 {
			return
		}
		if b.Brand.ID == "" || len(b.Skills) == 0 || b.Brand.Settings.DefaultSkill == "" || b.Brand.Name == "" {
			t.Fatalf("no problems, and yet: %+v", b)
		}
	})
}

// FuzzFromFiles: what a bundle may hold is what a folder would give.
func FuzzFromFiles(f *testing.F) {
	f.Add("i18n/de/a.yaml", "a: b\n")
	f.Add("lib/../x.lua", "return 1")
	f.Add("bots/x/y.lua", "")
	f.Add("tests//a.chat", "\x00")
	f.Fuzz(func(t *testing.T, name, text string) {
		if name == "brand.yaml" || name == "bots/main.lua" {
			return
		}
		b, problems := reading.FromFiles(map[string]string{"brand.yaml": minimal, "bots/main.lua": "return function(chat) end\n", name: text})
		_, kept := b.Bundle.Files[name]
		if !kept {
			if len(problems) == 0 {
				t.Fatalf("%q is lost without a word", name)
			}
			return
		}
		folder, _ := reading.Load(folderOf(minimal, name, text))
		if folder.Bundle.Files[name] != text {
			t.Fatalf("%q is in the bundle and would not be read from a folder", name)
		}
	})
}

// References are found in what YAML means, however it is written, and only as
// a whole value of a field that may have one.
func TestUses(t *testing.T) {
	t.Parallel()
	const problem = "a variable stands alone"
	tests := []struct{ written, want string }{
		{`${TOKEN}`, "TOKEN"}, {`"${TOKEN}"`, "TOKEN"}, {`'${TOKEN}'`, "TOKEN"}, {`"\x24{TOKEN}"`, "TOKEN"}, {`"\u0024\u007bTOKEN}"`, "TOKEN"},
		{`"\U00000024{TO\x4bEN}"`, "TOKEN"}, {"|\n      ${TOKEN}\n", "TOKEN"}, {">-\n      ${TOKEN}", "TOKEN"}, {"\"$\\\n      {TOKEN}\"", "TOKEN"}, {`" ${TOKEN} "`, "TOKEN"},
		{`"${TOKEN}x"`, problem}, {`"x${TOKEN}"`, problem}, {`"${TOKEN}${TOKEN}"`, problem}, {`"${}"`, problem}, {`"${1A}"`, problem}, {`"${A B}"`, problem},
		{`"${TOKEN"`, problem}, {`"${TÖKEN}"`, problem}, {`"\\x24{TOKEN}"`, "is a secret"}, {`'\x24{TOKEN}'`, "is a secret"}, {`"$TOKEN"`, "is a secret"},
		{`&a "${TOKEN}"`, "anchors, aliases and tags"}, {`!!str "${TOKEN}"`, "anchors, aliases and tags"}, {`["${TOKEN}", "${SID}"]`, "must be one"},
	}
	for _, tt := range tests {
		b, problems := reading.Load(folderOf(strings.Replace(minimal, "  web: {kind: webchat, bot: main}", "  sms:\n    kind: twilio\n    bot: main\n    address: \"+49301234\"\n    account_sid: AC00000000000000000000000000000001\n    auth_token: "+tt.written, 1)))
		switch {
		case tt.want == "TOKEN":
			if len(problems) > 0 || len(b.Uses) != 1 || b.Uses[0].Variable != "TOKEN" || b.Channels[0].Secrets["auth_token"] != "${TOKEN}" {
				t.Errorf("%s: %v, %v", tt.written, b.Uses, problems)
			}
		case !strings.Contains(strings.Join(messages(problems), "\n"), tt.want):
			t.Errorf("%s: the problems are %v", tt.written, messages(problems))
		}
	}
	for key, line := range map[string]string{"name": "{kind: webchat, bot: main, name: \"${TOKEN}\"}", "bot": "{kind: webchat, bot: \"${TOKEN}\"}"} {
		_, problems := reading.Load(folderOf(strings.Replace(minimal, "  web: {kind: webchat, bot: main}", "  web: "+line, 1)))
		if !strings.Contains(strings.Join(messages(problems), "\n"), "no variable may stand here") {
			t.Errorf("%s: %v", key, messages(problems))
		}
	}
}

// What a variable's value makes wrong is told where the variable stands.
func TestFilled(t *testing.T) {
	t.Parallel()
	b, problems := reading.Load(folderOf(strings.Replace(minimal, "  web: {kind: webchat, bot: main}",
		"  sms:\n    kind: twilio\n    bot: main\n    address: ${NUMBER}\n    account_sid: ${SID}\n    auth_token: ${TOKEN}", 1)))
	if len(problems) > 0 {
		t.Fatal(messages(problems))
	}
	_, channels := Fill(b.Kinds, b.Brand, b.Channels, func(r engine.Reference) (string, bool) { return environment(r.Variable) })
	want := []string{"brand.yaml:13: channels.sms.account_sid must be AC and 32 hex digits"}
	if diff := cmp.Diff(want, messages(b.Filled(channels))); diff != "" {
		t.Error(diff)
	}
	if found := b.Filled(b.Channels); len(found) > 0 {
		t.Errorf("as it is written: %v", messages(found))
	}
}
