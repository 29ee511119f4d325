package secrets

import (
	"fmt"
	"io"
	"strings"

	"parley/engine"
)

// Print writes references for people, one a line.
func Print(out io.Writer, refs []engine.Reference) {
	for _, r := range refs {
		to := ""
		if len(r.Hosts) > 0 {
			to = ", sent to " + strings.Join(r.Hosts, ", ")
		}
		fmt.Fprintf(out, "  %s as %s%s\n", r.Variable, r.Field, to)
	}
}
