package messaging

import (
	"errors"

	"parley/connectors/graph"
	"parley/engine"
)

// reasons are the codes of sends that mean something else than in the rest of the Graph
// API. Where one class of ours would not fit:
//
//   - 1/1357046 comes after the message was sent, as Meta says.
//   - 551 and 2018108 are one who has blocked the brand, or is gone: Meta tells nobody which.
//   - 100/1893061 is a tag that no longer exists, 10/1893063 a page that may not write for a while.
func reasons() graph.Reasons {
	return graph.Reasons{
		{Class: engine.SendUnsure, Words: "Meta failed after it may have sent the message.", Codes: []int{1}, Subs: []int{1357046}},
		{Class: engine.SendRetry, Words: "Meta could not send the message for the moment.", Codes: []int{1200, 120000}},
		{Class: engine.SendWindow, Words: "The consumer wrote too long ago.", Codes: []int{10, 100, 200}, Subs: []int{2018278, 2018065, 2534022}},
		{Class: engine.SendGone, Words: "The consumer does not take messages from the brand, or is gone.", Codes: []int{551}},
		{Class: engine.SendGone, Words: "The consumer does not take messages from the brand, or is gone.", Codes: []int{10, 100, 200}, Subs: []int{1545041, 2018108}},
		{Class: engine.SendGone, Words: "Meta does not know the recipient.", Codes: []int{100}, Subs: []int{2018001, 2534014}},
		{Class: engine.SendThrottle, Words: "Too many messages to this consumer at once.", Codes: []int{4}, Subs: []int{2018022}},
		{Class: engine.SendInvalid, Words: "The file is larger than Meta takes.", Codes: []int{4, 100}, Subs: []int{2018109}},
		{Class: engine.SendInvalid, Words: "Meta cannot fetch the file.", Codes: []int{100}, Subs: []int{2018007, 2018008}},
		{Class: engine.SendInvalid, Words: "The tag of the message no longer exists.", Codes: []int{100}, Subs: []int{1893061}},
		{Class: engine.SendAuth, Words: "Meta has restricted the account for a while.", Codes: []int{10}, Subs: []int{1893063}},
		{Class: engine.SendAuth, Words: "The consumer has not agreed to be known.", Codes: []int{230}},
	}
}

// sendError is the client's error, which is one.
func sendError(err error) *engine.SendError {
	failed, ok := errors.AsType[*engine.SendError](err)
	if !ok {
		return &engine.SendError{Class: engine.SendUnsure, Message: "The send ended in an unknown way.", Cause: err}
	}
	return failed
}
