package brandfolder

import "slices"

// key is one that a mapping may have, and what reads its value.
type key struct {
	name string
	read func(field)
}

// into reads a value and keeps it.
func into[T any](to *T, read func(node) T) func(field) {
	return func(f field) { *to = read(f.Node) }
}

// keys reads a mapping that may have these keys and no others. It gives those that it has.
func (r *reader) keys(n node, known ...key) []field {
	given := r.Fields(n)
	for _, f := range given {
		var names []string
		read := func(f field) { r.Unknown(f, names...) }
		for _, k := range known {
			if names = append(names, k.name); k.name == f.Key {
				read = k.read
			}
		}
		read(f)
	}
	return given
}

// lacks are those of the keys that are not there.
func lacks(given []field, keys ...string) []string {
	return slices.DeleteFunc(keys, func(key string) bool {
		return slices.ContainsFunc(given, func(f field) bool { return f.Key == key })
	})
}
