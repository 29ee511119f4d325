package command

import (
	"errors"
	"io"

	"github.com/spf13/pflag"
)

// Parse says whether a command line is one that Run would begin: its command,
// flags and number of arguments.
func Parse(args []string) error {
	root := rootCommand(Process{Out: io.Discard, Err: io.Discard})
	root.InitDefaultHelpCmd()
	cmd, rest, err := root.Find(args)
	if err != nil {
		return err
	}
	if err := cmd.ParseFlags(rest); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return nil
		}
		return err
	}
	return cmd.ValidateArgs(cmd.Flags().Args())
}
