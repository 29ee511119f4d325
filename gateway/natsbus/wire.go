package natsbus

import "parley/engine"

// A signal travels under the subject PREFIX.TOPIC as
//
//	1 byte   version of this encoding, 1
//	1 byte   length of the brand, then the brand
//	1 byte   length of the key, then the key
//	the rest is Data, at most maxData bytes
//
// Local stays at home. What has another version, another form or a topic that does
// not reach everywhere is ignored, so that processes of different builds may share
// a bus.
const (
	version = 1
	maxName = 255 // bytes of a brand or a key
	maxData = 4 << 10
	maxWire = 3 + 2*maxName + maxData
)

// encode writes a signal; false for one that is too large.
func encode(s engine.Signal) ([]byte, bool) {
	if len(s.Brand) > maxName || len(s.Key) > maxName || len(s.Data) > maxData {
		return nil, false
	}
	out := make([]byte, 0, 3+len(s.Brand)+len(s.Key)+len(s.Data))
	out = append(out, version, byte(len(s.Brand)))
	out = append(out, s.Brand...)
	out = append(out, byte(len(s.Key)))
	out = append(out, s.Key...)
	return append(out, s.Data...), true
}

// decode reads what encode has written; false for anything else.
func decode(topic engine.Topic, raw []byte) (engine.Signal, bool) {
	s := engine.Signal{Topic: topic}
	if topic.Reach() != engine.Everywhere || len(raw) == 0 || raw[0] != version {
		return s, false
	}
	rest, ok := raw[1:], false
	if s.Brand, rest, ok = name(rest); !ok {
		return s, false
	}
	if s.Key, rest, ok = name(rest); !ok || len(rest) > maxData {
		return s, false
	}
	if len(rest) > 0 {
		s.Data = append([]byte(nil), rest...)
	}
	return s, true
}

// name cuts a name off.
func name(raw []byte) (string, []byte, bool) {
	if len(raw) == 0 || len(raw)-1 < int(raw[0]) {
		return "", nil, false
	}
	end := 1 + int(raw[0])
	return string(raw[1:end]), raw[end:], true
}
