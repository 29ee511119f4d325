package engine

import "encoding/json"

// JSON encodes one of the engine's own types. They hold strings, numbers and
// lists of these, which always encode.
func JSON(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("engine: " + err.Error())
	}
	return raw
}
