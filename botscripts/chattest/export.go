package chattest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/botscripts/brandfolder"
	"parley/botscripts/validate"
	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/log/recording"
	"parley/engine/simulate"
)

// Exported is a conversation as a test.
type Exported struct {
	Test    Test
	Notes   []string // what could not be taken over
	Failure *Failure // of the test against the version that made it; nil when it passes
}

// ExportFrom exports a conversation of a store against the version of the bot
// that had it. Personal data is replaced, see Export. Errors: NotFound.
func ExportFrom(ctx context.Context, s engine.Store, on simulate.Stage, brand, conversation string) (Exported, error) {
	var conv engine.Conversation
	err := s.View(ctx, func(tx engine.Tx) (err error) {
		conv, err = tx.Conversations().Get(brand, conversation)
		return err
	})
	if err != nil {
		return Exported{}, err
	}
	rec, ok, err := recording.Read(ctx, s, on.Runtime.Traits, conv)
	if err != nil {
		return Exported{}, err
	}
	if !ok {
		return Exported{}, engine.Errorf(engine.NotFound, "no bot had this conversation, or its events are no longer kept")
	}
	var b brandfolder.Brand
	err = s.View(ctx, func(tx engine.Tx) error {
		e, err := catalog.Read(tx, brand)
		if err != nil {
			return err
		}
		b.Brand, b.Channels, b.Skills = e.Brand, e.Channels, e.Skills
		b.Bundle, err = tx.Bundles().Get(brand, rec.Version)
		return err
	})
	if err != nil {
		return Exported{}, err
	}
	return Export(ctx, rec, b, on)
}

// Export makes a test of a recording: its inputs and the answers from outside,
// with personal data replaced, and what b's bundle does with them. The error says
// that there is nothing to play.
func Export(ctx context.Context, rec recording.Recording, b brandfolder.Brand, on simulate.Stage) (Exported, error) {
	if len(rec.Turns) == 0 || rec.Turns[0].Message == nil {
		return Exported{}, engine.Errorf(engine.Invalid, "no consumer's message began this conversation")
	}
	var names []string
	for {
		out, told, err := export(ctx, rec, b, on, names)
		if err != nil || len(told) == 0 || len(names) > maxNames {
			return out, err
		}
		names = append(names, told...) // what the bot keeps as a name is one wherever it stands
	}
}

const maxNames = 20

// export is Export with names that are known beforehand. told are more of them.
func export(ctx context.Context, rec recording.Recording, b brandfolder.Brand, on simulate.Stage, names []string) (_ Exported, told []string, err error) {
	fail := func(err error) (Exported, []string, error) { return Exported{}, nil, err }
	x := &exporter{rec: rec, brand: b, mask: newMask()}
	for path, text := range b.Bundle.Files {
		if !strings.HasSuffix(path, ".chat") {
			x.mask.scripts = append(x.mask.scripts, text)
		}
	}
	x.learn(names)
	x.settings()
	x.stubs()
	x.test.File, x.test.Title = "tests/"+rec.Conversation+".chat", "Conversation of "+rec.Opened.UTC().Format("2006-01-02")
	cfg, _, err := config(x.test, b, on)
	if err != nil {
		return fail(engine.Errorf(engine.Invalid, "%v", err))
	}
	p := &play{test: x.test, told: map[int]bool{}, hosts: x.brand.Brand.Settings.HTTPHosts}
	for i, s := range x.test.Steps {
		if s.Kind == KindHTTP {
			p.addStub(&x.test.Steps[i])
		}
	}
	cfg.HTTP = p.http
	if x.sim, err = simulate.New(cfg); err != nil {
		return fail(err)
	}
	p.sim = x.sim
	for i := range rec.Turns {
		if !x.turn(i) {
			break
		}
	}
	x.settle()
	x.rest()
	x.drop(p)
	x.compare()
	text := Format(x.test)
	tests, problems := Parse(x.test.File, text)
	if len(problems) > 0 {
		return fail(engine.Errorf(engine.Invalid, "this conversation does not make a test: %s", problems[0]))
	}
	if told = x.told(); len(told) > 0 {
		return Exported{}, told, nil
	}
	return Exported{Test: tests[0], Notes: x.notes, Failure: Run(ctx, tests[0], b, on).Failure}, nil, nil
}

// exporter is a recording on its way to a test.
type exporter struct {
	rec   recording.Recording
	brand brandfolder.Brand
	mask  *mask
	test  Test
	sim   *simulate.Simulation
	shown int // events that have become lines
	said  []string
	notes []string
}

func (x *exporter) add(s Step) { x.test.Steps = append(x.test.Steps, s) }

func (x *exporter) note(format string, args ...any) {
	x.notes = append(x.notes, fmt.Sprintf(format, args...))
}

