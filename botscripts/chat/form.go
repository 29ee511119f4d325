package chat

import (
	"cmp"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/botscripts/validate"
	"parley/engine"
)

const maxFields = 30

// formField is one thing that a form asks for.
type formField struct {
	name, label string
	question    question
	value       lua.LValue // nil until it is known
	shown       string     // the value in words
}

// form is a run of chat:form.
type form struct {
	fields  []*formField
	confirm bool
	heading string
	summary question // what holds for the questions of the form itself
}

// form asks for its fields one by one and returns the values by name, or
// nil and a table that names the field without an answer.
func (r *talk) form(a call) int {
	f := a.form()
	problem := r.fill(a, f)
	for problem == nil && f.confirm {
		var field *formField
		if field, problem = r.reviewed(a, f); problem != nil || field == nil {
			break
		}
		field.value = nil
		problem = r.fill(a, f)
	}
	if problem != nil {
		return a.Return(lua.LNil, problem)
	}
	values := a.L.CreateTable(0, len(f.fields))
	for _, field := range f.fields {
		values.RawSetString(field.name, field.value)
	}
	return a.Return(values)
}

func (a call) form() *form {
	f := &form{heading: phrase(a.talk.Start.Language).summary}
	o := a.OptionsWith(a.At(2), "options", []string{"digress"}, "known", "confirm", "timeout", "retries", "escape", "otherwise")
	known := o.RawGetString("known")
	var given *lua.LTable
	if known != lua.LNil {
		given = a.Table(known, "known")
	}
	switch v := o.RawGetString("confirm").(type) {
	case *lua.LNilType:
	case lua.LBool:
		f.confirm = bool(v)
	default:
		f.confirm, f.heading = true, a.Some(v, "confirm", kernel.MaxText)
	}
	f.summary = a.question("form", engine.Content{}, o)
	seen := map[string]bool{}
	for _, v := range a.List(a.At(1), "fields", maxFields) {
		field := a.formField(v, o)
		if seen[field.name] {
			a.Fail("fields has the name %q twice", field.name)
		}
		seen[field.name] = true
		if given != nil {
			if value := given.RawGetString(field.name); value != lua.LNil {
				field.value, field.shown = value, a.talk.shownValue(value)
			}
		}
		f.fields = append(f.fields, field)
	}
	if len(f.fields) == 0 {
		a.Fail("fields must not be empty")
	}
	return f
}

// formField reads a field; what it does not say is as the form's options say.
func (a call) formField(v lua.LValue, form *lua.LTable) *formField {
	t := a.OptionsWith(v, "a field", []string{"check", "digress"}, append(append([]string{"name", "label", "prompt"}, ruleOptions()...), questionOptions()...)...)
	all := a.L.CreateTable(0, 8)
	for _, name := range []string{"timeout", "retries", "escape", "digress", "otherwise"} {
		if value := form.RawGetString(name); value != lua.LNil {
			all.RawSetString(name, value)
		}
	}
	for key, value := a.Next(t, lua.LNil); key != lua.LNil; key, value = a.Next(t, key) {
		all.RawSet(key, value)
	}
	f := &formField{name: a.Some(t.RawGetString("name"), "a field's name", 100)}
	f.label = cmp.Or(a.Optional(t.RawGetString("label"), "a field's label", kernel.MaxLabel), f.name)
	f.question = a.asked("form", a.content(t.RawGetString("prompt"), "a field's prompt"), all)
	f.question.back = true
	return f
}

// fill asks for the fields that have no value yet. It returns the problem
// table of the field that got none.
func (r *talk) fill(a call, f *form) *lua.LTable {
	var asked []int
	for i := 0; i < len(f.fields); {
		field := f.fields[i]
		if field.value != nil {
			i++
			continue
		}
		q := field.question
		if len(asked) > 0 {
			q.before = &f.fields[asked[len(asked)-1]].question
		}
		p, value := r.resolve(a, q)
		switch {
		case p.Kind == engine.ReplyBack:
			if len(asked) == 0 {
				continue
			}
			before := f.fields[asked[len(asked)-1]]
			if p.Corrects && r.taken(a, before, p) {
				continue
			}
			before.value = nil
			i, asked = asked[len(asked)-1], asked[:len(asked)-1]
			continue
		case value != lua.LNil:
			field.value, field.shown = value, r.shownValue(value)
		case p.Kind != engine.ReplyOK:
			return r.problemTable(a.L, field.name, p)
		default:
			field.take(r, a.L, p)
		}
		asked = append(asked, i)
		i++
	}
	return nil
}

