package validate

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"parley/engine/understanding/slots"
)

var (
	dottedNoon = regexp.MustCompile(`\b([ap])\. ?m\b\.?`)
	withMinute = regexp.MustCompile(`\b(\d{1,2})(?:[:.]| ?h ?| ?uhr (?:und )?| heures? )([0-5]\d)(?: ?uhr| ?h\b| heures?| horas?)? ?(am\b|pm\b)?(?:$|[^\d])`)
	hourAlone  = regexp.MustCompile(`\b(\d{1,2}) ?(am\b|pm\b|uhr\b|h\b|heures?\b|horas?\b|o'?clock\b)?`)
	halfPast   = regexp.MustCompile(`\bhalf(?: past)? (\d{1,2})\b|\b(\d{1,2})(?: heures?)? et demie?\b|\b(\d{1,2}) y media\b`)
	halfTo     = regexp.MustCompile(`\bhalb (\d{1,2})\b`)
	past15     = regexp.MustCompile(`\bquarter (?:past|after) (\d{1,2})\b|\bviertel nach (\d{1,2})\b|\b(\d{1,2}) y cuarto\b|\b(\d{1,2})(?: heures?)? et quart\b`)
	to15       = regexp.MustCompile(`\bquarter (?:to|of|before) (\d{1,2})\b|\bviertel vor (\d{1,2})\b|\bdreiviertel (\d{1,2})\b|\b(\d{1,2}) menos cuarto\b|\b(\d{1,2})(?: heures?)? moins le quart\b`)
)

// moment is a time of day as it was said.
type moment struct {
	minutes int    // after midnight, of the hour as it was said
	half    string // "am", "pm" or ""
	twelve  bool   // may be in the morning or in the afternoon
}

func clock(text string, o Options) (any, Reason, bool) {
	text = dottedNoon.ReplaceAllString(text, "${1}m")
	part := dayPart(text, o.language())
	if text == part.phrase && part.minutes >= 0 {
		return o.inside(part.minutes)
	}
	text = digits(text, o.language())
	moments := sayings(text, o.language())
	if len(moments) == 0 && part.minutes < 0 {
		moments = o.saidTime(text)
	}
	switch {
	case len(moments) == 0 && part.minutes >= 0:
		return o.inside(part.minutes)
	case len(moments) == 0:
		return nil, NotUnderstood, false
	case len(moments) > 1:
		return nil, Unclear, false
	}
	m := moments[0]
	if m.half == "" {
		m.half = part.half
	}
	if m.minutes < 0 || m.minutes >= 24*60 && m.minutes != 24*60 {
		return nil, NotUnderstood, false
	}
	return o.settle(m)
}

// saidTime is the one time that a sentence holds in a way that the forms above do not know.
func (o Options) saidTime(text string) []moment {
	slot, ok := slots.One(slots.Time, text, o.slots())
	if !ok {
		return nil
	}
	m := moment{minutes: slot.At.Hour()*60 + slot.At.Minute(), twelve: slot.Assumed}
	if m.twelve {
		m.minutes %= 12 * 60
	}
	return []moment{m}
}

