package graph

import (
	"slices"
	"time"

	"parley/engine"
)

// Reason is why Meta did not take or deliver something. Tables of them are data: the
// first line that fits wins, and those of a connector come before the common ones.
type Reason struct {
	Class engine.SendClass
	Words string // for people
	Codes []int
	Subs  []int         // error_subcode; nil for any
	Wait  time.Duration // of a throttle that names no time; 0 for a second
}

// Reasons is a table.
type Reasons []Reason

// Find looks a code up; sub is 0 for none.
func (r Reasons) Find(code, sub int) (Reason, bool) {
	fits := func(one Reason) bool {
		return slices.Contains(one.Codes, code) && (one.Subs == nil || slices.Contains(one.Subs, sub))
	}
	for _, table := range []Reasons{r, common()} {
		if i := slices.IndexFunc(table, fits); i >= 0 {
			return table[i], true
		}
	}
	return Reason{}, false
}

// common are the codes of the whole Graph API. 100 with the subcode 33 is an object
// that does not exist or that the token may not see: of all sends alike, so that a
// setting is wrong and not the message.
func common() Reasons {
	return Reasons{
		{Class: engine.SendRetry, Words: "Meta has a fault of its own.", Codes: []int{-1, 1, 2}},
		{Class: engine.SendThrottle, Words: "Too many requests to Meta at once.", Codes: []int{4, 17, 32, 341, 613}},
		{Class: engine.SendThrottle, Words: "Too many requests to Meta for this account.", Codes: span(80000, 80014), Wait: time.Minute},
		{Class: engine.SendAuth, Words: "Meta does not accept the access token; it may have expired.", Codes: []int{102, 190, 463, 467}},
		{Class: engine.SendAuth, Words: "The access token lacks a permission.", Codes: append(span(200, 299), 3, 10)},
		{Class: engine.SendAuth, Words: "Meta has restricted the account.", Codes: []int{368}},
		{Class: engine.SendAuth, Words: "Meta does not know what the channel names, or the access token may not use it.", Codes: []int{100}, Subs: []int{33}},
		{Class: engine.SendInvalid, Words: "Meta found a parameter wrong.", Codes: []int{100}},
		{Class: engine.SendInvalid, Words: "Meta has just taken the same message.", Codes: []int{506}},
	}
}

func span(from, to int) (codes []int) {
	for c := from; c <= to; c++ {
		codes = append(codes, c)
	}
	return codes
}
