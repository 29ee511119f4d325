package command

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"parley/botscripts/brandfolder"
	"parley/botscripts/chattest"
	"parley/botscripts/kept"
	"parley/engine"
	"parley/engine/versions"
	"parley/engine/versions/diff"
	"parley/engine/versions/trial"
	"parley/gateway/folder"
	"parley/storage/memory"
)

// pushing is one call of push.
type pushing struct {
	Process
	shelf    shelf
	brand    brandfolder.Brand
	activate bool
	canary   int
	note     string
	tests    bool
	blast    string
	moved    string
	yes      bool
	lines    int
}

func pushCommand(p Process) *cobra.Command {
	o := pushing{Process: p}
	cmd := &cobra.Command{
		Use: "push DIR", Short: "Make a brand folder the brand's next version", Args: oneArg("DIR"),
		Long: "Push checks the folder and runs its tests, shows what differs from the active version, tries the new\n" +
			"one on every conversation that waits in a bot, and asks. Waiting conversations stay on the version that they\n" +
			"began with, unless --diverging says what happens to those that could not go on in the new one.\n" +
			"Exit status: 0 when it was done, 1 when the folder has problems, a test fails, or you said no.",
		Example: "  parley push ./acme --note \"new greeting\"\n  parley push ./acme --canary 10 --yes\n" +
			"  parley push ./acme --server https://chat.example.com",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd); err != nil {
				return err
			}
			env := os.LookupEnv
			if remote(cmd) { // a server knows its environment itself
				env = brandfolder.Assumed
			}
			b, err := readFolder(args[0], env, p.Out)
			if err != nil {
				return err
			}
			if err := consent(cmd, p, b); err != nil {
				return err
			}
			return withShelf(cmd, p, func(ctx context.Context, s shelf) error {
				o.shelf, o.brand = s, b
				return o.run(ctx)
			})
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&o.activate, "activate", true, "let new conversations run it; false only stores it")
	f.IntVar(&o.canary, "canary", 0, "try it on so many percent of new conversations instead")
	f.StringVar(&o.note, "note", "", "what is new, for the log")
	f.BoolVar(&o.tests, "tests", true, "run the folder's tests first")
	f.StringVar(&o.blast, "blast", "all", "waiting conversations to try it on: all, a number, or none")
	f.StringVar(&o.moved, "diverging", "stay", "what happens to those that would not go on: stay, restart or handover")
	f.IntVar(&o.lines, "lines", 60, "changed lines to show of a file; 0 shows all")
	f.BoolVar(&o.yes, "yes", false, "do not ask")
	addServer(f)
	return cmd
}

// consent decides about the variables that a folder names, before its version
// goes into the data folder. A server knows what it allows itself.
func consent(cmd *cobra.Command, p Process, b brandfolder.Brand) error {
	if remote(cmd) {
		return nil
	}
	_, v, err := openVault(cmd, p)
	if err != nil {
		return err
	}
	return folder.Consent(cmd.Context(), v, b, asker(p), p.Out)
}

func (o *pushing) check(cmd *cobra.Command) error {
	given := cmd.Flags().Changed("canary")
	choice := versions.Choice(o.moved)
	n, err := strconv.Atoi(o.blast)
	switch {
	case given && (o.canary < 1 || o.canary > 99):
		return engine.FieldError("--canary", "is not a number from 1 to 99")
	case o.blast != "all" && o.blast != "none" && (err != nil || n < 1):
		return engine.FieldError("--blast", "is none of all, a number and none")
	case choice != versions.Stay && choice != versions.Restart && choice != versions.HandOver:
		return engine.FieldError("--diverging", "is none of stay, restart and handover")
	case choice != versions.Stay && (o.blast == "none" || given || !o.activate):
		return engine.FieldError("--diverging", "needs --blast, and a version that becomes active")
	}
	return nil
}

func (o *pushing) run(ctx context.Context) error {
	b := o.brand.Bundle
	before, known, err := o.active(ctx)
	if err != nil {
		return err
	}
	d := diff.Between(before.Files, b.Files)
	o.print("%s %s: %s", o.brand.Brand.ID, versions.Short(b.Hash), d.Summary())
	if before.Hash != "" {
		o.print("compared with the active version %s", versions.Short(before.Hash))
	}
	if err := d.Print(o.Out, o.lines); err != nil {
		return err
	}
	if err := o.test(ctx); err != nil {
		return err
	}
	report, err := o.try(ctx, known)
	if err != nil {
		return err
	}
	if !o.sure() {
		return engine.Errorf(engine.Conflict, "nothing was changed")
	}
	by := versions.By{Note: o.note}
	fresh, err := o.shelf.Push(ctx, b, by)
	if err != nil {
		return err
	}
	if err := o.use(ctx, fresh, by); err != nil {
		return err
	}
	if o.moved == string(versions.Stay) {
		return nil
	}
	return o.move(ctx, report)
}

