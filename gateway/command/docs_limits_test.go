package command_test

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/printer"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// limit is a row of docs/limits.md: what it bounds, and where the code has the number.
type limit struct {
	what  string
	unit  string // bytes, seconds, time (of Go), or a word for what is counted
	where string // the package's folder and the constant
	then  string // what happens beyond it, "" for what its section says
}

type limitSection struct {
	title, text string
	rows        []limit
}

func limitSections() []limitSection {
	return []limitSection{
		{"A folder", "`parley check` and every load tell what is beyond these, by file and line; the version that runs stays.", []limit{
			{"files", "", "botscripts/brandfolder.maxFiles", ""},
			{"all files together", "bytes", "botscripts/brandfolder.maxTotal", ""},
			{"a file", "bytes", "botscripts/brandfolder.maxFile", ""},
			{"a script", "bytes", "botscripts/brandfolder.maxLua", ""},
			{"brand.yaml", "bytes", "botscripts/brandfolder.maxBrandYAML", ""},
			{"another YAML file", "bytes", "botscripts/brandfolder.maxYAML", ""},
			{"keys of a YAML file", "", "botscripts/yamlfile.maxKeys", ""},
			{"brackets that are open in a YAML file", "", "botscripts/yamlfile.maxBrackets", ""},
			{"blanks before a key of a YAML file", "", "botscripts/yamlfile.maxIndent", ""},
			{"words of a YAML file that begin with `*`, `&`, `!` or `?`", "", "botscripts/yamlfile.maxMarks", ""},
		}},
		{"FAQ, intents and texts", "Beyond them the folder has a problem; a longer question of a consumer is cut.", []limit{
			{"questions of an FAQ file", "", "botscripts/faq.maxEntries", ""},
			{"a question or wording", "bytes", "botscripts/faq.maxQuestion", ""},
			{"further wordings of a question", "", "botscripts/faq.maxWordings", ""},
			{"an answer", "bytes", "botscripts/faq.maxAnswer", ""},
			{"links of an entry", "", "botscripts/faq.maxLinks", ""},
			{"cards of an entry", "", "botscripts/faq.maxCards", ""},
			{"questions under See also", "", "botscripts/faq.maxSeeAlso", ""},
			{"channels of an entry", "", "botscripts/faq.maxAbout", ""},
			{"the label of a link", "bytes", "botscripts/faq.maxLabel", ""},
			{"what is read of the text that is searched for", "bytes", "botscripts/faq.maxQuery", "the rest does not count"},
			{"answers of `faq.search`", "", "botscripts/modules/faq.maxHits", ""},
			{"intents", "", "botscripts/intents.maxIntents", ""},
			{"an example sentence", "bytes", "botscripts/intents.maxExample", ""},
			{"the description of an intent", "bytes", "botscripts/intents.maxDescription", ""},
			{"regression cases in tests/intents.yaml", "", "botscripts/intents.maxCases", ""},
			{"what `intent.classify` reads of a text", "bytes", "botscripts/kernel.MaxHeard", "the rest does not count"},
			{"texts of a language", "", "botscripts/i18n.maxTexts", ""},
			{"a text", "bytes", "botscripts/i18n.maxText", ""},
			{"levels of keys of texts", "", "botscripts/i18n.maxDepth", ""},
			{"values that `i18n.t` fills in", "", "botscripts/modules/i18n.maxVars", "an error in the bot"},
			{"a text with its values filled in", "bytes", "botscripts/i18n.maxWritten", "an error in the bot"},
			{"decimals of a number that is written", "", "botscripts/modules/i18n.maxDecimals", "an error in the bot"},
		}},
		{"A script's turn", "[The sandbox](sandbox.md#limits) has the budgets of a turn: instructions, memory, time, depth. Beyond them the bot has failed: the conversation goes to a person.", nil},
		{"What a bot sends", "Beyond them the call is an error in the bot, with the name of the field.", []limit{
			{"a text", "bytes", "botscripts/kernel.MaxText", ""},
			{"files of a message", "", "botscripts/chat.maxMedia", ""},
			{"contacts of a message", "", "botscripts/chat.maxContacts", ""},
			{"phones, and emails, of a contact", "", "botscripts/chat.maxWays", ""},
			{"cards of a message", "", "botscripts/chat.maxCards", ""},
			{"links of a card", "", "botscripts/chat.maxLinks", ""},
			{"choices of a question", "", "botscripts/chat.maxChoices", ""},
			{"a label, name or reason", "bytes", "botscripts/kernel.MaxLabel", ""},
			{"an address", "bytes", "botscripts/kernel.MaxURL", ""},
			{"`chat:typing`", "seconds", "botscripts/chat.maxTyping", ""},
			{"`chat:wait`, a timeout, `max_wait`, the time of a follow-up", "seconds", "botscripts/kernel.MaxWait", ""},
			{"fields of `chat:form`", "", "botscripts/chat.maxFields", ""},
			{"questions of the consumer's own that are answered during one of the bot's", "", "botscripts/chat.maxAsides", "they count as answers that do not fit"},
			{"fields of `expects`", "", "botscripts/chat.maxExpects", ""},
			{"attempts that a handoff tells the agent", "", "botscripts/chat.maxTried", "the oldest are left out"},
			{"handoffs that name further ones, deep", "", "botscripts/chat.maxFallbacks", ""},
			{"bots that run one another with `chat:run`", "", "botscripts/kernel.maxNesting", ""},
			{"`chat.state` of the next session or a follow-up, as JSON", "bytes", "botscripts/kernel.MaxState", ""},
			{"a bot's error that people read", "bytes", "botscripts/kernel.MaxQuoted", "it is cut"},
		}},
		{"Outside calls", "The first group is an error in the bot, the size of an answer is the answer's `error`.", []limit{
			{"a request's body", "bytes", "botscripts/modules/http.maxBody", ""},
			{"a request's address", "bytes", "engine/egress.maxURLBytes", ""},
			{"headers of a request", "", "botscripts/modules/http.maxHeaders", ""},
			{"all headers of a request; the headers of an answer", "bytes", "engine/egress.maxHeaderBytes", ""},
			{"parameters of `query`", "", "botscripts/modules/http.maxQuery", ""},
			{"timeout", "seconds", "botscripts/modules/http.maxTimeout", ""},
			{"retries", "", "botscripts/modules/http.maxRetries", ""},
			{"an answer's body", "bytes", "engine/egress.MaxResponseBodyBytes", ""},
		}},
		{"What stays", "A full store is an error in the bot, a follow-up that is not planned is told by what `schedule.after` gives.", []limit{
			{"a key of `store`", "bytes", "botscripts/modules/store.maxKey", ""},
			{"a value of `store`, as JSON", "bytes", "botscripts/modules/store.maxValue", ""},
			{"values of a brand", "", "engine/dialog.maxValues", ""},
			{"a value's `ttl`", "seconds", "botscripts/modules/store.maxTTL", ""},
			{"tries of `store.increment` while others write", "", "botscripts/modules/store.maxIncrements", "an error in the bot"},
			{"follow-ups that are planned with a consumer", "", "engine/dialog.maxFollowups", ""},
			{"`consumer:history`", "", "botscripts/modules/consumer.maxHistory", ""},
		}},
		{"A session and its journal", "Beyond the first three the bot has failed. `chat:restart(state)` begins a new session with an empty journal.", []limit{
			{"host calls of a session", "", "botscripts/runtime.go:cfg.Calls, (\\d+)", ""},
			{"answers of a session's calls", "bytes", "botscripts/runtime.go:Answers: ([^}]+)}", ""},
			{"things said in a turn without waiting for the consumer", "", "botscripts/runtime.go:cfg.Messages, (\\d+)", ""},
			{"arguments of a call that the journal keeps for people", "bytes", "botscripts/kernel.ArgsKept", "the rest is not shown"},
		}},
		{"A bot that goes in circles", "Beyond these the bot is stopped and the conversation goes to a person. They hold for an hour without a word of a person, but for the first. [`loops`](brand.md#loops) bounds what bots and one address write to each other.", []limit{
			{"turns in a minute", "", "engine/dialog.maxMinute", ""},
			{"turns", "", "engine/dialog.maxAlone", ""},
			{"restarts after the first", "", "engine/dialog.maxRestarts", ""},
			{"turns in a row that say the same thing", "", "engine/dialog.maxSame", ""},
			{"answers in a row that were not understood", "", "engine/dialog.maxMisses", ""},
			{"times that a bot gets a conversation back from people", "", "engine/dialog.maxReturns", ""},
		}},
		{"What comes in", "", []limit{
			{"a message's text", "bytes", "engine/receive.maxText", "it is refused"},
			{"files of a message", "", "engine/receive.maxMedia", "it is refused"},
			{"messages that wait for a bot that does not read them", "", "engine/receive.maxWaiting", "the bot is stopped; the conversation goes to a person"},
			{"messages that are taken as one burst", "", "engine/dialog.maxBurst", "the burst ends"},
			{"what `slots` reads of a text", "bytes", "engine/understanding/slots.maxText", "the rest does not count"},
			{"values that `slots.find` finds", "", "engine/understanding/slots.maxSlots", "further ones are left out"},
		}},
		{"Tests", "A test beyond them has a problem.", []limit{
			{"lines of a .chat file", "", "botscripts/chattest.maxLines", ""},
			{"a line", "bytes", "botscripts/chattest.maxLine", ""},
			{"turns of a test", "", "engine/simulate.maxTurns", "the test fails"},
			{"what `~` lets pass at once", "time", "engine/simulate.maxAdvance", "the test fails"},
		}},
		{"brand.yaml", "[Its reference](brand.md) has the bounds of every key. Beyond them the folder has a problem.", []limit{
			{"a name", "bytes", "botscripts/brandfolder.maxName", ""},
			{"one of the system's texts", "bytes", "botscripts/brandfolder.maxText", ""},
			{"an escape word", "bytes", "botscripts/brandfolder.maxWord", ""},
			{"escape words of a language", "", "botscripts/brandfolder.maxWords", ""},
			{"secrets", "", "botscripts/brandfolder.maxSecrets", ""},
			{"outcomes of a skill", "", "botscripts/brandfolder.maxOutcomes", ""},
			{"dates of opening hours", "", "botscripts/brandfolder.maxDates", ""},
			{"`gather`", "seconds", "botscripts/brandfolder.maxGather", ""},
			{"`desk.lapsed_offers`", "", "botscripts/brandfolder.maxLapses", ""},
			{"a time of `desk`, at most", "time", "botscripts/brandfolder.mostDelay", ""},
			{"a limit of `loops`", "", "botscripts/brandfolder.mostLoop", ""},
			{"days of `retention`", "", "botscripts/brandfolder.mostDays", "or `forever`"},
			{"steps of `sentiment.priority`", "", "botscripts/brandfolder.mostSteps", ""},
			{"patterns", "", "engine/understanding/slots.mostPatterns", ""},
			{"holidays", "", "engine/understanding/slots.mostHolidays", ""},
			{"the name of a holiday", "bytes", "engine/understanding/slots.holidayName", ""},
			{"a pattern", "bytes", "engine/understanding/slots.longestPattern", ""},
		}},
	}
}

