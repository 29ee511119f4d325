package sandbox

import (
	"strings"
)

// reference is a matcher for Lua patterns written another way than the sandbox's: it parses the pattern first and then matches with
// continuations. It knows no budgets but gives up after so many steps.
type reference struct {
	text  string
	nodes []node
	steps int
}

type node struct {
	kind         byte // one of: c (characters), ( ) p (position) b (balance) f (frontier) 1 (back reference) $
	set          func(byte) bool
	repeat       byte // 0 * + - ?
	opens, close byte
	capture      int
}

type stretch struct{ from, to int } // to is -1 while open, -2 for a position

// parseReference returns nil for a pattern that is not well-formed.
func parseReference(pattern string) []node {
	nodes := []node{}
	var open []int
	captures := 0
	for i := 0; i < len(pattern); {
		switch c := pattern[i]; {
		case c == '(' && strings.HasPrefix(pattern[i+1:], ")"):
			nodes = append(nodes, node{kind: 'p'})
			captures++
			i += 2
		case c == '(':
			nodes = append(nodes, node{kind: '(', capture: captures})
			open = append(open, captures)
			captures++
			i++
		case c == ')':
			if len(open) == 0 {
				return nil
			}
			nodes = append(nodes, node{kind: ')', capture: open[len(open)-1]})
			open = open[:len(open)-1]
			i++
		case c == '$' && i == len(pattern)-1:
			nodes = append(nodes, node{kind: '$'})
			i++
		case c == '%' && strings.HasPrefix(pattern[i+1:], "b"):
			if i+3 >= len(pattern) {
				return nil
			}
			nodes = append(nodes, node{kind: 'b', opens: pattern[i+2], close: pattern[i+3]})
			i += 4
		case c == '%' && i+1 < len(pattern) && isDigit(pattern[i+1]):
			n := int(pattern[i+1]) - '1'
			for _, o := range open {
				if o == n {
					return nil
				}
			}
			if n < 0 || n >= captures {
				return nil
			}
			nodes = append(nodes, node{kind: '1', capture: n})
			i += 2
		case c == '%' && strings.HasPrefix(pattern[i+1:], "f"):
			set, next := parseItem(pattern, i+2)
			if set == nil || pattern[i+2] != '[' {
				return nil
			}
			nodes = append(nodes, node{kind: 'f', set: set})
			i = next
		default:
			set, next := parseItem(pattern, i)
			if set == nil {
				return nil
			}
			n := node{kind: 'c', set: set}
			if next < len(pattern) && strings.IndexByte("*+-?", pattern[next]) >= 0 {
				n.repeat = pattern[next]
				next++
			}
			nodes = append(nodes, n)
			i = next
		}
	}
	if len(open) > 0 || captures > maxCaptures {
		return nil
	}
	return nodes
}

// parseItem reads a single-character item.
func parseItem(pattern string, i int) (func(byte) bool, int) {
	if i >= len(pattern) {
		return nil, 0
	}
	switch c := pattern[i]; c {
	case '.':
		return func(byte) bool { return true }, i + 1
	case '%':
		if i+1 >= len(pattern) {
			return nil, 0
		}
		class := pattern[i+1]
		return func(c byte) bool { return inClass(c, class) }, i + 2
	case '[':
		i++
		negated := i < len(pattern) && pattern[i] == '^'
		if negated {
			i++
		}
		var members []func(byte) bool
		for first := true; ; first = false {
			if i >= len(pattern) {
				return nil, 0
			}
			c := pattern[i]
			switch {
			case c == ']' && !first:
				return func(c byte) bool {
					for _, member := range members {
						if member(c) {
							return !negated
						}
					}
					return negated
				}, i + 1
			case c == '%':
				if i+1 >= len(pattern) {
					return nil, 0
				}
				class := pattern[i+1]
				members = append(members, func(c byte) bool { return inClass(c, class) })
				i += 2
			case i+2 < len(pattern) && pattern[i+1] == '-' && pattern[i+2] != ']':
				low, high := c, pattern[i+2]
				members = append(members, func(c byte) bool { return low <= c && c <= high })
				i += 3
			default:
				members = append(members, func(x byte) bool { return x == c })
				i++
			}
		}
	default:
		return func(x byte) bool { return x == c }, i + 1
	}
}

// find returns the first match and its captures; ok is false when it gave up.
func (r *reference) find(anchored bool) (from, to int, captures []stretch, ok bool) {
	for from = 0; from <= len(r.text); from++ {
		to, captures := r.match(0, from, nil)
		if r.steps > 20_000 {
			return 0, 0, nil, false
		}
		if to >= 0 {
			return from, to, captures, true
		}
		if anchored {
			break
		}
	}
	return -1, -1, nil, true
}

func (r *reference) match(n, at int, captures []stretch) (int, []stretch) {
	if r.steps++; r.steps > 20_000 {
		return -1, nil
	}
	if n == len(r.nodes) {
		return at, captures
	}
	captures = append([]stretch(nil), captures...)
	switch d := r.nodes[n]; d.kind {
	case 'p':
		return r.match(n+1, at, append(captures, stretch{at, -2}))
	case '(':
		return r.match(n+1, at, append(captures, stretch{at, -1}))
	case ')':
		captures[d.capture].to = at
		return r.match(n+1, at, captures)
	case '$':
		if at == len(r.text) {
			return at, captures
		}
	case 'f':
		before, after := byte(0), byte(0)
		if at > 0 {
			before = r.text[at-1]
		}
		if at < len(r.text) {
			after = r.text[at]
		}
		if !d.set(before) && d.set(after) {
			return r.match(n+1, at, captures)
		}
	case '1':
		c := captures[d.capture]
		if c.to < 0 {
			r.steps = 1 << 30 // a reference to a position is an error
			return -1, nil
		}
		if strings.HasPrefix(r.text[at:], r.text[c.from:c.to]) {
			return r.match(n+1, at+c.to-c.from, captures)
		}
	case 'b':
		if at < len(r.text) && r.text[at] == d.opens {
			for i, depth := at+1, 1; i < len(r.text); i++ {
				if r.text[i] == d.close {
					if depth--; depth == 0 {
						return r.match(n+1, i+1, captures)
					}
				} else if r.text[i] == d.opens {
					depth++
				}
			}
		}
	case 'c':
		most := 0
		for at+most < len(r.text) && d.set(r.text[at+most]) {
			most++
		}
		low, high, up := 1, 1, false
		switch d.repeat {
		case '*':
			low, high = 0, most
		case '+':
			low, high = 1, most
		case '-':
			low, high, up = 0, most, true
		case '?':
			low, high = 0, 1
		}
		high = min(high, most)
		for i := range max(0, high-low+1) {
			count := high - i
			if up {
				count = low + i
			}
			if to, found := r.match(n+1, at+count, captures); to >= 0 {
				return to, found
			}
		}
	}
	return -1, nil
}