// learn finds what is personal before anything is replaced.
func (x *exporter) learn(names []string) {
	x.mask.regions = x.regions()
	x.mask.knowName(x.rec.Consumer.Name)
	for _, name := range names {
		x.mask.stranger(name)
	}
	if !digits.MatchString(x.rec.Address) && !emails.MatchString(x.rec.Address) {
		x.mask.know("visitor", x.rec.Address)
	}
	x.mask.hear(x.rec.Address)
	for _, list := range []map[string]string{x.rec.Consumer.Attributes, x.rec.Attributes} {
		for _, key := range slices.Sorted(maps.Keys(list)) {
			x.mask.walk("consumer", key, list[key])
			x.mask.hear(list[key])
		}
	}
	asked := ""
	for _, t := range x.rec.Turns {
		if t.Outcome != nil {
			x.mask.knowAgent(t.Outcome.Agent)
			x.mask.introduce(t.Outcome.Summary)
			x.mask.introduce(t.Outcome.Note)
			x.mask.hear(t.Outcome.Summary + "\n" + t.Outcome.Note)
		}
		if t.Message != nil {
			x.mask.introduce(t.Message.Text)
			x.mask.hear(t.Message.Text)
			if t.Message.Picked == nil {
				x.mask.answered(asked, t.Message.Text)
			}
		}
		for _, did := range t.Did {
			if did.Say != nil {
				asked = did.Say.Text
			}
		}
	}
	for _, a := range x.rec.Answers {
		x.mask.learn(a.Args)
		x.mask.learn(a.Answer)
		x.mask.hear(string(a.Args))
		var r engine.HTTPResponse
		if json.Unmarshal(a.Answer, &r) == nil {
			x.mask.learn([]byte(r.Body))
			x.mask.hear(r.Body)
		}
	}
}

// regions are the countries that a number without one may be from.
func (x *exporter) regions() (out []string) {
	add := func(region string) {
		if region != "" && !slices.Contains(out, region) {
			out = append(out, region)
		}
	}
	add(validate.RegionOf(x.rec.Address))
	for _, ch := range x.brand.Channels {
		add(validate.RegionOf(ch.Address))
	}
	for _, language := range append([]string{x.rec.Language}, x.brand.Brand.Settings.Languages...) {
		base, region, _ := strings.Cut(language, "-")
		add(region)
		for _, usual := range map[string][]string{"en": {"US", "GB"}, "de": {"DE", "AT", "CH"}, "es": {"ES", "MX"}, "fr": {"FR"}}[base] {
			add(usual)
		}
	}
	return out
}

// told lists the names that the bot kept or handed over and that still stand in
// the test.
func (x *exporter) told() (names []string) {
	for _, s := range x.test.Steps {
		if s.Kind != KindExpect || s.Name != "set" && s.Name != "handoff" {
			continue
		}
		for _, a := range s.Args {
			key := strings.TrimPrefix(strings.TrimPrefix(a.Key, "fact."), "consumer.")
			if !personal(key) || !strings.Contains(strings.ToLower(key), "name") && !slices.Contains([]string{"nom", "nombre", "apellido", "apellidos", "prenom", "holder"}, strings.ToLower(key)) {
				continue
			}
			for _, word := range strings.Fields(a.Value) {
				if len([]rune(word)) > 1 && !isParticle(word) && !x.mask.ownWord(word) && !x.mask.isName(word) {
					names = append(names, word)
				}
			}
		}
	}
	return names
}

// settings writes what the test begins with.
func (x *exporter) settings() {
	zone, rec := engine.ZoneOf(x.brand.Brand.Settings.TimeZone), x.rec
	x.add(Step{Kind: KindChannel, Name: strings.TrimPrefix(rec.Channel, x.brand.Brand.ID+".")})
	i := slices.IndexFunc(x.brand.Channels, func(c engine.Channel) bool { return c.ID == rec.Channel })
	if i < 0 || x.brand.Channels[i].Bot != rec.Bot {
		x.add(Step{Kind: KindBot, Name: rec.Bot})
	}
	if langs := x.brand.Brand.Settings.Languages; rec.Language != "" && (len(langs) == 0 || langs[0] != rec.Language) {
		x.add(Step{Kind: KindLanguage, Name: rec.Language})
	}
	x.add(Step{Kind: KindAt, At: rec.Opened.In(zone).Format("2006-01-02 15:04:05")})
	for _, text := range x.brand.Bundle.Files {
		if strings.Contains(text, "random") {
			for _, seed := range rec.Seeds {
				x.add(Step{Kind: KindSeed, Text: strconv.FormatInt(seed, 10)})
			}
			break
		}
	}
	who := Step{Kind: KindConsumer}
	if rec.Consumer.Name != "" {
		who.Args = append(who.Args, Arg{"name", pattern(x.mask.text(rec.Consumer.Name))})
	}
	for _, name := range slices.Sorted(maps.Keys(rec.Consumer.Attributes)) {
		who.Args = append(who.Args, Arg{name, pattern(x.mask.text(rec.Consumer.Attributes[name]))})
	}
	if len(who.Args) > 0 {
		x.add(who)
	}
	for _, name := range slices.Sorted(maps.Keys(rec.Attributes)) {
		x.add(Step{Kind: KindGiven, Name: "set." + name, Text: pattern(x.mask.text(rec.Attributes[name]))})
	}
	for _, tag := range rec.Tags {
		x.add(Step{Kind: KindGiven, Name: "tag", Text: pattern(x.mask.text(tag))})
	}
}