// sayings finds the times in a text: the first form that fits anything.
func sayings(text, language string) []moment {
	var out []moment
	add := func(m moment) {
		for _, seen := range out {
			if seen == m {
				return
			}
		}
		out = append(out, m)
	}
	quarters := []struct {
		form  *regexp.Regexp
		shift int
	}{{halfPast, 30}, {halfTo, -30}, {past15, 15}, {to15, -15}}
	for _, q := range quarters {
		for _, m := range q.form.FindAllStringSubmatch(text, -1) {
			hour := atoi(strings.Join(m[1:], ""))
			if hour == 0 && q.shift < 0 {
				hour = 24
			}
			add(moment{minutes: hour*60 + q.shift, twelve: hour <= 12})
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, m := range withMinute.FindAllStringSubmatch(text, -1) {
		hour := atoi(m[1])
		twelve := language == "en" && m[1][0] != '0' && hour >= 1 && hour <= 11
		add(moment{minutes: hour*60 + atoi(m[2]), half: m[3], twelve: twelve && m[3] == ""})
	}
	if len(out) > 0 {
		return out
	}
	for _, m := range hourAlone.FindAllStringSubmatch(text, -1) {
		hour, unit := atoi(m[1]), m[2]
		found := moment{minutes: hour * 60}
		switch {
		case unit == "am" || unit == "pm":
			found.half = unit
		case unit == "" || strings.HasPrefix(unit, "o"):
			found.twelve = hour >= 1 && hour <= 12
		}
		add(found)
	}
	return out
}

// settle decides between morning and afternoon, by what was said or by the bounds.
func (o Options) settle(m moment) (any, Reason, bool) {
	const noon = 12 * 60
	switch {
	case m.minutes >= 24*60:
		return o.inside(0)
	case (m.half == "am" || m.half == "pm") && m.minutes >= noon+60:
		if m.half == "am" {
			return nil, NotUnderstood, false
		}
		return o.inside(m.minutes) // "17 Uhr abends"
	case m.half == "am":
		return o.inside(m.minutes % noon)
	case m.half == "pm":
		return o.inside(m.minutes%noon + noon)
	case m.half == "night":
		if m.minutes >= 6*60 && m.minutes < noon {
			return o.inside(m.minutes + noon)
		}
		return o.inside(m.minutes % noon)
	}
	later := (m.minutes + noon) % (2 * noon)
	_, _, fits := o.inside(m.minutes)
	_, _, fitsLater := o.inside(later)
	switch {
	case m.minutes < noon+60 && !fits && fitsLater && (o.From != "" || o.Until != ""):
		return o.inside(later)
	case m.twelve && fits && fitsLater:
		return nil, Unclear, false
	}
	return o.inside(m.minutes)
}

// inside is the time of day when the bounds allow it.
func (o Options) inside(minutes int) (any, Reason, bool) {
	if from, ok := minuteOf(o.From); ok && minutes < from {
		return nil, TooSmall, false
	}
	if until, ok := minuteOf(o.Until); ok && minutes > until {
		return nil, TooLarge, false
	}
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60), "", true
}

func minuteOf(s string) (int, bool) {
	h, m, ok := strings.Cut(s, ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	return hour*60 + minute, ok && err1 == nil && err2 == nil
}

// part is a word for a part of the day: half tells its hours, minutes (or -1)
// what it means by itself.
type part struct {
	phrase  string
	half    string
	minutes int
}

func dayPart(text, language string) part {
	said := " " + strings.Join(words(text), " ") + " "
	for _, p := range dayParts(language) {
		if strings.Contains(said, " "+p.phrase+" ") {
			return p
		}
	}
	return part{minutes: -1}
}

func dayParts(language string) []part {
	const noon = 12 * 60
	switch language {
	case "de":
		return []part{{"mitternacht", "", 0}, {"nachmittags", "pm", -1}, {"nachmittag", "pm", -1}, {"mittag", "", noon}, {"mittags", "", noon},
			{"abends", "pm", -1}, {"abend", "pm", -1}, {"nachts", "night", -1}, {"fruh", "am", -1}, {"morgens", "am", -1}, {"vormittags", "am", -1}, {"vormittag", "am", -1}}
	case "es":
		return []part{{"medianoche", "", 0}, {"mediodia", "", noon}, {"de la tarde", "pm", -1}, {"por la tarde", "pm", -1}, {"de la noche", "night", -1},
			{"de la manana", "am", -1}, {"por la manana", "am", -1}, {"de la madrugada", "am", -1}}
	case "fr":
		return []part{{"minuit", "", 0}, {"apres midi", "pm", -1}, {"midi", "", noon}, {"du soir", "pm", -1}, {"ce soir", "pm", -1}, {"du matin", "am", -1}}
	}
	return []part{{"midnight", "", 0}, {"noon", "", noon}, {"midday", "", noon}, {"in the morning", "am", -1}, {"in the afternoon", "pm", -1},
		{"in the evening", "pm", -1}, {"at night", "night", -1}, {"tonight", "pm", -1}}
}

// digits writes the number words 1 … 24 of a folded text as digits.
func digits(text, language string) string {
	said := strings.Fields(text)
	var out []string
	for i := 0; i < len(said); {
		length, value := 0, 0
		for n := min(3, len(said)-i); n > 0 && length == 0; n-- {
			phrase := strings.Trim(strings.ReplaceAll(strings.Join(said[i:i+n], " "), "-", " "), ".,!?")
			if v, ok := wordNumber(phrase, language); ok && v >= 1 && v <= 24 {
				length, value = n, v
			}
		}
		if length == 0 {
			out = append(out, said[i])
			i++
			continue
		}
		out = append(out, strconv.Itoa(value))
		i += length
	}
	return strings.Join(out, " ")
}
