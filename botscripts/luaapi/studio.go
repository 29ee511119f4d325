package luaapi

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// JSON is the list for the studio's completion and help: [{name, signature, …}],
// in the order of the pages.
func JSON(pages []Page) ([]byte, error) {
	type member struct {
		Page      string `json:"page"`
		Signature string `json:"signature"`
		Member
	}
	type document struct {
		Members []member `json:"members"`
		Types   []Type   `json:"types"`
	}
	var doc document
	for _, p := range pages {
		for _, m := range p.Members {
			doc.Members = append(doc.Members, member{Page: p.Title, Signature: m.Signature(), Member: m})
		}
		doc.Types = append(doc.Types, p.Types...)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(doc); err != nil {
		return nil, fmt.Errorf("luaapi: %w", err)
	}
	return b.Bytes(), nil
}
