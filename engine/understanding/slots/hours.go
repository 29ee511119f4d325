package slots

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	noon = 12 * 60 // in minutes after midnight
	day  = 24 * 60
)

// hours are what a time of day means on its day.
type hours struct {
	minutes int // after midnight
	other   int // the same twelve hours away, when it may mean that too; else -1
	after   int // days: after midnight still belongs to the night before
	assumed bool
	either  bool // after may be one less
}

// decide tells morning from afternoon: by what was said, else by what is still
// ahead today, else by the hours of business. A contradiction means nothing.
func (s *scan) decide(r reading, dated, today bool) (h hours, ok bool) {
	if h, ok = s.readHour(r, dated, today); r.noon {
		h.other, h.assumed = -1, false
		ok = ok && h.minutes >= 11*60 && h.minutes < 16*60
	}
	return h, ok
}

func (s *scan) readHour(r reading, dated, today bool) (h hours, ok bool) {
	c, m := r.clock, r.clock.minutes
	h = hours{minutes: m, other: -1}
	switch {
	case c.midnight || m == day:
		h.minutes = 0
		if dated {
			night := r.part == "evening" || r.part == "night" || r.late
			h.after = 1
			h.either = c.midnight && !today && !night // Friday's midnight begins it or ends it
		}
		return h, r.part == "" || r.part == "night" || r.part == "evening"
	case c.half == "am":
		h.minutes = m % noon
		if r.late || r.part == "night" {
			h.afterMidnight(s, r, dated, today)
		}
		return h, m < noon+60 && r.part != "afternoon" && (r.part != "evening" || r.late)
	case c.half == "pm" && m < noon+60:
		h.minutes = m%noon + noon
		return h, r.part != "morning"
	case m >= noon+60:
		return h, s.fits(r.part, m) && c.half != "am"
	case m < 60:
		h.afterMidnight(s, r, dated, today)
		return h, r.part != "afternoon"
	}
	if r.part != "" || r.late {
		return s.inPart(r, dated, today)
	}
	if !c.twelve {
		return h, true
	}
	h.other, h.assumed = (m+noon)%day, true
	last := s.lastMinutes(c.second)
	switch {
	case last >= 0: // the one of two that is nearest after the first
		if h.minutes = m%noon + noon; last < noon && m > last {
			h.minutes = m
		}
		h.other = (h.minutes + noon) % day
		h.assumed = !c.counted || h.minutes != m
	case m < 7*60:
		h.minutes, h.other = m+noon, m
	case c.counted:
		h.assumed = false
	}
	now := s.Now.Hour()*60 + s.Now.Minute()
	if today && dated && h.minutes < now && h.minutes < noon && h.minutes+noon > now && !s.Past {
		h.minutes, h.other, h.assumed = m+noon, m, true
	}
	return h, true
}

// lastMinutes is the time of day that was found last, -1 for none.
func (s *scan) lastMinutes(second bool) int {
	if !second || len(s.found) == 0 {
		return -1
	}
	at := s.found[len(s.found)-1].At
	return at.Hour()*60 + at.Minute()
}

// timeFirst says that what looks like a date is a time, as one was asked for: "8.10".
func (s *scan) timeFirst(i int, r *reading) bool {
	if _, _, pair := s.pairClock(i, exactly, r); pair && s.asksHour() && !r.clocked && s.class(i) == figure && s.class(i+1) == figure {
		return true
	}
	if !s.asksHour() || r.clocked || s.class(i) != figure || !s.is(i+1, ".", "-") || s.is(i+3, ".", "-") {
		return false
	}
	_, _, isClock := s.digitClock(i, exactly, r)
	_, _, isRange := s.clockRange(i, exactly, r)
	return isClock || isRange
}

// inPart is an hour from one to twelve in a part of the day.
func (s *scan) inPart(r reading, dated, today bool) (h hours, ok bool) {
	m := r.clock.minutes
	h = hours{minutes: m, other: -1}
	half := m % noon // after midnight or noon
	switch {
	case r.part == "morning" && m >= noon:
		return h, s.v.language == "es" // "las doce de la mañana"
	case r.part == "morning":
		return h, true
	case r.part == "afternoon":
		h.minutes = half + noon
		return h, s.fits(r.part, h.minutes)
	case half < 60, half < 5*60 && r.late, half < 6*60 && r.part == "night":
		h.minutes = half
		h.afterMidnight(s, r, dated, today)
		return h, half < 60 || r.late || r.part == "night"
	}
	h.minutes = half + noon
	return h, s.fits(r.part, h.minutes)
}

// fits says that a time from noon on lies in a part of the day.
func (s *scan) fits(part string, m int) bool {
	switch part {
	case "morning":
		return false
	case "afternoon":
		return m < 20*60 || m < 21*60 && s.v.language == "es"
	case "evening":
		return m >= 16*60
	case "night":
		return m >= 18*60
	}
	return true
}