// inner are bounds that nobody who writes bots meets, or that another row tells.
func inner() []string {
	return []string{
		"botscripts/modules/store.maxVersion", "botscripts/chattest.maxNames", "botscripts/chattest.longestShown", "botscripts/chattest.longestPause",
		"botscripts/check.mostTried", "engine/dialog.maxTurns", "engine/dialog.maxTries", "engine/dialog.maxKey", "engine/dialog.maxData",
		"engine/dialog.maxTTL", "engine/dialog.maxPast", "engine/dialog.maxGather", "engine/dialog.maxTrace", "engine/egress.maxIdleConns",
		"engine/egress.MaxFetchTimeout", "engine/egress.MaxRequestBodyBytes", "engine/receive.maxAddress", "engine/receive.maxEmoji", "engine/receive.mostBehind", "engine/receive.longestKeyword", "engine/receive.maxTries", "engine/egress.maxRetryAfter", "botscripts/i18n.MaxNumber",
		"engine/dialog.maxKept", "engine/simulate.maxVersion", "engine/understanding/slots.mostDialled", "engine/understanding/slots.mostRepeats", "engine/understanding/slots.mostSteps",
	}
}

// constantsOf evaluates the constants of a package's folder.
func constantsOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(dir), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	out, fset := map[string]string{}, token.NewFileSet()
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, spec := range g.Specs {
				v := spec.(*ast.ValueSpec)
				for i, name := range v.Names {
					if i >= len(v.Values) {
						continue
					}
					var text strings.Builder
					if err := printer.Fprint(&text, fset, v.Values[i]); err != nil {
						t.Fatal(err)
					}
					out[name.Name] = text.String()
				}
			}
		}
	}
	return out
}