// turn plays one input. It says false when the rest cannot be played.
func (x *exporter) turn(i int) bool {
	t := x.rec.Turns[i]
	gap := t.At.Sub(x.sim.Now()).Round(time.Second)
	if i > 0 && !(t.Message != nil && x.rec.Turns[i-1].Message != nil && gap <= x.gather()) {
		x.settle()
	}
	if gap = t.At.Sub(x.sim.Now()).Round(time.Second); i > 0 && gap > longestPause {
		x.add(Step{Kind: KindPass, Pass: gap})
		if err := x.sim.Advance(gap); err != nil {
			x.note("after %s: %s", spell(gap), engine.MessageOf(err))
			return false
		}
		x.show()
	}
	var err error
	switch {
	case t.Message != nil:
		err = x.write(*t.Message)
	case t.Outcome != nil:
		err = x.outcome(*t.Outcome)
	}
	if err != nil {
		x.note("the conversation went another way from %s on: %s", t.At.UTC().Format("15:04:05"), engine.MessageOf(err))
		return false
	}
	return true
}

func (x *exporter) gather() time.Duration {
	seconds := x.sim.Config().Brand.Settings.Gather
	if own, err := strconv.ParseFloat(x.sim.Config().Channel.Config["gather"], 64); err == nil {
		seconds = own
	}
	return time.Duration(seconds * float64(time.Second))
}

func (x *exporter) write(c engine.Content) error {
	s := Step{Kind: KindWrite}
	if c.Picked != nil {
		c.Picked = &engine.Choice{ID: c.Picked.ID, Label: x.mask.text(c.Picked.Label)}
		s.Picks = []string{escape(c.Picked.Label, "[]")}
		c.Text = c.Picked.Label
	} else {
		c.Text = x.mask.text(c.Text)
		s.Text = pattern(c.Text)
	}
	for i := range c.Media {
		c.Media[i] = engine.Media{Kind: c.Media[i].Kind, URL: x.mask.fake("media", c.Media[i].URL, func(n int) string {
			return fmt.Sprintf("https://media.example/%d", n)
		})}
		s.Parts = append(s.Parts, Part{c.Media[i].Kind, c.Media[i].URL})
	}
	if c.Location != nil {
		c.Location = &engine.Location{Lat: 52.52, Lon: 13.4, Name: "Berlin"}
		s.Parts = append(s.Parts, Part{"location", "52.52,13.4 Berlin"})
	}
	for i, p := range c.Contacts {
		c.Contacts[i] = engine.Contact{Name: x.mask.fake("contact", p.Name, func(n int) string { return fmt.Sprintf("Contact %d", n) })}
		s.Parts = append(s.Parts, Part{"contact", c.Contacts[i].Name})
	}
	if s.Text == "" && len(s.Picks) == 0 && len(s.Parts) == 0 {
		return engine.Errorf(engine.Invalid, "an empty message")
	}
	x.add(s)
	err := x.sim.Message(c)
	x.show()
	return err
}

func (x *exporter) outcome(o engine.HandoffOutcome) error {
	s := Step{Kind: KindAgent, Name: x.mask.agent(o.Agent)}
	who := x.sim.Agent(s.Name)
	var err error
	switch o.Kind {
	case engine.OutcomeClosed:
		s.Verb = "closes"
		summary := x.mask.text(o.Summary)
		s.Args = append(s.Args, Arg{"", pattern(o.Outcome)})
		for _, name := range slices.Sorted(maps.Keys(o.Fields)) {
			if text, ok := o.Fields[name].(string); ok {
				o.Fields[name] = x.mask.text(text)
			}
			s.Args = append(s.Args, Arg{name, pattern(fmt.Sprint(o.Fields[name]))})
		}
		if summary != "" {
			s.Args = append(s.Args, Arg{"", pattern(summary)})
		}
		err = who.Close(o.Outcome, summary, o.Fields)
	case engine.OutcomeReturned:
		s.Verb = "returns"
		note := x.mask.text(o.Note)
		s.Text = escape(note, "")
		err = who.Return(note)
	case engine.OutcomeUnavailable:
		return nil // the time has passed
	default:
		return engine.Errorf(engine.Invalid, "nobody of the team ended it")
	}
	if err == nil {
		x.add(s)
		x.show()
	}
	return err
}

