package log

import "parley/engine"

// Page reads what comes next in the log, at one moment: the events after f.After
// that match, f.Limit at most, and the cursor up to which there are no others.
// That is before f.After when the log ends before it.
func Page(tx engine.Tx, f engine.EventFilter) (events []engine.Event, to engine.Cursor, err error) {
	if to, err = tx.Events().Last(); err != nil || f.After >= to {
		return nil, to, err
	}
	if events, err = tx.Events().List(f); err == nil && len(events) == f.Limit {
		to = engine.Cursor(events[len(events)-1].Seq)
	}
	return events, to, err
}
