package command

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/botscripts/cookbook"
	"parley/botscripts/example"
	"parley/botscripts/luaapi"
)

func initCommand(p Process) *cobra.Command {
	var only bool
	var from string
	cmd := &cobra.Command{
		Use: "init DIR", Short: "Write a brand folder to start from", Args: oneArg("DIR"),
		Long: "Init writes a copy of the bundled example brand into a new or empty folder. Change it as you like.\n" +
			"--from takes one of the cookbook's folders instead:\n  " + wrapped(cookbook.Names(), 80) + "\n" +
			"It also writes " + luaapi.AnnotationDir + " and .luarc.json, from which editors with the Lua language server\n" +
			"complete and check scripts. With --annotations it writes only these, into a brand folder that exists;\n" +
			"a .luarc.json that is there stays as it is.",
		Example: "  parley init shop && parley check shop && parley chat shop\n  parley init --from restaurant-reservation trattoria\n  parley init --annotations shop",
		RunE: func(_ *cobra.Command, args []string) error {
			dir := args[0]
			if only {
				if from != "" {
					return fmt.Errorf("%w: --annotations and --from do not go together", errUsage)
				}
				return refreshAnnotations(p, dir)
			}
			empty, err := emptyFolder(dir)
			if err == nil && !empty {
				err = fmt.Errorf("%w: the folder %s is not empty", errUsage, dir)
			}
			if err != nil {
				return err
			}
			source := example.FS()
			if from != "" {
				if source, err = cookbook.FS(from); err != nil {
					return err
				}
			}
			if err = os.CopyFS(dir, source); err == nil {
				err = withoutAgents(dir)
			}
			if err != nil {
				return fmt.Errorf("writing %s: %w", dir, err)
			}
			if err := writeAnnotations(dir); err != nil {
				return err
			}
			fmt.Fprintf(p.Out, "The brand folder %s is ready. Next:\n  parley test %s\n  parley chat %s\n  parley serve --brand %s\n", dir, dir, dir, dir)
			return nil
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "folder of the cookbook to copy instead of the example")
	cmd.Flags().BoolVar(&only, "annotations", false, "write only the annotations for editors")
	return cmd
}

// withoutAgents takes the example's people out of a copy: a real brand's are
// made with "parley user", and the folder's would be ignored.
func withoutAgents(dir string) error {
	file := filepath.Join(dir, "brand.yaml")
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var kept []string
	agents := false
	for line := range strings.Lines(string(raw)) {
		switch {
		case strings.HasPrefix(line, "agents:"):
			agents = true
			for len(kept) > 0 && strings.HasPrefix(kept[len(kept)-1], "#") { // what is said about them
				kept = kept[:len(kept)-1]
			}
		case agents && (strings.HasPrefix(line, " ") || strings.TrimSpace(line) == ""):
		default:
			agents = false
			kept = append(kept, line)
		}
	}
	return os.WriteFile(file, []byte(strings.TrimRight(strings.Join(kept, ""), "\n")+"\n"), 0o644)
}

// wrapped lists names in lines of at most so many bytes, indented by two.
func wrapped(names []string, width int) string {
	line, out := 2, ""
	for i, name := range names {
		if i > 0 {
			if line+len(name)+3 > width {
				out, line = out+",\n  ", 2
			} else {
				out, line = out+", ", line+2
			}
		}
		out, line = out+name, line+len(name)
	}
	return out
}

func refreshAnnotations(p Process, dir string) error {
	if _, err := os.Stat(path.Join(dir, "brand.yaml")); err != nil {
		return fmt.Errorf("%w: %s is not a brand folder: it has no brand.yaml", errUsage, dir)
	}
	if err := writeAnnotations(dir); err != nil {
		return err
	}
	fmt.Fprintf(p.Out, "The annotations in %s are those of this parley.\n", path.Join(dir, luaapi.AnnotationDir))
	return nil
}

// writeAnnotations writes inside dir only, whatever links say, and keeps the
// author's own settings of the editor.
func writeAnnotations(dir string) error {
	pages, err := luaapi.Reference()
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("writing annotations: %w", err)
	}
	defer root.Close()
	files := luaapi.Annotations(pages)
	maps.DeleteFunc(files, func(name, _ string) bool {
		_, err := root.Lstat(name)
		return err == nil && path.Dir(name) == "."
	})
	if err := writeFiles(root, files); err != nil {
		return fmt.Errorf("writing annotations: %w", err)
	}
	return nil
}

// emptyFolder says whether a folder is empty, or not there yet.
func emptyFolder(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("%w: %s cannot be used: %w", errUsage, dir, err)
	}
	return len(entries) == 0, nil
}

// writeFiles writes files of a folder, in their order.
func writeFiles(root *os.Root, files map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
			return err
		}
		if err := root.WriteFile(name, []byte(files[name]), 0o644); err != nil {
			return err
		}
	}
	return nil
}