// settle lets pass what needs nobody, as a run does.
func (x *exporter) settle() {
	if err := x.sim.Settle(longestPause); err != nil {
		x.note("%s", engine.MessageOf(err))
	}
	x.show()
}

// show writes what has happened as lines that expect it.
func (x *exporter) show() {
	for _, e := range x.sim.Since(x.shown) {
		x.shown = e.N + 1
		s := Step{Kind: KindExpect}
		switch e.Kind {
		case simulate.EventMessage:
			if e.Author != engine.AuthorBot {
				continue
			}
			s.Kind, s.Text = KindBotSays, pattern(e.Content.Text)
			for _, part := range partsOf(*e.Content) {
				s.Parts = append(s.Parts, Part{part.Kind, escape(part.Text, "*…()")})
			}
			for _, c := range e.Content.Choices {
				s.Picks = append(s.Picks, escape(c.Label, "*…[]"))
			}
			x.said = append(x.said, e.Content.Text)
		case simulate.EventTag, simulate.EventSet, simulate.EventFeedback, simulate.EventRecall, simulate.EventFault, simulate.EventHandoff,
			simulate.EventClosed, simulate.EventFollowup:
			if n := len(x.test.Steps); e.Kind == simulate.EventHandoff && n > 0 && x.test.Steps[n-1].Name == "failed" {
				continue // is part of it
			}
			s = lineOf(e)
		default:
			continue
		}
		x.add(s)
	}
}

// lineOf is an event as the line that expects it, without what may well change.
func lineOf(e simulate.Event) Step {
	s, _ := told(e)
	if s.Text = pattern(s.Text); e.Kind == simulate.EventFault {
		s.Text = pattern(blanks(e.Fault.Message))
	}
	var args []Arg
	for i, a := range s.Args {
		switch {
		case i == 0 && e.Kind != simulate.EventSet:
			a.Key = ""
		case slices.Contains([]string{"summary", "in", "bot", "channel"}, a.Key):
			continue
		}
		args = append(args, Arg{escape(a.Key, ""), pattern(a.Value)})
	}
	s.Args = args
	return s
}

// drop leaves out stubs that were never used: another run of the bot asked for them.
func (x *exporter) drop(p *play) {
	unused := map[*Stub]bool{}
	for _, s := range p.stubs {
		unused[s.Stub] = s.used == 0
	}
	x.test.Steps = slices.DeleteFunc(x.test.Steps, func(s Step) bool { return s.Stub != nil && unused[s.Stub] })
	if p.failed != nil {
		x.note("%s: %s", p.failed.Message, p.failed.Got)
	}
}

// rest lets the time pass that nobody ended: the bot's last words after a
// silence came by themselves, so no input tells of them.
func (x *exporter) rest() {
	const most = 20
	then := x.then()
	for range most {
		due := x.sim.State().Due
		if due.IsZero() || len(x.said) >= len(then) {
			return
		}
		gap := max(due.Sub(x.sim.Now()), 0) + time.Second - 1
		gap -= gap % time.Second
		x.add(Step{Kind: KindPass, Pass: gap})
		if err := x.sim.Advance(gap); err != nil {
			x.note("%s", engine.MessageOf(err))
			return
		}
		x.settle()
	}
}

// then is what the bot said in the recording.
func (x *exporter) then() (texts []string) {
	for _, t := range x.rec.Turns {
		for _, a := range t.Did {
			if a.Say != nil {
				texts = append(texts, a.Say.Text)
			}
		}
	}
	return texts
}

// compare says when the bot does not say what it said then. Numbers do not count:
// they are made up, or come from chance.
func (x *exporter) compare() {
	then := x.then()
	alike := func(s string) string { return number.ReplaceAllString(blanks(s), "0") }
	for i := range max(len(then), len(x.said)) {
		switch {
		case i >= len(x.said):
			x.note("then the bot said more: %q", short(x.mask.text(then[i]), 100))
		case i >= len(then):
			x.note("then the bot said less; it goes on with %q", short(x.said[i], 100))
		case alike(x.mask.text(then[i])) != alike(x.said[i]):
			x.note("then the bot said %q, now it says %q", short(x.mask.text(then[i]), 100), short(x.said[i], 100))
		default:
			continue
		}
		return
	}
}

func letterBefore(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r)
}

func letterAfter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}
