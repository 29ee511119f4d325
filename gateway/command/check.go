package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"parley/botscripts/brandfolder"
	"parley/botscripts/check"
	"parley/engine"
	"parley/gateway/folder"
)

func checkCommand(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "check DIR", Short: "Compile and lint a brand folder", Args: oneArg("DIR"),
		Long: "Check reads a brand folder and reports every problem with its file and line. For a brand with SMS\n" +
			"it also tells which texts cost many segments, or more than they need; these are hints and no problems.\n" +
			"Exit status: 0 without problems, 1 with some, 2 when there is no such folder.",
		Example: "  parley check ./acme",
		RunE: func(_ *cobra.Command, args []string) error {
			b, err := readFolder(args[0], os.LookupEnv, p.Out)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.Out, "%s: %s, %s, %s, no problems.\n",
				b.Brand.Name, count(len(b.Channels), "channel"), count(len(b.Skills), "skill"), count(len(b.Bundle.Files), "file"))
			if slices.ContainsFunc(b.Channels, func(ch engine.Channel) bool { spec, _ := b.Kinds.Of(ch.Kind); return spec.Can(ch).Segments }) {
				folder.Lines(check.Costs(b.Bundle)).Print(p.Out)
			}
			return nil
		},
	}
}

// readFolder reads a brand folder, and tells its problems.
func readFolder(dir string, env func(string) (string, bool), out io.Writer) (brandfolder.Brand, error) {
	b, err := folder.Check(dir, env)
	var problems folder.Problems
	switch {
	case errors.As(err, &problems):
		problems.Print(out)
	case err != nil:
		err = fmt.Errorf("%w: %w", errUsage, err)
	}
	return b, err
}

// atMostOne takes one argument or none.
func atMostOne(name string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > 1 {
			return fmt.Errorf("%w: one %s is enough", errUsage, name)
		}
		return nil
	}
}

// oneArg wants exactly one argument and says which.
func oneArg(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return fmt.Errorf("%w: %s is missing", errUsage, name)
		}
		return atMostOne(name)(cmd, args)
	}
}
