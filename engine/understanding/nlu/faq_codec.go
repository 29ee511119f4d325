package nlu

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// faqMagic starts an encoded index; its number grows with the layout.
const faqMagic = "parley faq 1\n"

// faqVersion changes whenever the same questions would give another index.
const faqVersion = 3

// HashFAQ names the index that the questions give, before it is made.
func HashFAQ(questions []Question) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "faq %d, nlu %d\n", faqVersion, version)
	var size [8]byte
	put := func(s string) {
		binary.LittleEndian.PutUint64(size[:], uint64(len(s)))
		sum.Write(size[:])
		sum.Write([]byte(s))
	}
	for _, q := range questions {
		binary.LittleEndian.PutUint64(size[:], uint64(len(q.Phrasings)))
		sum.Write(size[:])
		for _, p := range q.Phrasings {
			put(p)
		}
		put(q.Answer)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Encode writes the index, to be kept by its questions' hash. The same index
// gives the same bytes.
func (x *FAQ) Encode() []byte {
	w := make(writer, 0, len(faqMagic)+4*len(x.postings)+32*len(x.idf)+1<<16)
	w = append(w, faqMagic...)
	w.number(faqVersion)
	w.number(x.questions)
	w.number(len(x.docs))
	last := int32(0)
	for _, d := range x.docs {
		w.number(int(d.question - last))
		last = d.question
		w.number(slices.Index(shares(), d.share))
	}
	w.texts(slices.Sorted(mapKeys(x.grams)))
	w.float64(x.unseen)
	w.float64(x.cut)
	for _, v := range x.idf {
		w.float64(v)
	}
	for g := range x.idf {
		w.number(int(x.starts[g+1] - x.starts[g]))
	}
	for _, p := range x.postings {
		w = binary.LittleEndian.AppendUint32(w, uint32(p))
	}
	known := slices.Sorted(mapKeys(x.repair.known))
	w.texts(known)
	for _, word := range known {
		w.number(x.repair.known[word])
	}
	var model []byte
	if x.model != nil {
		model = x.model.Encode()
	}
	w.text(string(model))
	sum := sha256.Sum256(w)
	return append(w, sum[:]...)
}

// shares are what a document's share can be.
func shares() []float64 { return []float64{0, answerShare, wholeShare} }

// DecodeFAQ reads what Encode wrote. The error is ErrDamaged.
func DecodeFAQ(data []byte) (*FAQ, error) {
	body := len(data) - sha256.Size
	if body < len(faqMagic) || !bytes.HasPrefix(data, []byte(faqMagic)) {
		return nil, ErrDamaged
	}
	if sum := sha256.Sum256(data[:body]); !bytes.Equal(sum[:], data[body:]) {
		return nil, ErrDamaged
	}
	return decodeFAQ(data[len(faqMagic):body])
}

func decodeFAQ(body []byte) (*FAQ, error) {
	r := &reader{rest: body}
	if r.number() != faqVersion {
		return nil, ErrDamaged
	}
	x := &FAQ{questions: r.number()}
	question := 0
	for range r.number() {
		question += r.number()
		share := r.number()
		if r.bad || question >= x.questions || share >= len(shares()) || len(x.docs) >= maxDocuments {
			return nil, ErrDamaged
		}
		x.docs = append(x.docs, document{int32(question), shares()[share]})
	}
	grams := r.texts()
	x.grams = make(map[string]int32, len(grams))
	for i, g := range grams {
		x.grams[g] = int32(i)
	}
	x.unseen, x.cut = r.float64(), r.float64()
	if 8*len(grams) > len(r.rest) {
		return nil, ErrDamaged
	}
	x.idf = make([]float64, len(grams))
	for i := range x.idf {
		x.idf[i] = r.float64()
	}
	x.starts = make([]int32, len(grams)+1)
	total := 0
	for i := range grams {
		if total += r.number(); total > len(body)/4 {
			return nil, ErrDamaged
		}
		x.starts[i+1] = int32(total)
	}
	raw := r.bytes(4 * total)
	if r.bad {
		return nil, ErrDamaged
	}
	x.postings = make([]posting, total)
	for i := range x.postings {
		x.postings[i] = posting(binary.LittleEndian.Uint32(raw[4*i:]))
		if int(x.postings[i]>>weightBits) >= len(x.docs) {
			return nil, ErrDamaged
		}
	}
	words := r.texts()
	known := make(map[string]int, len(words))
	for _, w := range words {
		known[strings.Clone(w)] = r.number()
	}
	model := r.text()
	if r.bad || len(r.rest) > 0 {
		return nil, ErrDamaged
	}
	x.repair = newSpeller(known)
	if model != "" {
		var err error
		if x.model, err = Decode([]byte(model), nil); err != nil || len(x.model.labels) != x.questions {
			return nil, ErrDamaged
		}
	}
	return x, nil
}