// test runs the folder's tests, if it has some.
func (o *pushing) test(ctx context.Context) error {
	if !o.tests || len(o.brand.Tests) == 0 {
		return nil
	}
	r, err := chattest.Suite{Brand: o.brand, Store: memory.New, Kept: kept.OfUser()}.Run(ctx)
	if err != nil {
		return err
	}
	for _, p := range r.Problems {
		o.print("%s", p)
	}
	for _, res := range r.Results {
		if res.Failure != nil {
			o.print("%s\n", res.Failure)
		}
	}
	if n := len(r.Problems) + r.Failed(); n > 0 {
		return fmt.Errorf("the tests have %s; --tests=false pushes all the same", count(n, "failure"))
	}
	o.print("%s passed.", count(len(r.Results), "test"))
	return nil
}

// active gives the version that new conversations run, and whether the brand exists.
func (o *pushing) active(ctx context.Context) (engine.Bundle, bool, error) {
	id := o.brand.Brand.ID
	hash, err := o.shelf.Find(ctx, id, "active")
	if engine.CodeOf(err) == engine.NotFound {
		return engine.Bundle{}, false, nil
	}
	if err != nil {
		return engine.Bundle{}, false, err
	}
	b, err := o.shelf.Bundle(ctx, id, hash)
	return b, true, err
}

// try replays the conversations that wait against the new version.
func (o *pushing) try(ctx context.Context, known bool) (trial.Report, error) {
	if o.blast == "none" || !known {
		return trial.Report{}, nil
	}
	t := trial.Options{}
	if o.blast != "all" {
		t.Sample, _ = strconv.Atoi(o.blast) // checked
	}
	if o.moved != string(versions.Stay) {
		t.Examples = 1 << 20
	}
	r, err := o.shelf.Blast(ctx, o.brand.Bundle, t)
	if err != nil {
		return r, err
	}
	if r.Waiting > r.Same {
		o.print("Conversations that wait: %s", r)
	}
	for _, g := range r.Groups {
		if g.Fate == trial.Continues {
			continue
		}
		o.print("  %d would not go on: %s", g.Sessions, printable(g.Message))
		for _, e := range g.Examples[:min(3, len(g.Examples))] {
			o.print("    conversation %s, on %s", e.Conversation, versions.Short(e.Version))
		}
	}
	return r, nil
}

// sure asks whether to go on.
func (o *pushing) sure() bool {
	if o.yes {
		return true
	}
	what := "Store it"
	switch {
	case o.canary > 0:
		what = fmt.Sprintf("Try it on %d %% of new conversations", o.canary)
	case o.activate:
		what = "Activate it"
	}
	return confirmed(o.Process, what+"?")
}

// use does with the stored version what the flags say.
func (o *pushing) use(ctx context.Context, fresh bool, by versions.By) error {
	id, hash := o.brand.Brand.ID, o.brand.Bundle.Hash
	switch {
	case o.canary > 0:
		return report(o.Out)(canary(ctx, o.shelf, id, hash, o.canary, by))
	case o.activate:
		return report(o.Out)(activate(ctx, o.shelf, id, hash, by))
	case fresh:
		o.print("%s is stored; parley versions activate %[1]s lets new conversations run it.", versions.Short(hash))
	default:
		o.print("%s is stored already.", versions.Short(hash))
	}
	return nil
}

// move does with the conversations that would not go on what --diverging says.
func (o *pushing) move(ctx context.Context, r trial.Report) error {
	var ids []string
	for _, g := range r.Groups {
		if g.Fate == trial.Continues {
			continue
		}
		for _, e := range g.Examples {
			ids = append(ids, e.Conversation)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return move(ctx, o.Out, o.shelf, o.brand.Brand.ID, versions.Choice(o.moved), ids, o.note)
}

func (o *pushing) print(format string, args ...any) { fmt.Fprintf(o.Out, format+"\n", args...) }

func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(strings.TrimRight(s, "\n"), "\n")
}
