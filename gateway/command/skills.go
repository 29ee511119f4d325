package command

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"parley/engine"
)

// maxLevel is the best level in a skill.
const maxLevel = 10

// languagePattern is a BCP 47 tag as people write it: de, pt-BR.
var languagePattern = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// parseSkills reads "care:3,sales": skills, with the level in those that have one.
func parseSkills(text string) ([]string, map[string]int, error) {
	levels := map[string]int{}
	found := map[string]bool{}
	for _, word := range words(text) {
		skill, level, has := strings.Cut(word, ":")
		if skill == "" {
			return nil, nil, engine.FieldError("--skills", "has a level without a skill: %q", word)
		}
		if found[skill] {
			return nil, nil, engine.FieldError("--skills", "names %q twice", skill)
		}
		found[skill] = true
		if !has {
			continue
		}
		n, err := strconv.Atoi(level)
		if err != nil || n < 1 || n > maxLevel {
			return nil, nil, engine.FieldError("--skills", "has the level %q in %q; levels are 1 to %d", level, skill, maxLevel)
		}
		levels[skill] = n
	}
	return slices.Sorted(maps.Keys(found)), levels, nil
}

// parseLanguages reads "en,pt-BR".
func parseLanguages(text string) ([]string, error) {
	tags := words(text)
	for _, tag := range tags {
		if !languagePattern.MatchString(tag) {
			return nil, engine.FieldError("--languages", "has %q, which is no language such as en or pt-BR", tag)
		}
	}
	slices.Sort(tags)
	return slices.Compact(tags), nil
}

func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// skillsOf writes what parseSkills reads.
func skillsOf(u engine.User) string {
	out := make([]string, len(u.Skills))
	for i, s := range u.Skills {
		out[i] = s
		if n := u.Levels[s]; n > 0 {
			out[i] = fmt.Sprintf("%s:%d", s, n)
		}
	}
	return strings.Join(out, ",")
}