// valueOf evaluates an expression of numbers and of time's units.
func valueOf(t *testing.T, text string) int64 {
	t.Helper()
	for name, d := range map[string]time.Duration{"time.Hour": time.Hour, "time.Minute": time.Minute, "time.Second": time.Second} {
		text = strings.ReplaceAll(text, name, fmt.Sprint(int64(d)))
	}
	v, err := types.Eval(token.NewFileSet(), nil, token.NoPos, text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	n, exact := constant.Int64Val(constant.ToInt(v.Value))
	if !exact {
		t.Fatalf("%s is no number", text)
	}
	return n
}

// spelled writes a number as people read it.
func spelled(n int64, unit string) string {
	plural := func(n int64, one string) string {
		if n == 1 {
			return "1 " + one
		}
		return thousands(n) + " " + one + "s"
	}
	switch unit {
	case "bytes":
		switch {
		case n%(1<<20) == 0:
			return thousands(n>>20) + " MiB"
		case n%(1<<10) == 0:
			return thousands(n>>10) + " KiB"
		}
		return plural(n, "byte")
	case "time":
		return spelled(n/int64(time.Second), "seconds")
	case "seconds":
		switch {
		case n%86400 == 0:
			return plural(n/86400, "day")
		case n%3600 == 0:
			return plural(n/3600, "hour")
		}
		return plural(n, "second")
	}
	return thousands(n)
}

func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// TestLimitsInTheDocs holds docs/limits.md to the code, and that no limit is left out.
func TestLimitsInTheDocs(t *testing.T) {
	t.Parallel()
	all, told := map[string]map[string]string{}, inner()
	modules, err := filepath.Glob(filepath.Join("..", "..", "botscripts", "modules", "*", "doc.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range modules {
		dir := "botscripts/modules/" + filepath.Base(filepath.Dir(doc))
		all[dir] = constantsOf(t, dir)
	}
	for _, dir := range []string{
		"botscripts/kernel", "botscripts/chat", "botscripts/check", "botscripts/brandfolder", "botscripts/yamlfile", "botscripts/faq", "botscripts/intents", "botscripts/i18n",
		"botscripts/chattest", "engine/simulate", "engine/dialog", "engine/egress", "engine/receive", "engine/understanding/slots",
	} {
		all[dir] = constantsOf(t, dir)
	}
	var page strings.Builder
	page.WriteString("# Limits\n\n<!-- Written by a test: go test ./gateway/command -run TestLimitsInTheDocs -update -->\n\n" +
		"Everything that grows has a limit. These are all that authors of bots can meet; those of the server are in [Operating](operating.md).\n")
	for _, s := range limitSections() {
		page.WriteString("\n## " + s.title + "\n")
		if s.text != "" {
			page.WriteString("\n" + s.text + "\n")
		}
		if len(s.rows) == 0 {
			continue
		}
		page.WriteString("\n| what | at most |\n|---|---|\n")
		for _, r := range s.rows {
			var text string
			if file, find, ok := strings.Cut(r.where, ":"); ok {
				raw, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(file)))
				if err != nil {
					t.Fatal(err)
				}
				m := regexp.MustCompile(find).FindStringSubmatch(string(raw))
				if m == nil {
					t.Fatalf("%s has no %s", file, find)
				}
				text = m[1]
			} else {
				dot := strings.LastIndexByte(r.where, '.')
				if text = all[r.where[:dot]][r.where[dot+1:]]; text == "" {
					t.Fatalf("there is no constant %s", r.where)
				}
				told = append(told, r.where)
			}
			value := spelled(valueOf(t, text), r.unit)
			if r.then != "" {
				value += "; beyond it: " + r.then
			}
			fmt.Fprintf(&page, "| %s | %s |\n", r.what, value)
		}
	}
	bound := regexp.MustCompile(`^([mM]ax|most|longest)[A-Z]`)
	for dir, constants := range all {
		for name := range constants {
			if where := dir + "." + name; bound.MatchString(name) && !slices.Contains(told, where) {
				t.Errorf("docs/limits.md does not tell %s = %s", where, constants[name])
			}
		}
	}
	for _, where := range inner() {
		dot := strings.LastIndexByte(where, '.')
		if all[where[:dot]][where[dot+1:]] == "" {
			t.Errorf("there is no %s any more", where)
		}
	}
	file := filepath.Join("..", "..", "docs", "limits.md")
	if *update {
		if err := os.WriteFile(file, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if raw, err := os.ReadFile(file); err != nil || string(raw) != page.String() {
		t.Errorf("docs/limits.md is old (%v); go test -update writes it", err)
	}
}
