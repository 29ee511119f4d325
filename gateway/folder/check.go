package folder

import (
	"fmt"
	"io"
	"slices"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/connectors"
)

// Problems are everything wrong with a brand folder, one a line.
type Problems []string

func (p Problems) Error() string {
	if len(p) == 1 {
		return "the brand folder has a problem"
	}
	return fmt.Sprintf("the brand folder has %d problems", len(p))
}

// Lines are the problems of a reader or a compiler.
func Lines[P fmt.Stringer](found []P) (all Problems) {
	for _, p := range found {
		all = append(all, p.String())
	}
	return all
}

// Print writes the problems, one a line.
func (p Problems) Print(w io.Writer) {
	for _, line := range p {
		fmt.Fprintln(w, line)
	}
}

// BrandReader reads brands whose channels are of the kinds of this build. env
// tells which variables are set.
func BrandReader(env func(name string) (string, bool)) brandfolder.Reader {
	return brandfolder.Reader{Kinds: connectors.Kinds(), Env: env}
}

// Check reads a brand folder and checks it as far as it can be checked
// without running it. env tells which variables are set. The error is Problems,
// or that there is no such folder.
func Check(dir string, env func(name string) (string, bool)) (brandfolder.Brand, error) {
	b, problems, err := BrandReader(env).LoadDir(dir)
	if err != nil {
		return b, err
	}
	return b, checked(b, problems)
}

// checked adds to what the folder's reader found what compiling finds.
func checked(b brandfolder.Brand, problems []brandfolder.Problem) error {
	all := Lines(problems)
	for _, line := range Lines(botscripts.New(botscripts.Config{}).Check(b.Bundle)) {
		if !slices.Contains(all, line) { // both read the texts
			all = append(all, line)
		}
	}
	if len(all) > 0 {
		return all
	}
	return nil
}
