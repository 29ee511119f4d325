package botscripts

import "parley/engine"

// Lines gives the lines of each script of a bundle that Config.Trace may be
// told, in order. The error says that the bundle does not compile.
func (r *Runtime) Lines(b engine.Bundle) (map[string][]int, error) {
	c, err := r.compiled(b.Hash, func() (engine.Bundle, error) { return b, nil })
	if err != nil {
		return nil, err
	}
	lines := map[string][]int{}
	for path, chunk := range c.Chunks {
		lines[path] = chunk.Lines()
	}
	return lines, nil
}
