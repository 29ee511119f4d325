package recording

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"

	"parley/engine"
)

// maxLine bounds one recording of an export.
const maxLine = 16 << 20

// Decode reads an export, one recording a line, and gives at most limit (0 for
// all) to fn until it fails. Errors: Invalid with the line's number.
func Decode(r io.Reader, limit int, fn func(Recording) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	n, found := 0, 0
	for lines.Scan() && (limit == 0 || found < limit) {
		n++
		if len(lines.Bytes()) == 0 {
			continue
		}
		var rec Recording
		if err := json.Unmarshal(lines.Bytes(), &rec); err != nil {
			return engine.Errorf(engine.Invalid, "line %d is not a recording: %v", n, err)
		}
		if err := fn(rec); err != nil {
			return err
		}
		found++
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return engine.Errorf(engine.Invalid, "line %d is longer than %d bytes", n+1, maxLine)
	}
	return lines.Err()
}
