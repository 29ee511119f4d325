package command

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"parley/botscripts/brandfolder"
	"parley/engine"
	"parley/engine/versions"
	"parley/gateway/folder"
)

func pullCommand(p Process) *cobra.Command {
	var version string
	var force bool
	cmd := &cobra.Command{
		Use: "pull DIR", Short: "Write a version of a brand out as a folder", Args: oneArg("DIR"),
		Long: "Pull writes the active version, or the one that --version names, into a new or empty folder.\n" +
			"With --force it makes a folder that is not empty equal to the version: files of the brand that\n" +
			"the version does not have are removed; all others stay as they are.",
		Example: "  parley pull ./acme\n  parley pull ./acme --version 3f2a9c1b --force",
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := args[0]
			empty, err := emptyFolder(dir)
			if err == nil && !empty && !force {
				err = fmt.Errorf("%w: the folder %s is not empty; --force writes over it", errUsage, dir)
			}
			if err != nil {
				return err
			}
			return onBrand(p, func(ctx context.Context, s shelf, brand string, _ []string) error {
				hash, err := s.Find(ctx, brand, version)
				if err != nil {
					return err
				}
				b, err := s.Bundle(ctx, brand, hash)
				if err != nil {
					return err
				}
				if err := writeOut(dir, b); err != nil {
					return fmt.Errorf("writing %s: %w", dir, err)
				}
				_, err = fmt.Fprintf(p.Out, "%s %s is in %s (%d files).\n", brand, versions.Short(hash), dir, len(b.Files))
				return err
			})(cmd, args)
		},
	}
	cmd.Flags().String("brand-id", "", "brand (needed when there is more than one)")
	cmd.Flags().StringVar(&version, "version", "active", "start of the version's hash, active or canary")
	addServer(cmd.Flags())
	cmd.Flags().BoolVar(&force, "force", false, "write into a folder that is not empty")
	return cmd
}

// writeOut makes the folder hold the version. Nothing outside of it is
// written, whatever links in it say.
func writeOut(dir string, b engine.Bundle) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	there, _ := folder.BrandReader(brandfolder.Assumed).Load(root.FS())
	for _, name := range slices.Sorted(maps.Keys(there.Bundle.Files)) {
		if _, ok := b.Files[name]; !ok {
			if err := root.Remove(name); err != nil {
				return err
			}
		}
	}
	for name := range b.Files {
		if !fs.ValidPath(name) || name == "." {
			return engine.Errorf(engine.Invalid, "the version has a file without a usable name: %q", name)
		}
	}
	return writeFiles(root, b.Files)
}
