package callcheck

import (
	"strings"

	"parley/botscripts/luaapi"
)

// shape is a type of the reference, taken apart.
type shape struct {
	any    bool
	words  []string // primitive types: string, number, boolean, table, function, nil
	values []string // the strings of an enumeration
	named  []string // tables with fields
	lists  []shape  // of items of these shapes
	maps   []shape  // from names to values of these shapes
}

// parse reads a type as the reference writes it: string|Choice[], table<string, any>, "a"|"b", fun(x: table): any;
// a ? at the end allows nil.
func (a API) parse(typ string) (s shape) {
	a.add(&s, typ)
	return s
}

func (a API) add(s *shape, typ string) {
	typ, optional := strings.CutSuffix(strings.TrimSpace(typ), "?")
	if optional {
		s.words = append(s.words, "nil")
	}
	for _, term := range alternatives(typ) {
		a.term(s, term)
	}
}

func (a API) term(s *shape, term string) {
	if inner, ok := strings.CutSuffix(term, "[]"); ok {
		s.lists = append(s.lists, a.parse(strings.TrimSuffix(strings.TrimPrefix(inner, "("), ")")))
		return
	}
	if inner, ok := strings.CutPrefix(term, "table<"); ok {
		_, value, _ := strings.Cut(strings.TrimSuffix(inner, ">"), ",")
		s.maps = append(s.maps, a.parse(value))
		return
	}
	switch {
	case strings.HasPrefix(term, `"`):
		s.values = append(s.values, strings.Trim(term, `"`))
	case strings.HasPrefix(term, "fun("):
		s.words = append(s.words, "function")
	case term == "any":
		s.any = true
	default:
		t, named := a.types[term]
		switch {
		case named && t.Alias != "":
			a.add(s, t.Alias)
		case named:
			s.named = append(s.named, term)
		default:
			s.words = append(s.words, term)
		}
	}
}

// alternatives splits a union at the bars that stand in no bracket.
func alternatives(typ string) (terms []string) {
	depth, start := 0, 0
	for i, r := range typ {
		switch r {
		case '(', '<':
			depth++
		case ')', '>':
			depth--
		case '|':
			if depth == 0 {
				terms, start = append(terms, strings.TrimSpace(typ[start:i])), i+1
			}
		}
	}
	return append(terms, strings.TrimSpace(typ[start:]))
}

// fields are a named table's, with those of the table that it extends.
func (a API) fields(name string) (all []luaapi.Value) {
	for t, ok := a.types[name]; ok; t, ok = a.types[t.Extends] {
		all = append(all, t.Fields...)
	}
	return all
}