// afterMidnight moves an hour of the night to the day after: "tonight at 3".
func (h *hours) afterMidnight(s *scan, r reading, dated, today bool) {
	if !dated || r.part != "night" && r.part != "evening" && !r.late {
		return
	}
	now := s.Now.Hour()*60 + s.Now.Minute()
	if !today || h.minutes <= now {
		h.after = 1
	}
	h.either = !r.late && !today && r.named // "friday night at 2"
}

// timeSlot is a time of day without a day: the next one, or the last one.
func (s *scan) timeSlot(h hours, seconds int) Slot {
	slot := Slot{Kind: Time, At: s.nextTime(h.minutes, seconds), Assumed: h.assumed}
	slot.Value = slot.At.Format("15:04")
	if h.other >= 0 {
		slot.Other = s.nextTime(h.other, seconds).Format("15:04")
	}
	return slot
}

// hoursSlot is a range of hours, or one that is open at one end.
func (s *scan) hoursSlot(r reading, dated, today bool, on time.Time) Slot {
	end, ok := s.decide(r, dated, today)
	if !ok {
		return Slot{}
	}
	slot := Slot{Kind: Hours, Assumed: end.assumed}
	from := -1
	switch {
	case r.clock.bound == since:
		from = end.minutes
		slot.Value = clockText(from) + "/.."
	case r.clock.bound == until:
		slot.Value = "../" + clockText(end.minutes)
	case r.clock.begin == nil: // "between 2" and nothing
		return Slot{}
	default:
		first := r
		first.clock = *r.clock.begin
		begin, ok := s.decide(first, dated, today)
		if !ok {
			return Slot{}
		}
		if begin.assumed && r.clock.begin.twelve { // the nearest one before the end: "10 to 2 pm"
			m := begin.minutes % noon
			if end.assumed {
				m = begin.minutes
				if e := end.minutes % noon; e > m {
					end.minutes = e
				} else {
					end.minutes = e + noon
				}
			} else if m+noon < end.minutes {
				m += noon
			}
			begin.minutes = m
		}
		from = begin.minutes
		slot.Value = clockText(from) + "/" + clockText(end.minutes)
	}
	switch {
	case from < 0:
	case dated:
		slot.At = s.clockOn(on, from, 0)
	default:
		slot.At = s.nextTime(from, 0)
	}
	return slot
}

// splitUpTo is how many words and signs an answer may have in which the two ends of hours
// are looked for.
const splitUpTo = 24

// splitHours reads hours of which the beginning has a part of the day of its own: "from 8 in
// the morning to noon". Open ones are none when an end follows that is not understood. ok is
// false when there are no such hours.
func (s *scan) splitHours() (hours []Slot, ok bool) {
	if len(s.tokens) > splitUpTo || slices.ContainsFunc(s.found, func(found Slot) bool {
		return found.Kind == Hours && !strings.HasSuffix(found.Value, "/..") && !strings.HasPrefix(found.Value, "../")
	}) {
		return nil, false
	}
	_, at, _ := s.v.from.at(s.tokens, 0)
	for k := at + 1; k < len(s.tokens)-1; k++ {
		and, next, linked := s.v.upTo.at(s.tokens, k)
		if !linked || and || next >= len(s.tokens) || s.is(k, "-") {
			continue
		}
		begin, end := read(Time, s.text[s.tokens[at].start:s.tokens[k-1].end], s.Options), read(Time, s.text[s.tokens[next].start:], s.Options)
		if len(end) == 1 && len(begin) == 1 && end[0].Other > begin[0].Value && end[0].Value <= begin[0].Value {
			end[0].Value = end[0].Other
		}
		if len(end) != 1 || len(begin) != 1 || begin[0].Value >= end[0].Value || begin[0].Other != "" {
			if len(s.found) > 0 && len(end) > 0 && s.tokens[k].start >= s.found[0].End {
				return nil, true
			}
			continue
		}
		slot := Slot{Kind: Hours, Value: begin[0].Value + "/" + end[0].Value, At: begin[0].At, Start: s.tokens[at].start, End: s.tokens[next].start + end[0].End, Assumed: begin[0].Assumed || end[0].Assumed}
		slot.Text = s.text[slot.Start:slot.End]
		return []Slot{slot}, true
	}
	return nil, false
}

func clockText(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60%24, minutes%60) }

// nextTime is the next moment with a time of day; with Past the last one.
func (s *scan) nextTime(minutes, seconds int) time.Time {
	at := s.clockOn(s.today(), minutes, seconds)
	switch {
	case s.Past && at.After(s.Now):
		return s.clockOn(s.today().AddDate(0, 0, -1), minutes, seconds)
	case !s.Past && !at.After(s.Now):
		return s.clockOn(s.today().AddDate(0, 0, 1), minutes, seconds)
	}
	return at
}

func (s *scan) clockOn(day time.Time, minutes, seconds int) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, minutes/60, minutes%60, seconds, 0, s.zone)
}

func (s *scan) momentSlot(day time.Time, h hours, seconds int) Slot {
	at := s.clockOn(day, h.minutes, seconds)
	slot := Slot{Kind: Moment, Value: at.Format(time.RFC3339), At: at, Assumed: h.assumed}
	if h.other >= 0 {
		slot.Other = clockText(h.other)
	}
	return slot
}

