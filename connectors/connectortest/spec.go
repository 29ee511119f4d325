package connectortest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"parley/engine"
)

// RunSpec checks what the connector declares: that it is complete, that its
// examples are good, that the suite's channel is and is no longer without what it
// must have, and that no content is rendered into what the channel cannot show.
func RunSpec(t *testing.T, s Suite) {
	t.Helper()
	conn := s.New(newClient(t))
	for _, problem := range slices.Concat(checkSpec(conn.Spec(), s), checkRender(conn, s)) {
		t.Error(problem)
	}
}

// These are never written.
var (
	svgPath     = regexp.MustCompile(`^[Mm][-MmLlHhVvCcSsQqTtAaZz0-9., ]+$`)
	settingName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	variable    = regexp.MustCompile(`^"?\$\{[A-Z][A-Z0-9_]*\}"?$`)
	reserved    = regexp.MustCompile(`^(kind|name|bot|optional|gather)$`) // of every channel
)

func checkSpec(spec engine.ChannelSpec, s Suite) (found []string) {
	bad := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	if spec.Kind == "" || spec.Kind != s.Channel.Kind {
		bad("the suite's channel is of kind %q, the connector of %q", s.Channel.Kind, spec.Kind)
	}
	if spec.Label == "" || spec.Consumer == "" || !strings.HasSuffix(spec.Doc, ".") {
		bad("the spec needs a label, a consumer's address, and sentences of doc")
	}
	if !svgPath.MatchString(spec.Icon) {
		bad("the icon is no path of SVG: %q", spec.Icon)
	}
	if can := spec.Can(s.Channel); spec.Served && can.Webhook {
		bad("a channel that parley serves has no webhook")
	}
	names := map[string]bool{}
	for _, set := range spec.Takes() {
		for _, problem := range checkSetting(spec, set) {
			bad("%s: %s", set.Name, problem)
		}
		if names[set.Name] {
			bad("%s is there twice", set.Name)
		}
		names[set.Name] = true
	}
	for _, problem := range spec.Problems(s.channel(nil)) {
		bad("the suite's channel: %s %s", problem.Field, problem.Message)
	}
	for _, set := range spec.Takes() {
		ch := s.channel(func(ch *engine.Channel) { ch.Put(set, "") })
		needed := set.Required && set.Unless == "" || set.With != "" && ch.Config[set.With] != ""
		if told := tells(spec.Problems(ch), set.Name); needed && !told {
			bad("a channel without %s has no problem", set.Name)
		}
		ch = s.channel(func(ch *engine.Channel) { ch.Put(set, "\x00wrong") })
		problems := spec.Problems(ch)
		if told := tells(problems, set.Name); set.Type != engine.SettingText && set.Type != engine.SettingSecret && !told {
			bad("a channel with a wrong %s has no problem", set.Name)
		}
		if leaked := leaks(ch, problems); leaked != "" {
			bad("Problems shows the secret %q", leaked)
		}
	}
	return found
}

func tells(problems []*engine.Error, setting string) bool {
	return slices.ContainsFunc(problems, func(e *engine.Error) bool { return e.Field == setting })
}

func checkSetting(spec engine.ChannelSpec, set engine.Setting) (found []string) {
	bad := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	if !settingName.MatchString(set.Name) || reserved.MatchString(set.Name) {
		bad("this is no name for a setting")
	}
	if !strings.HasSuffix(set.Doc, ".") || set.Example == "" {
		bad("it needs a sentence of doc and an example")
	}
	for _, other := range []string{set.Unless, set.With} {
		if other != "" && !slices.ContainsFunc(spec.Takes(), func(o engine.Setting) bool { return o.Name == other }) {
			bad("it speaks of %s, which is no setting", other)
		}
	}
	if _, err := regexp.Compile(set.Pattern); err != nil || set.Pattern != "" && set.Words == "" {
		bad("its pattern is wrong (%v) or nobody is told what it fits", err)
	}
	if set.Target && set.Type != engine.SettingURL {
		bad("where something is sent is a URL")
	}
	least, most := 0.0, 1.0
	switch set.Type {
	case engine.SettingText, engine.SettingBool, engine.SettingURL, engine.SettingEmail, engine.SettingPhone:
	case engine.SettingSecret:
		if !variable.MatchString(set.Example) || set.Default != "" || set.List {
			bad("a secret is one variable, and so is its example")
		}
	case engine.SettingChoice:
		if len(set.Values) < 2 {
			bad("a choice has two values or more")
		}
	case engine.SettingNumber:
		least, most = number(set.Least), number(set.Most)
	case engine.SettingDuration:
		least, most = span(set.Least), span(set.Most)
	default:
		bad("there is no type %q", set.Type)
	}
	if !(least < most) { // nor where one is no number
		bad("its bounds %q and %q are wrong", set.Least, set.Most)
	}
	return found
}

// number and span are not a number for what is none.
func number(s string) float64 {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		n = -1
	}
	return n
}

func span(s string) float64 {
	d, err := time.ParseDuration(s)
	if err != nil {
		d = -1
	}
	return float64(d)
}

// checkRender renders all kinds of content: what comes out must be what the
// channel can do.
func checkRender(conn engine.Connector, s Suite) (found []string) {
	renderer, ok := conn.(engine.Renderer)
	can := conn.Spec().Can(s.Channel)
	if !ok {
		if !can.Choices || !can.Media || can.MaxText > 0 {
			found = append(found, "a channel that does not show everything as it is needs a Renderer")
		}
		return found
	}
	long := strings.Repeat("A sentence of some words. ", 400)
	content := engine.Content{
		Text: long, Choices: []engine.Choice{{ID: "a", Label: "One"}, {ID: "b", Label: "Two"}},
		Media: []engine.Media{{Kind: "image", URL: "https://acme.example/bike.png"}},
	}
	shown := ""
	for _, part := range renderer.Render(s.channel(nil), content, "Reply with a number.") {
		shown += part.Text
		if len(part.Choices) > 0 && !can.Choices {
			found = append(found, "Render leaves choices to a channel that cannot draw them")
		}
		if len(part.Media) > 0 && !can.Media {
			found = append(found, "Render leaves media to a channel that cannot show them")
		}
		if n := utf8.RuneCountInString(part.Text); can.MaxText > 0 && n > can.MaxText {
			found = append(found, fmt.Sprintf("Render makes a message of %d characters; the channel takes %d", n, can.MaxText))
		}
	}
	if !can.Choices && (!strings.Contains(shown, "One") || !strings.Contains(shown, "Two")) {
		found = append(found, "Render drops the choices")
	}
	if !can.Media && !strings.Contains(shown, "https://acme.example/bike.png") {
		found = append(found, "Render drops the media")
	}
	return found
}
