package command

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"parley/engine"
	"parley/engine/versions"
)

// listed bounds what the lists of versions and faults show.
const listed = 50

func versionsCommand(p Process) *cobra.Command {
	var days int
	cmd := &cobra.Command{
		Use: "versions", Short: "List, activate and roll back a brand's versions",
		Long: "Without a command it lists the versions with what became of their conversations: waiting in a\n" +
			"session, contained (closed, and no person had it), handed over, failed.\n" +
			"MODEL names what its intents are trained from, – without any: versions with the same one understand alike.\n" +
			"VERSION is the start of a hash, at least 6 characters, or the word active or canary.",
		Args: noArgs,
		RunE: onBrand(p, func(ctx context.Context, s shelf, brand string, _ []string) error {
			o, err := s.Overview(ctx, brand, daysAgo(days), listed)
			if err != nil {
				return err
			}
			return printVersions(p.Out, o)
		}),
	}
	cmd.PersistentFlags().String("brand-id", "", "brand (needed when there is more than one)")
	addServer(cmd.PersistentFlags())
	cmd.Flags().IntVar(&days, "days", 30, "count the sessions begun in so many days")
	cmd.AddCommand(versionsLog(p), versionsActivate(p), versionsRollBack(p), versionsCanary(p), versionsStop(p), versionsRelease(p), versionsMove(p))
	return cmd
}

func daysAgo(n int) time.Time { return time.Now().AddDate(0, 0, -max(n, 0)) }

func printVersions(w io.Writer, o versions.Overview) error {
	t := newTable(w, "VERSION\tMODEL\tPUSHED\tCONVERSATIONS\tWAITING\tCONTAINED\tHANDED OVER\tFAILED\t")
	for _, l := range o.Versions {
		n := l.Total()
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%s\t%s\t%s\t%s\n", versions.Short(l.Hash), modelOf(l), stamp(l.CreatedAt),
			n.Conversations, n.Waiting, of(n.Contained, n.Conversations), of(n.HandedOver, n.Conversations), of(n.Failed, n.Conversations), stateOf(l))
	}
	return t.Flush()
}

// modelOf is the model of a version's intents: the same one where they are the same.
func modelOf(l versions.Listed) string { return cmp.Or(versions.Short(l.Model), "–") }

func stateOf(l versions.Listed) string {
	switch {
	case l.Active:
		return "active"
	case l.Share > 0:
		return fmt.Sprintf("canary, %d %%", l.Share)
	case l.Held != "":
		return "held: " + printable(l.Held)
	}
	return ""
}

// of is a number with its share of all: "12 (40 %)".
func of(n, all int) string {
	if n == 0 || all == 0 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d (%d %%)", n, (100*n+all/2)/all)
}

func stamp(t time.Time) string { return t.Format("2006-01-02 15:04") }

// printable keeps what people wrote on one line and from steering the terminal.
func unprintable(r rune) bool { return !unicode.IsPrint(r) }

func printable(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		if unprintable(r) {
			return '�'
		}
		return r
	}, s)), " ")
}

func versionsLog(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "log", Short: "Tell what was done with the versions, the latest first", Args: noArgs,
		RunE: onBrand(p, func(ctx context.Context, s shelf, brand string, _ []string) error {
			o, err := s.Overview(ctx, brand, time.Now(), listed)
			if err != nil {
				return err
			}
			t := newTable(p.Out, "WHEN\tVERSION\tWHAT\tWHO\tNOTE")
			for _, r := range o.History {
				what := strings.ReplaceAll(string(r.Kind), "_", " ")
				if r.Share > 0 {
					what += fmt.Sprintf(" %d %%", r.Share)
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", stamp(r.At), versions.Short(r.Version), what, printable(r.Actor), printable(r.Note))
			}
			return t.Flush()
		}),
	}
}

// act makes a command that does something with one version.
func act(p Process, use, short string, do func(ctx context.Context, s shelf, brand, hash string, by versions.By) (string, error)) *cobra.Command {
	var note string
	cmd := &cobra.Command{
		Use: use, Short: short, Args: oneArg("VERSION"),
		RunE: onBrand(p, func(ctx context.Context, s shelf, brand string, args []string) error {
			hash, err := s.Find(ctx, brand, args[0])
			if err != nil {
				return err
			}
			return report(p.Out)(do(ctx, s, brand, hash, versions.By{Note: note}))
		}),
	}
	cmd.Flags().StringVar(&note, "note", "", "why, for the log")
	return cmd
}

