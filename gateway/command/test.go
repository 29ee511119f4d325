package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"parley/botscripts/brandfolder"
	"parley/botscripts/chattest"
	"parley/botscripts/kept"
	"parley/gateway/folder"
	"parley/storage/memory"
)

// testRun is one use of "parley test".
type testRun struct {
	p     Process
	dir   string
	match *regexp.Regexp
	cover bool
	junit string
	watch bool
}

func testCommand(p Process) *cobra.Command {
	t := testRun{p: p, dir: "."}
	var run string
	cmd := &cobra.Command{
		Use: "test [DIR]", Short: "Run the tests of a brand folder",
		Long: "Test plays the conversations of DIR/tests/*.chat (of the present folder without DIR) against\n" +
			"the bots, in memory, with a clock of their own: nothing is sent, and no outside call is made.\n" +
			"Exit status: 0 when all pass, 1 when one fails, 2 when the folder cannot be used.",
		Example: "  parley test ./acme --cover\n  parley test ./acme --run refund --watch",
		Args:    atMostOne("DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				t.dir = args[0]
			}
			if run != "" {
				var err error
				if t.match, err = regexp.Compile(run); err != nil {
					return fmt.Errorf("%w: --run is no regular expression: %w", errUsage, err)
				}
			}
			if t.watch {
				return t.again(cmd.Context())
			}
			return t.once(cmd.Context())
		},
	}
	cmd.Flags().BoolVar(&t.watch, "watch", false, "run again at each change, until interrupted")
	cmd.Flags().BoolVar(&t.cover, "cover", false, "show which lines of the scripts ran")
	cmd.Flags().StringVar(&t.junit, "junit", "", "write the results as JUnit XML to `FILE`")
	cmd.Flags().StringVar(&run, "run", "", "only tests whose \"file: title\" this regular expression fits")
	return cmd
}

// once runs the tests. Its error says how they came out.
func (t testRun) once(ctx context.Context) error {
	b, err := t.brand()
	if err != nil {
		return err
	}
	suite := chattest.Suite{Brand: b, Store: memory.New, Match: t.match, Cover: t.cover, Progress: t.progress(), Kept: kept.OfUser(), Note: t.note}
	r, err := suite.Run(ctx)
	if err != nil {
		return err
	}
	if t.junit != "" {
		if err := t.write(b, r); err != nil {
			return err
		}
	}
	if len(r.Problems) > 0 {
		for _, p := range r.Problems {
			fmt.Fprintln(t.p.Out, p)
		}
		return fmt.Errorf("%w: the tests have %s", errUsage, count(len(r.Problems), "problem"))
	}
	for _, res := range r.Results {
		if res.Failure != nil {
			fmt.Fprintf(t.p.Out, "%s\n\n", res.Failure)
		}
	}
	t.covered(r)
	switch n := len(r.Results); {
	case n == 0 && t.match != nil:
		return fmt.Errorf("%w: --run fits none of the tests", errUsage)
	case n == 0:
		return fmt.Errorf("%w: there are no tests in %s", errUsage, filepath.Join(t.dir, "tests"))
	case r.Failed() > 0:
		return fmt.Errorf("%d of %s failed", r.Failed(), count(n, "test"))
	default:
		fmt.Fprintf(t.p.Out, "%s passed in %.1f s.\n", count(n, "test"), r.Took.Seconds())
	}
	return nil
}

// brand reads the folder. Tests need no secrets: a variable that is not set has
// some value.
func (t testRun) brand() (brandfolder.Brand, error) {
	root, err := os.OpenRoot(t.dir)
	if err != nil {
		return brandfolder.Brand{}, fmt.Errorf("%w: the brand folder %s cannot be opened", errUsage, t.dir)
	}
	defer root.Close()
	if _, err := root.Stat("brand.yaml"); err != nil {
		return brandfolder.Brand{}, fmt.Errorf("%w: there is no brand.yaml in %s; name the folder of a brand, or make one: parley init DIR", errUsage, t.dir)
	}
	b, found := folder.BrandReader(func(name string) (string, bool) {
		if v, ok := os.LookupEnv(name); ok && v != "" {
			return v, true
		}
		return "test", true
	}).Load(root.FS())
	problems := append(folder.Lines(found), folder.Lines(chattest.NewRuntime(nil).Check(b.Bundle))...)
	if len(problems) > 0 {
		problems.Print(t.p.Out)
		return b, fmt.Errorf("%w: %s", errUsage, problems)
	}
	return b, nil
}

// note tells of work that takes a while.
func (t testRun) note(text string) { fmt.Fprintln(t.p.Err, text) }

// progress tells every two seconds how far a long run is.
func (t testRun) progress() func(done, total int, r chattest.Result) {
	last := time.Now()
	failed := 0
	return func(done, total int, r chattest.Result) {
		if r.Failure != nil {
			failed++
		}
		if now := time.Now(); now.Sub(last) >= 2*time.Second {
			last = now
			fmt.Fprintf(t.p.Err, "%d of %d tests, %d failed\n", done, total, failed)
		}
	}
}

func (t testRun) covered(r chattest.Report) {
	if len(r.Cover) == 0 {
		return
	}
	width := 0
	for _, f := range r.Cover {
		width = max(width, len(f.File))
	}
	for _, f := range append(r.Cover, chattest.Total(r.Cover)) {
		missed := f.Ranges()
		if missed != "" {
			missed = "  not " + missed
		}
		fmt.Fprintf(t.p.Out, "%-*s %5.1f %% of %d lines%s\n", width, f.File, f.Percent(), f.Lines, missed)
	}
}

func (t testRun) write(b brandfolder.Brand, r chattest.Report) (err error) {
	file, err := os.Create(t.junit)
	if err != nil {
		return fmt.Errorf("%w: --junit: %w", errUsage, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return chattest.JUnit(file, b.Brand.Name, r)
}

// again runs the tests at each change of the folder.
func (t testRun) again(ctx context.Context) error {
	const every = 200 * time.Millisecond
	look := time.NewTicker(every)
	defer look.Stop()
	for ran, before := "", folder.Fingerprint(t.dir); ; {
		now := folder.Fingerprint(t.dir)
		if now == before && now != ran { // two looks saw the same: the editor has finished
			err := t.once(ctx)
			switch {
			case ctx.Err() != nil:
				return nil
			case err != nil:
				fmt.Fprintln(t.p.Out, oneLine(err))
			}
			ran = now
			fmt.Fprintf(t.p.Out, "Waiting for changes in %s …\n", t.dir)
		}
		before = now
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
	}
}

// count says "1 test" or "3 tests".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
