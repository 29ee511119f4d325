package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"parley/botscripts/example"
)

func initCommand(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "init DIR", Short: "Write a brand folder to start from", Args: oneArg("DIR"),
		Long:    "Init writes a copy of the bundled example brand into a new or empty folder. Change it as you like.",
		Example: "  parley init shop && parley check shop && parley chat shop",
		RunE: func(_ *cobra.Command, args []string) error {
			dir := args[0]
			entries, err := os.ReadDir(dir)
			switch {
			case err == nil && len(entries) > 0:
				return fmt.Errorf("%w: the folder %s is not empty", errUsage, dir)
			case err != nil && !errors.Is(err, fs.ErrNotExist):
				return fmt.Errorf("%w: %s cannot be used: %w", errUsage, dir, err)
			}
			if err := os.CopyFS(dir, example.FS()); err != nil {
				return fmt.Errorf("writing %s: %w", dir, err)
			}
			fmt.Fprintf(p.Out, "The brand folder %s is ready. Next:\n  parley chat %s\n  parley serve --brand %s\n", dir, dir, dir)
			return nil
		},
	}
}
