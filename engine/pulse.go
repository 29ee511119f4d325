package engine

import "time"

// Pulse is how much bots and one address have written to each other lately. Each
// conversation of the address begins with the pulse of the one before, so that
// closing and opening conversations hides nothing. Package loop counts and judges
// it. Amounts are in thousandths and flow off with the time since At.
type Pulse struct {
	At         int64 `json:"at,omitempty"`         // Unix milliseconds
	Burst      int64 `json:"burst,omitempty"`      // texts that answer a bot, within minutes
	Answers    int64 `json:"answers,omitempty"`    // the same, within a day
	Opened     int64 `json:"opened,omitempty"`     // conversations that such texts opened
	Unanswered int64 `json:"unanswered,omitempty"` // messages of bots since the consumer or an agent wrote
	Followups  int64 `json:"followups,omitempty"`  // follow-ups since then
	// Spoke says that a bot, or the gateway for it, has written since the consumer did.
	Spoke bool `json:"spoke,omitempty"`
	// Text is a hash of what the consumer wrote last, without its numbers, and Same
	// how often in a row it came as an answer.
	Text string `json:"text,omitempty"`
	Same int    `json:"same,omitempty"`
}

// MostOutreach bounds what a brand may allow in a week.
const MostOutreach = 50

// OutreachSettings bound the messages that a brand begins and nobody waits for:
// follow-ups. 0 and an empty span are no bound.
type OutreachSettings struct {
	// Quiet is when none begins, by the clock where the consumer is; one that is due
	// then waits for its end.
	Quiet Span `json:"quiet,omitzero"`
	// PerDay and PerWeek are how many one address gets in 24 hours and in 7 days.
	PerDay  int `json:"per_day,omitempty"`
	PerWeek int `json:"per_week,omitempty"`
}

// LoopSettings bound what bots and one address exchange before a person looks at
// it. 0 takes the default.
type LoopSettings struct {
	Same          int `json:"same,omitempty"`
	Burst         int `json:"burst,omitempty"`
	Answers       int `json:"answers,omitempty"`
	Conversations int `json:"conversations,omitempty"`
	Unanswered    int `json:"unanswered,omitempty"`
	Followups     int `json:"follow_ups,omitempty"`
}

// WithDefaults fills in what is not set.
func (s LoopSettings) WithDefaults() LoopSettings {
	for _, f := range []struct {
		to *int
		is int
	}{{&s.Same, 5}, {&s.Burst, 30}, {&s.Answers, 60}, {&s.Conversations, 30}, {&s.Unanswered, 40}, {&s.Followups, 50}} {
		if *f.to == 0 {
			*f.to = f.is
		}
	}
	return s
}

// Over how long what the settings allow comes back.
const (
	BurstPeriod     = 10 * time.Minute
	LoopPeriod      = 24 * time.Hour
	SoliloquyPeriod = 7 * LoopPeriod // of what nobody answers
)

// LoopData is the data of EventLoop.
type LoopData struct {
	Kind  string `json:"kind"`  // burst, same, burst, answers, conversations, follow_ups, waiting
	Limit int    `json:"limit"` // that was reached
	Text  string `json:"text"`  // in words
}
