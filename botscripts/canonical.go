package botscripts

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"parley/engine"
)

// fields are the arguments of a host call. encoding/json writes maps with
// sorted keys, which makes the encoding canonical.
type fields map[string]any

// argsKept is how much of a call's arguments the journal keeps for people.
const argsKept = 4 << 10

// canonical encodes args and gives their hex SHA-256. It never fails, as args
// hold only strings, finite numbers, booleans, maps and slices.
func canonical(args fields) ([]byte, string) {
	encoded := encode(args)
	sum := sha256.Sum256(encoded)
	return encoded, hex.EncodeToString(sum[:])
}

// encode writes compact JSON without HTML escapes.
func encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // a value that no host call may build: becomes an internal fault
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// cut shortens b to at most n bytes at a rune boundary.
func cut(b []byte, n int) []byte {
	if len(b) <= n {
		return b
	}
	for n > 0 && !utf8.RuneStart(b[n]) {
		n--
	}
	return b[:n]
}

// contentFields is a content as canonical arguments. It is built by hand so
// that the order of the struct's fields can never change a hash.
func contentFields(c engine.Content) fields {
	f := fields{}
	if c.Text != "" {
		f["text"] = c.Text
	}
	if len(c.Media) > 0 {
		media := make([]any, len(c.Media))
		for i, m := range c.Media {
			media[i] = fields{"kind": m.Kind, "url": m.URL, "mime": m.MIME, "name": m.Name}
		}
		f["media"] = media
	}
	if l := c.Location; l != nil {
		f["location"] = fields{"lat": l.Lat, "lon": l.Lon, "name": l.Name, "address": l.Address}
	}
	if len(c.Cards) > 0 {
		cards := make([]any, len(c.Cards))
		for i, card := range c.Cards {
			links := make([]any, len(card.Links))
			for j, link := range card.Links {
				links[j] = fields{"label": link.Label, "url": link.URL}
			}
			cards[i] = fields{"title": card.Title, "subtitle": card.Subtitle, "image": card.Image, "links": links}
		}
		f["cards"] = cards
	}
	if len(c.Choices) > 0 {
		choices := make([]any, len(c.Choices))
		for i, choice := range c.Choices {
			choices[i] = fields{"id": choice.ID, "label": choice.Label}
		}
		f["choices"] = choices
	}
	return f
}

// number writes a Lua number the way Lua does.
func number(n float64) string {
	if n == float64(int64(n)) {
		return strconv.FormatInt(int64(n), 10)
	}
	return strconv.FormatFloat(n, 'g', 14, 64)
}

func position(file string, line int) string {
	if line <= 0 {
		return file
	}
	return file + ":" + strconv.Itoa(line)
}
