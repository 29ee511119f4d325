package nlu

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"slices"
)

// magic starts an encoded model; its number grows with the layout.
const magic = "parley nlu 1\n"

// ErrDamaged says that bytes are no model, or one of another version.
var ErrDamaged = errors.New("nlu: these bytes are no model of this version")

// Encode writes the model, to be kept by its hash. The same model gives the same
// bytes. An Encoder is not part of them.
func (m *Model) Encode() []byte {
	w := writer(magic)
	w.number(version)
	w.text(m.hash)
	w.float64(m.cut)
	w.texts(m.labels)
	for _, index := range [...]map[string]int32{m.vocab.words, m.vocab.grams} {
		w.texts(slices.Sorted(mapKeys(index)))
	}
	known := slices.Sorted(mapKeys(m.vocab.known))
	w.texts(known)
	for _, word := range known {
		w.number(m.vocab.known[word])
	}
	w.floats(m.vocab.idf)
	w.float64(m.vocab.unseen)
	name := ""
	if m.vocab.encoder != nil {
		name = m.vocab.encoder.Name()
	}
	w.text(name)
	w.floats(m.scales)
	w.number(len(m.rows))
	for _, v := range m.rows {
		w = append(w, byte(v))
	}
	for _, list := range [...][]float32{m.held.right, m.held.wrong, m.held.outside} {
		w.floats(list)
	}
	sum := sha256.Sum256(w)
	return append(w, sum[:]...)
}

// Decode reads what Encode wrote. The encoder is the one that the model was
// trained with, nil for none. The error is ErrDamaged.
func Decode(data []byte, encoder Encoder) (*Model, error) {
	body := len(data) - sha256.Size
	if body < len(magic) || !bytes.HasPrefix(data, []byte(magic)) {
		return nil, ErrDamaged
	}
	if sum := sha256.Sum256(data[:body]); !bytes.Equal(sum[:], data[body:]) {
		return nil, ErrDamaged
	}
	return decode(data[len(magic):body], encoder)
}

func decode(body []byte, encoder Encoder) (*Model, error) {
	r := &reader{rest: body}
	m := &Model{vocab: &vocabulary{known: map[string]int{}, encoder: encoder}}
	if r.number() != version {
		return nil, ErrDamaged
	}
	m.hash = r.text()
	m.cut = r.float64()
	m.labels = r.texts()
	next := int32(0)
	index := func() map[string]int32 {
		keys := r.texts()
		to := make(map[string]int32, len(keys))
		for _, key := range keys {
			to[key] = next
			next++
		}
		return to
	}
	m.vocab.words, m.vocab.grams = index(), index()
	for _, word := range r.texts() {
		m.vocab.known[word] = 0
	}
	for _, word := range slices.Sorted(mapKeys(m.vocab.known)) {
		m.vocab.known[word] = r.number()
	}
	m.vocab.idf = r.floats()
	m.vocab.unseen = r.float64()
	name, wanted := r.text(), ""
	if encoder != nil {
		wanted = encoder.Name()
	}
	m.scales = r.floats()
	for _, b := range r.bytes(r.number()) {
		m.rows = append(m.rows, int8(b))
	}
	m.held = heldOut{r.floats(), r.floats(), r.floats()}
	if r.bad || len(r.rest) > 0 || name != wanted || len(m.labels) < 2 || hexLength(m.hash) != sha256.Size ||
		len(m.vocab.idf) != int(next) || len(m.scales) != m.vocab.size()+1 || len(m.rows) != len(m.scales)*len(m.labels) ||
		(len(m.held.right) == 0) != (len(m.held.outside) == 0) {
		return nil, ErrDamaged
	}
	m.repair = newSpeller(m.vocab.known)
	return m, nil
}

func hexLength(s string) int {
	b, _ := hex.DecodeString(s)
	return len(b)
}

// writer appends numbers as varints, floats as little-endian bits and texts and
// lists after their length.
type writer []byte

func (w *writer) number(n int)      { *w = binary.AppendUvarint(*w, uint64(n)) }
func (w *writer) float64(f float64) { *w = binary.LittleEndian.AppendUint64(*w, math.Float64bits(f)) }

func (w *writer) text(s string) {
	w.number(len(s))
	*w = append(*w, s...)
}

func (w *writer) texts(list []string) {
	w.number(len(list))
	for _, s := range list {
		w.text(s)
	}
}

func (w *writer) floats(list []float32) {
	w.number(len(list))
	for _, f := range list {
		*w = binary.LittleEndian.AppendUint32(*w, math.Float32bits(f))
	}
}

// reader reads what a writer wrote. After a fault it is bad and gives zeros; it
// never makes more than the bytes that it was given can hold.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) number() int {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 || n > math.MaxInt32 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return int(n)
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.rest) {
		r.bad, r.rest = true, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) finite(f float64) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		r.bad = true
		return 0
	}
	return f
}

func (r *reader) float64() float64 {
	b := r.bytes(8)
	if b == nil {
		return 0
	}
	return r.finite(math.Float64frombits(binary.LittleEndian.Uint64(b)))
}

func (r *reader) text() string { return string(r.bytes(r.number())) }

// texts are ascending.
func (r *reader) texts() []string {
	var out []string
	for range r.number() {
		s := r.text()
		if r.bad || len(out) > 0 && s <= out[len(out)-1] {
			r.bad, r.rest = true, nil
			return nil
		}
		out = append(out, s)
	}
	return out
}

func (r *reader) floats() []float32 {
	b := r.bytes(4 * r.number())
	var out []float32
	for ; len(b) >= 4; b = b[4:] {
		out = append(out, float32(r.finite(float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))))
	}
	return out
}