func (f *formField) take(r *talk, L *lua.LState, p engine.Reply) {
	p.Kind = engine.ReplyOK
	f.value = r.answerTable(L, p).RawGetString("value")
	f.shown = r.shownReply(f.question.rule, p)
}

// taken takes a corrected answer; false when the author's check refuses it.
func (r *talk) taken(a call, f *formField, p engine.Reply) bool {
	if _, refused := r.refused(a.L, f.question, p); refused {
		return false
	}
	f.take(r, a.L, p)
	return true
}

// reviewed shows what the form holds. It returns the field that the consumer
// wants to change, nil when all is right.
func (r *talk) reviewed(a call, f *form) (*formField, *lua.LTable) {
	words := phrase(r.Start.Language)
	lines := []string{f.heading}
	names := make([]any, len(f.fields))
	var change []engine.Choice
	for i, field := range f.fields {
		names[i] = field.name
		lines = append(lines, field.label+": "+field.shown)
		change = append(change, engine.Choice{ID: field.name, Label: field.label})
	}
	q := f.summary
	q.own = kernel.Fields{"fields": names}
	q.call, q.rule = "form.confirm", rule{kind: kindYesNo}
	q.prompt, q.offered = engine.Content{Text: strings.Join(lines, "\n") + "\n\n" + words.correct}, r.yesNoChoices()
	p, _ := r.resolve(a, q)
	if p.Kind != engine.ReplyOK {
		return nil, r.problemTable(a.L, "", p)
	}
	if p.Choice == "yes" {
		return nil, nil
	}
	q.call, q.rule = "form.change", rule{kind: kindOneOf}
	q.prompt, q.offered = engine.Content{Text: words.change}, change[:min(len(change), maxChoices)]
	p, _ = r.resolve(a, q)
	if p.Kind != engine.ReplyOK {
		return nil, r.problemTable(a.L, "", p)
	}
	if i := slices.IndexFunc(f.fields, func(field *formField) bool { return field.name == p.Choice }); i >= 0 {
		return f.fields[i], nil
	}
	return nil, nil
}

// shownReply is an answer as a summary tells it.
func (r *talk) shownReply(u rule, p engine.Reply) string {
	switch {
	case p.Label != "":
		return p.Label
	case u.kind == string(validate.Date):
		if s, ok := p.Value.(string); ok {
			return showDate(r.Start.Language, s)
		}
	}
	switch v := p.Value.(type) {
	case string:
		return v
	case bool:
		return r.shownValue(lua.LBool(v))
	case float64:
		return showNumber(r.Start.Language, v)
	case map[string]any:
		amount, ok := v["amount"].(float64)
		if currency, _ := v["currency"].(string); ok {
			return showAmount(r.Start.Language, amount, currency)
		}
	}
	return p.Text
}

func (r *talk) shownValue(v lua.LValue) string {
	words := phrase(r.Start.Language)
	switch v := v.(type) {
	case lua.LBool:
		if v {
			return words.yes
		}
		return words.no
	case lua.LString:
		return string(v)
	case lua.LNumber:
		return showNumber(r.Start.Language, float64(v))
	case *lua.LTable: // money
		amount, ok := v.RawGetString("amount").(lua.LNumber)
		currency, _ := v.RawGetString("currency").(lua.LString)
		if ok {
			return showAmount(r.Start.Language, float64(amount), string(currency))
		}
	}
	return "…"
}

// wantsBack says whether the text is nothing but a word for going back.
func (r *talk) wantsBack(text string) bool {
	return oneOfWords(strings.Join(kernel.Words(text), " "), "back", "go back", "previous", "undo", "zurück", "zurueck", "zurueck bitte", "zurück bitte",
		"atrás", "atras", "volver", "regresar", "retour", "précédent", "precedent", "revenir")
}
