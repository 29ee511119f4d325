package engine

import "time"

// Tone is how something that a consumer wrote sounds.
type Tone string

const (
	ToneNegative Tone = "negative"
	ToneNeutral  Tone = "neutral"
	TonePositive Tone = "positive"
)

// Heard is what the gateway makes out of a consumer's message, or what an agent
// says of it. The zero value is nothing: a neutral message of a brand with one
// language.
type Heard struct {
	Score    float64 `json:"score,omitempty"`    // −1 … 1
	Tone     Tone    `json:"tone,omitempty"`     // "" for neutral
	Language string  `json:"language,omitempty"` // one of the brand's; "" when nobody can tell
	By       string  `json:"by,omitempty"`       // who judged the tone: "agent:<id>"; "" for the gateway
}

// Mood is how a conversation's consumer sounds so far, and in which languages
// they write. The zero value has heard nothing.
type Mood struct {
	// Sum and Weight are a running mean of the messages' scores; engine/understanding/sentiment
	// has the formula.
	Sum    float64 `json:"sum,omitempty"`
	Weight float64 `json:"weight,omitempty"`
	Tone   Tone    `json:"tone,omitempty"` // the band of the mean; "" for neutral
	// Languages counts the messages in each of the brand's languages.
	Languages map[string]float64 `json:"languages,omitempty"`
}

// Score is the mean, −1 … 1; 0 when nothing was heard.
func (m Mood) Score() float64 {
	if m.Weight <= 0 {
		return 0
	}
	return m.Sum / m.Weight
}

// MoodData is the data of EventMood.
type MoodData struct {
	Score float64 `json:"score"` // −1 … 1
	Tone  Tone    `json:"tone"`
	Was   Tone    `json:"was"`
}

// FeedbackData is the data of EventFeedback.
type FeedbackData struct {
	Question string `json:"question"` // of the FAQ entry
	Helped   bool   `json:"helped"`
}

// FAQFeedback is what consumers say of one FAQ entry's answer.
type FAQFeedback struct {
	Brand    string
	Question string // the entry's, as it is written
	Helped   int
	Unhelped int
	At       time.Time // of the latest
}