// moments are what a time or a day means to a question for a moment: the next
// such time, and this time of a day that was counted from now.
func (s *scan) moments(found Slot) []Slot {
	moment := func(at time.Time, assumed bool) Slot {
		slot := found
		slot.Kind, slot.At, slot.Value, slot.Assumed, slot.Other, slot.Grain, slot.Part = Moment, at, at.Format(time.RFC3339), assumed, "", "", ""
		return slot
	}
	switch {
	case found.Kind == Date && found.counted && found.Part == "":
		y, m, d := found.At.Date()
		return []Slot{moment(time.Date(y, m, d, s.Now.Hour(), 0, 0, 0, s.zone), true)}
	case found.Kind != Time || s.datedElsewhere(found):
		return nil
	}
	out := []Slot{moment(found.At, found.Assumed)}
	if hour, err := time.Parse("15:04", found.Other); err == nil && hour.Hour() >= 5 {
		if at := s.nextTime(hour.Hour()*60+hour.Minute(), 0); at.Before(found.At) != s.Past {
			out = append(out, moment(at, true)) // "at 8", said at ten in the morning
		}
	}
	return out
}

// atItsTime is a day beside a moment at the same time: "friday or saturday at 3".
func (s *scan) atItsTime(date Slot) Slot {
	k := slices.IndexFunc(s.found, func(found Slot) bool { return found.Kind == Moment })
	if date.Kind != Date || date.Grain != "day" || k < 0 {
		return date
	}
	y, m, d := date.At.Date()
	at := s.found[k].At
	at = time.Date(y, m, d, at.Hour(), at.Minute(), at.Second(), 0, s.zone)
	return Slot{Kind: Moment, Text: date.Text, Start: date.Start, End: date.End, Value: at.Format(time.RFC3339), At: at, Assumed: true}
}

// datedElsewhere says that a text tells of a day beside the time that was found
// and that nobody understood: its moment is unknown.
func (s *scan) datedElsewhere(found Slot) bool {
	for i, t := range s.tokens {
		if t.start >= found.Start && t.end <= found.End {
			continue
		}
		if t.class == figure || s.ofDays(i) {
			return true
		}
	}
	return false
}

// ofDays says that a word tells of days.
func (s *scan) ofDays(i int) bool {
	t := s.tokens[i]
	if t.class != word {
		return false
	}
	if unit, ok := s.v.lengths[t.text]; ok && unit.grain != "minute" {
		return true
	}
	if _, ok := s.v.weekdays[t.text]; ok {
		return true
	}
	if _, ok := s.v.shortDays[t.text]; ok && (s.is(i+1, ".") && i+2 < len(s.tokens) || s.v.dayCues[s.textAt(i-1)]) {
		return true
	}
	if s.v.language == "de" && s.weekdayStem(t.text) {
		return true
	}
	if _, _, ok := s.v.days.at(s.tokens, i); ok && !s.greeting(i) {
		return true
	}
	if _, ok := s.periodAt(i, &said{}); ok {
		return true
	}
	month := Month(t.text) > 0 && len(t.text) > 3 && t.text != "mars"
	return month || otherDays[t.text]
}

// weekdayStem says that a German word begins with a day: "mittwochabends".
func (s *scan) weekdayStem(text string) bool {
	if k := strings.Index(text, "tag"); k > 0 {
		_, ok := s.v.weekdays[text[:k+3]]
		return ok
	}
	return strings.HasPrefix(text, "mittwoch")
}

// otherDays are words of days that nobody can know, and of more than one.
var otherDays = setOf("lendemain veille siguiente anterior vispera following previous folgetag vortag every each daily weekdays weekends mondays tuesdays wednesdays thursdays fridays saturdays sundays jeden jede jedes taglich werktags montags dienstags mittwochs donnerstags freitags samstags sonntags cada todos todas diario chaque tous toutes quotidien")

// greeting says that a part of the day is wished to somebody.
func (s *scan) greeting(i int) bool {
	return s.is(i-1, "good", "guten", "guter", "gute", "schonen", "buenas", "buenos", "bon", "bonne", "have a", "feliz", "bonsoir")
}

// nowSlot is this minute, when nothing else in an answer tells a time.
func (s *scan) nowSlot() []Slot {
	for i := range s.tokens {
		_, next, ok := s.v.nowWords.at(s.tokens, i)
		if !ok || s.denied(i, next) {
			continue
		}
		for k, t := range s.tokens {
			if (k < i || k >= next) && (t.class == figure || s.ofDays(k) || s.v.lengths[t.text].n > 0) {
				return nil
			}
		}
		at := s.Now.Truncate(time.Minute)
		slot := Slot{Kind: Moment, Value: at.Format(time.RFC3339), At: at, Start: s.tokens[i].start, End: s.tokens[next-1].end}
		slot.Text, slot.from, slot.to = s.text[slot.Start:slot.End], i, next
		return []Slot{slot}
	}
	return nil
}
