package learning

import "time"

// Answer is an entry of the FAQ with what consumers said of its answer.
type Answer struct {
	Question string
	Wordings int // other wordings of the question
	Helped   int
	Unhelped int
	At       time.Time // of the latest word on it; zero when there is none
	Active   bool      // the active version has it
}
