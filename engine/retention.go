package engine

import "time"

// RetentionSettings say for how many days a brand keeps what is over. Zero takes the default; negative is for ever.
type RetentionSettings struct {
	// Sends are finished sends and outside calls with their bodies.
	Sends int `json:"sends,omitempty"`
	// Journals are what bots asked and were answered in conversations that are closed.
	Journals int `json:"journals,omitempty"`
	// Conversations is what was said in conversations that are closed.
	Conversations int `json:"conversations,omitempty"`
}

// Defaults of RetentionSettings. What people said is theirs to decide about, so it is kept unless the brand says so.
const (
	DefaultKeptSends    = 30
	DefaultKeptJournals = 90
)

// Before gives the times before which a brand no longer keeps sends, journals and conversations at now; zero for ever.
func (s RetentionSettings) Before(now time.Time) (sends, journals, conversations time.Time) {
	ago := func(days, standard int) time.Time {
		if days == 0 {
			days = standard
		}
		if days <= 0 {
			return time.Time{}
		}
		return now.AddDate(0, 0, -days)
	}
	return ago(s.Sends, DefaultKeptSends), ago(s.Journals, DefaultKeptJournals), ago(s.Conversations, 0)
}

// RetentionMark is how far a sweep of a brand, or of the log, has come: everything up to it has been looked at.
type RetentionMark struct {
	At time.Time // of a conversation's end, or of an event; zero for sends
	N  int64     // the store's own number; an event's Seq
}
