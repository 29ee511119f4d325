package engine

import "slices"

// MessageMarks are what a message is about, and what happened to it after it was written.
type MessageMarks struct {
	// Answers is the id of the message that this one answers, of the same consumer.
	Answers string `json:"answers,omitempty"`
	// Elsewhere says that somebody of the brand wrote it in another app.
	Elsewhere bool       `json:"elsewhere,omitempty"`
	Reactions []Reaction `json:"reactions,omitempty"` // one an author
	// EditedAt is when its author changed the words last, and UnsentAt when they took the
	// message back: what it said is gone. In ms, 0 for never.
	EditedAt int64 `json:"edited_at,omitempty"`
	UnsentAt int64 `json:"unsent_at,omitempty"`
}

// Reaction is the emoji that somebody put on a message.
type Reaction struct {
	By    Author `json:"by"`
	Emoji string `json:"emoji,omitempty"` // "" was taken back
	At    int64  `json:"at"`              // ms
}

// React gives the marks with a reaction, and whether that changes anything: what is told
// twice, or late, does not.
func (m MessageMarks) React(r Reaction) (MessageMarks, bool) {
	i := slices.IndexFunc(m.Reactions, func(old Reaction) bool { return old.By == r.By })
	switch {
	case i < 0:
		m.Reactions = append(slices.Clone(m.Reactions), r)
	case m.Reactions[i].At > r.At || m.Reactions[i].Emoji == r.Emoji:
		return m, false
	default:
		m.Reactions = slices.Clone(m.Reactions)
		m.Reactions[i] = r
	}
	return m, i >= 0 || r.Emoji != ""
}

// MarkData is the data of EventMarked: the message after the event.
type MarkData struct {
	Message string   `json:"message"`
	Content *Content `json:"content,omitempty"` // what it says now; nil for what it said before
	MessageMarks
	// Preview is the conversation's, nil when it did not change.
	Preview *string `json:"preview,omitempty"`
	Rev     int64   `json:"rev,omitempty"` // of the conversation, 0 when it did not change
}
