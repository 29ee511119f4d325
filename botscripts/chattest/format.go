package chattest

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Format writes a test as Parse reads it.
func Format(t Test) string {
	var out strings.Builder
	title := "# " + blanks(t.Title) + "\n"
	shared := slices.ContainsFunc(t.Steps, func(s Step) bool { return s.Shared })
	if t.Title != "" && !shared {
		out.WriteString(title)
	}
	begun := false
	for _, s := range t.Steps {
		if shared && !s.Shared {
			shared = false
			out.WriteString("#" + title)
		}
		if !begun && !s.Kind.setting() && s.Kind != KindHTTP {
			begun = true
			if out.Len() > 0 {
				out.WriteByte('\n')
			}
		}
		out.WriteString(line(s))
	}
	return out.String()
}

// line writes a step with its line end.
func line(s Step) string {
	head := string(s.Kind)
	words := []string{head}
	add := func(w string) {
		if w != "" {
			words = append(words, w)
		}
	}
	switch s.Kind {
	case KindChannel, KindBot, KindLanguage:
		add(s.Name)
	case KindAt:
		add(s.At)
	case KindSeed:
		add(s.Text)
	case KindConsumer, KindPast:
		add(arguments(s.Args))
	case KindIdentity:
		add(s.Name)
		add(s.Text)
	case KindGiven:
		add(s.Name + "=" + s.Text)
	case KindQueue:
		add(s.Name)
		add(arguments(s.Args))
	case KindHTTP:
		return stubLines(*s.Stub)
	case KindWrite, KindBotSays:
		add(lead(s.Text))
		for _, part := range s.Parts {
			add(part.String())
		}
		add(bracketed(s.Picks))
	case KindPass:
		if s.At != "" {
			add("until " + s.At)
		} else {
			add(spell(s.Pass))
		}
	case KindAgent:
		if s.Verb == "says" {
			return head + " " + strings.TrimSpace(s.Name+": "+s.Text) + "\n"
		}
		add(s.Name)
		add(s.Verb)
		add(s.Text)
		add(arguments(s.Args))
	case KindExpect:
		add(s.Name)
		add(s.Text)
		if expectationOf(s.Name) == withPair {
			add(s.Args[0].Key + "=" + s.Args[0].Value)
		} else {
			add(arguments(s.Args))
		}
	}
	return strings.Join(words, " ") + "\n"
}

// lead keeps the end of a text from reading like a choice or a part.
func lead(s string) string {
	if strings.HasSuffix(s, "]") && tail(pickEnd, s) != nil {
		return s[:len(s)-1] + `\]`
	}
	if strings.HasSuffix(s, ")") && tail(partEnd, s) != nil {
		return s[:len(s)-1] + `\)`
	}
	return s
}

func arguments(list []Arg) string {
	var out []string
	for _, a := range list {
		out = append(out, argument(a))
	}
	return strings.Join(out, " ")
}

func stubLines(s Stub) string {
	var out strings.Builder
	out.WriteString("http " + s.Method + " " + s.URL)
	if s.Times > 0 {
		out.WriteString(" times " + strconv.Itoa(s.Times))
	}
	if s.After > 0 {
		out.WriteString(" after " + spell(s.After))
	}
	if s.Optional {
		out.WriteString(" optional")
	}
	body, more := "", ""
	if s.Answer.Error != "" {
		out.WriteString(" fails " + s.Answer.Error)
	} else {
		body, more, _ = strings.Cut(s.Answer.Body, "\n")
		out.WriteString(strings.TrimRight(" → "+strconv.Itoa(s.Answer.Status)+" "+body, " "))
	}
	out.WriteByte('\n')
	if more != "" {
		for l := range strings.SplitSeq(more, "\n") {
			out.WriteString("  | " + l + "\n")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Answer.Header)) {
		out.WriteString("  " + name + ": " + s.Answer.Header[name] + "\n")
	}
	if s.Sends != "" {
		out.WriteString("  sends " + s.Sends + "\n")
	}
	for _, w := range s.With {
		out.WriteString("  with " + w.Key + ": " + w.Value + "\n")
	}
	return out.String()
}
