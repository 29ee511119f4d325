package engine

import "encoding/json"

// Told hands on what an event tells. What is in the log was written by this program;
// a part that cannot be read is left out, and the event still tells that it happened.
func Told[T any](ev Event, tell func(T)) {
	var d T
	if json.Unmarshal(ev.Data, &d) == nil {
		tell(d)
	}
}