// report prints what was done.
func report(w io.Writer) func(string, error) error {
	return func(said string, err error) error {
		if err == nil {
			_, err = fmt.Fprintln(w, said)
		}
		return err
	}
}

func versionsActivate(p Process) *cobra.Command {
	return act(p, "activate VERSION", "Let new conversations run a version, with its settings", activate)
}

func activate(ctx context.Context, s shelf, brand, hash string, by versions.By) (string, error) {
	changed, err := s.Activate(ctx, brand, hash, by)
	if !changed {
		return fmt.Sprintf("%s runs %s already.", brand, versions.Short(hash)), err
	}
	return fmt.Sprintf("New conversations of %s run %s.", brand, versions.Short(hash)), err
}

func versionsRelease(p Process) *cobra.Command {
	return act(p, "release VERSION", "Allow a held version again, without activating it",
		func(ctx context.Context, s shelf, brand, hash string, by versions.By) (string, error) {
			return fmt.Sprintf("%s may be used again.", versions.Short(hash)), s.Release(ctx, brand, hash, by)
		})
}

func versionsCanary(p Process) *cobra.Command {
	var share int
	cmd := act(p, "canary VERSION", "Try a version on a share of new conversations",
		func(ctx context.Context, s shelf, brand, hash string, by versions.By) (string, error) {
			return canary(ctx, s, brand, hash, share, by)
		})
	cmd.Flags().IntVar(&share, "share", 10, "percent of new conversations, 1 to 99")
	return cmd
}

func canary(ctx context.Context, s shelf, brand, hash string, share int, by versions.By) (string, error) {
	return fmt.Sprintf("%d %% of new conversations of %s run %s.", share, brand, versions.Short(hash)), s.Canary(ctx, brand, hash, share, by)
}

func versionsRollBack(p Process) *cobra.Command {
	var note string
	cmd := &cobra.Command{
		Use: "rollback", Short: "Go back to the last good version", Args: noArgs,
		Long: "Rollback activates the last version before the active one that is not held, and holds the active\n" +
			"one: it does not become active again by itself, also not by serve --brand.",
		RunE: onBrand(p, func(ctx context.Context, s shelf, brand string, _ []string) error {
			back, err := s.RollBack(ctx, brand, versions.By{Note: note})
			return report(p.Out)(fmt.Sprintf("New conversations of %s run %s again.", brand, versions.Short(back)), err)
		}),
	}
	cmd.Flags().StringVar(&note, "note", "", "why, for the log")
	return cmd
}

func versionsStop(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "stop", Short: "End the canary", Args: noArgs,
		RunE: onBrand(p, func(ctx context.Context, s shelf, brand string, _ []string) error {
			return report(p.Out)("All new conversations of "+brand+" run the active version.", s.StopCanary(ctx, brand, versions.By{}))
		}),
	}
}

func versionsMove(p Process) *cobra.Command {
	var note string
	cmd := &cobra.Command{
		Use: "move restart|handover CONVERSATION…", Short: "Take waiting conversations off an older version",
		Long: "Conversations stay on the version that they began with. Move begins a new session with what the\n" +
			"consumer wrote last (restart), or gives the conversation to a person (handover).",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 || args[0] != string(versions.Restart) && args[0] != string(versions.HandOver) {
				return fmt.Errorf("%w: restart or handover, and conversations, are missing", errUsage)
			}
			return nil
		},
		RunE: onBrand(p, func(ctx context.Context, s shelf, brand string, args []string) error {
			return move(ctx, p.Out, s, brand, versions.Choice(args[0]), args[1:], note)
		}),
	}
	cmd.Flags().StringVar(&note, "note", "", "why, for the agent")
	return cmd
}

// move carries out one choice for many conversations. One that cannot be moved
// any more does not keep the others from it.
func move(ctx context.Context, w io.Writer, s shelf, brand string, choice versions.Choice, conversations []string, note string) error {
	done := 0
	for _, id := range conversations {
		_, err := s.Move(ctx, brand, id, choice, 0, versions.By{Note: note})
		switch engine.CodeOf(err) {
		case "":
			done++
		case engine.Conflict, engine.NotFound:
			fmt.Fprintf(w, "%s: %s\n", printable(id), engine.MessageOf(err))
		default:
			return err
		}
	}
	what := "begin anew"
	if choice == versions.HandOver {
		what = "wait for a person"
	}
	if _, err := fmt.Fprintf(w, "%d of %d conversations %s.\n", done, len(conversations), what); err != nil {
		return err
	}
	if done < len(conversations) {
		return engine.Errorf(engine.Conflict, "not all conversations could be moved")
	}
	return nil
}
