package loop

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"
	"unicode"

	"parley/engine"
)

const (
	unit     = 1000 // of an amount
	sentence = 4    // words of a text that no menu asks for
)

// Answered counts a text that the consumer writes while a bot has the
// conversation, before it is added to the transcript. It gives what is wrong
// when that is too much; opened says that the text opens a conversation.
func Answered(p *engine.Pulse, s engine.LoopSettings, text string, opened bool, now time.Time) *engine.LoopData {
	s = s.WithDefaults()
	drain(p, s, now)
	said := p.Text
	p.Text = wording(text)
	if !p.Spoke { // it answers nobody
		p.Same = 0
		return over(*p, s)
	}
	p.Spoke = false
	if p.Same++; p.Text == "" || p.Text != said {
		p.Same = 1
	}
	add(&p.Burst, 1, s.Burst)
	add(&p.Answers, 1, s.Answers)
	if opened {
		add(&p.Opened, 1, s.Conversations)
	}
	return over(*p, s)
}

// over says what is too much of what the consumer answers.
func over(p engine.Pulse, s engine.LoopSettings) *engine.LoopData {
	switch {
	case p.Text != "" && p.Same >= s.Same:
		return found("same", s.Same, "%d messages in a row answered with the same text")
	case p.Burst > amount(s.Burst):
		return found("burst", s.Burst, "more than %d answers within ten minutes")
	case p.Opened > amount(s.Conversations):
		return found("conversations", s.Conversations, "more than %d conversations begun within a day, each with an answer to the one before")
	case p.Answers > amount(s.Answers):
		return found("answers", s.Answers, "more than %d answers within a day")
	}
	return nil
}

func found(kind string, limit int, words string) *engine.LoopData {
	return &engine.LoopData{Kind: kind, Limit: limit, Text: fmt.Sprintf(words, limit)}
}

// FollowedUp counts a follow-up that begins, and gives what is wrong when it is
// one too many since anybody wrote.
func FollowedUp(p *engine.Pulse, s engine.LoopSettings, now time.Time) *engine.LoopData {
	s = s.WithDefaults()
	drain(p, s, now)
	add(&p.Followups, 1, s.Followups)
	if p.Followups > amount(s.Followups) {
		return found("follow_ups", s.Followups, "more than %d follow-ups within a day, and nobody has written since the first")
	}
	return nil
}

// Said counts messages of a bot.
func Said(p *engine.Pulse, s engine.LoopSettings, messages int, now time.Time) {
	if messages == 0 {
		return
	}
	s = s.WithDefaults()
	drain(p, s, now)
	add(&p.Unanswered, messages, s.Unanswered)
}

// TooMany says whether so many messages more would be too many, and how many a
// bot may write without an answer.
func TooMany(p engine.Pulse, s engine.LoopSettings, messages int, now time.Time) (bool, int) {
	s = s.WithDefaults()
	drain(&p, s, now)
	return messages > 0 && p.Unanswered+amount(messages) > amount(s.Unanswered), s.Unanswered
}

// Heard notes who has written a message: a consumer's word ends a bot's
// soliloquy, and a person of the team ends everything.
func Heard(p *engine.Pulse, by engine.Author) {
	switch by {
	case engine.AuthorConsumer:
		p.Unanswered, p.Followups, p.Spoke = 0, 0, false
	case engine.AuthorAgent:
		*p = engine.Pulse{}
	default:
		p.Spoke = true
	}
}

func amount(n int) int64 { return int64(n) * unit }

// add counts n more, and no further than one beyond the limit, so that what is
// too much now is not too much for weeks.
func add(to *int64, n, limit int) { *to = min(*to+amount(n), amount(limit+1)) }

// drain lets flow off what the time since has made good.
func drain(p *engine.Pulse, s engine.LoopSettings, now time.Time) {
	passed := time.Duration(now.UnixMilli()-p.At) * time.Millisecond
	if p.At == 0 || passed > engine.SoliloquyPeriod {
		passed = engine.SoliloquyPeriod
	}
	if passed <= 0 { // another machine's clock
		return
	}
	p.At = now.UnixMilli()
	for _, f := range []struct {
		to     *int64
		limit  int
		period time.Duration
	}{
		{&p.Burst, s.Burst, engine.BurstPeriod}, {&p.Answers, s.Answers, engine.LoopPeriod}, {&p.Opened, s.Conversations, engine.LoopPeriod},
		{&p.Unanswered, s.Unanswered, engine.SoliloquyPeriod}, {&p.Followups, s.Followups, engine.LoopPeriod},
	} {
		*f.to = max(0, *f.to-int64(float64(amount(f.limit))*passed.Seconds()/f.period.Seconds()))
	}
}

// wording hashes a sentence without its case, its numbers and its marks, so that
// "Ticket #12" and "Ticket #13" are one; "" for what is too short to tell.
func wording(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	if len(words) < sentence {
		return ""
	}
	h := fnv.New64a()
	for _, w := range words {
		h.Write([]byte(w))
		h.Write([]byte{0})
	}
	return strconv.FormatUint(h.Sum64(), 36)
}
