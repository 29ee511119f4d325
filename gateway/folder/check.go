package folder

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/connectors"
	"parley/engine"
)

// Problems are everything wrong with a brand folder, one a line.
type Problems []string

func (p Problems) Error() string {
	if len(p) == 1 {
		return "the brand folder has a problem"
	}
	return fmt.Sprintf("the brand folder has %d problems", len(p))
}

// Print writes the problems, one a line.
func (p Problems) Print(w io.Writer) {
	for _, line := range p {
		fmt.Fprintln(w, line)
	}
}

// Check reads a brand folder and checks it as far as it can be checked
// without running it. The error is Problems, or that there is no such folder.
func Check(dir string) (brandfolder.Brand, error) {
	b, problems, err := brandfolder.LoadDir(dir, os.LookupEnv)
	if err != nil {
		return b, err
	}
	return b, checked(b, b.Channels, problems)
}

// checked adds to what the folder's reader found what compiling finds and what
// the connectors say of the channels, filled or not.
func checked(b brandfolder.Brand, channels []engine.Channel, problems []brandfolder.Problem) error {
	var all Problems
	for _, p := range problems {
		all = append(all, p.String())
	}
	for _, p := range botscripts.New(botscripts.Config{}).Check(b.Bundle) {
		if line := p.String(); !slices.Contains(all, line) { // both read the texts
			all = append(all, line)
		}
	}
	kinds := connectors.Builtin(connectors.Config{HTTP: &http.Client{}}) // only looked at: nothing is sent
	for _, ch := range channels {
		for _, con := range kinds {
			checker, ok := con.(engine.ChannelChecker)
			if con.Kind() != ch.Kind || !ok {
				continue
			}
			if err := checker.CheckChannel(ch); err != nil {
				all = append(all, fmt.Sprintf("brand.yaml: channel %s: %s", ch.ID, wordsOf(err)))
			}
		}
	}
	if len(all) > 0 {
		return all
	}
	return nil
}

func wordsOf(err error) string {
	var e *engine.Error
	if errors.As(err, &e) && e.Field != "" {
		return e.Field + " " + e.Message
	}
	return engine.MessageOf(err)
}
