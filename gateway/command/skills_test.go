package command

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

func TestParseSkills(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]engine.User{
		"":                     {Levels: map[string]int{}},
		"sales, care:3":        {Skills: []string{"care", "sales"}, Levels: map[string]int{"care": 3}},
		"care:10 ,, billing:1": {Skills: []string{"billing", "care"}, Levels: map[string]int{"care": 10, "billing": 1}},
	} {
		skills, levels, err := parseSkills(text)
		if diff := cmp.Diff(want, engine.User{Skills: skills, Levels: levels}); err != nil || diff != "" {
			t.Errorf("%q: %v\n%s", text, err, diff)
		}
		if again, _, _ := parseSkills(skillsOf(want)); !cmp.Equal(again, skills) {
			t.Errorf("%q is written as %q", text, skillsOf(want))
		}
	}
	for text, want := range map[string]string{
		"care,care:2": `names "care" twice`,
		":3":          "a level without a skill",
		"care:":       `the level "" in "care"`,
		"care:0":      "levels are 1 to 10",
		"care:11":     "levels are 1 to 10",
		"care:two":    `the level "two"`,
		"care:1:2":    `the level "1:2"`,
	} {
		if _, _, err := parseSkills(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gave %v, want %q", text, err, want)
		}
	}
}

func TestParseLanguages(t *testing.T) {
	t.Parallel()
	got, err := parseLanguages("pt-BR, en,en,zh-Hant-TW")
	if diff := cmp.Diff([]string{"en", "pt-BR", "zh-Hant-TW"}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if got, err := parseLanguages(" "); err != nil || len(got) != 0 {
		t.Error(got, err)
	}
	for _, text := range []string{"english", "e", "de_AT", "de-", "en;fr"} {
		if _, err := parseLanguages(text); engine.CodeOf(err) != engine.Invalid {
			t.Errorf("%q gave %v", text, err)
		}
	}
}

func FuzzParseSkills(f *testing.F) {
	f.Add("care:3,sales")
	f.Fuzz(func(t *testing.T, text string) {
		skills, levels, err := parseSkills(text)
		if err != nil {
			return
		}
		u := engine.User{Skills: skills, Levels: levels}
		again, same, err := parseSkills(skillsOf(u))
		if err != nil || !cmp.Equal(skills, again) || !cmp.Equal(levels, same) {
			t.Errorf("%q is written as %q: %v", text, skillsOf(u), err)
		}
	})
}
