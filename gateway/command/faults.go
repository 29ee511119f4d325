package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"parley/engine"
	"parley/engine/versions"
)

func faultsCommand(p Process) *cobra.Command {
	var days int
	cmd := &cobra.Command{
		Use: "faults", Short: "List where bots failed, the latest first",
		Long: "Faults of one version with the same message at the same line are one entry, however many\n" +
			"conversations met it. Numbers and quoted parts of messages do not tell faults apart.",
		Args: noArgs,
		RunE: onBrand(p, func(ctx context.Context, s shelf, brand string, _ []string) error {
			list, err := s.Faults(ctx, brand, daysAgo(days), listed)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				_, err := fmt.Fprintf(p.Out, "No bot of %s failed in %d days.\n", brand, days)
				return err
			}
			t := newTable(p.Out, "ID\tLAST\tCONVERSATIONS\tTIMES\tVERSION\tWHERE\tWHAT")
			for _, g := range list {
				fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%s\t%s\t%s: %s\n", g.ID, stamp(g.Last), g.Conversations, g.Count,
					versions.Short(g.Fault.Version), where(g.Fault), g.Fault.Kind, printable(g.Fault.Message))
			}
			return t.Flush()
		}),
	}
	cmd.PersistentFlags().String("brand-id", "", "brand (needed when there is more than one)")
	addServer(cmd.PersistentFlags())
	cmd.Flags().IntVar(&days, "days", 30, "those seen in so many days")
	cmd.AddCommand(faultsShow(p))
	return cmd
}

// where is the place of a fault, "-" when it has none.
func where(f engine.Fault) string {
	switch {
	case f.File == "":
		return "-"
	case f.Line == 0:
		return f.File
	}
	return fmt.Sprintf("%s:%d", f.File, f.Line)
}

func faultsShow(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show one fault, its traceback and the conversations that met it", Args: oneArg("ID"),
		RunE: onBrand(p, func(ctx context.Context, s shelf, brand string, args []string) error {
			g, conversations, err := s.Fault(ctx, brand, args[0], listed)
			if engine.CodeOf(err) == engine.NotFound {
				return engine.Errorf(engine.NotFound, "There is no fault %q.", args[0])
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(p.Out, "%s: %s\n  at %s, bot %s, version %s\n  %d times in %d conversations, from %s to %s\n",
				g.Fault.Kind, printable(g.Fault.Message), where(g.Fault), g.Fault.Bot, versions.Short(g.Fault.Version),
				g.Count, g.Conversations, stamp(g.First), stamp(g.Last))
			for _, line := range lines(g.Fault.Traceback) {
				fmt.Fprintf(p.Out, "    %s\n", printable(line))
			}
			for _, id := range conversations {
				fmt.Fprintf(p.Out, "  conversation %s\n", id)
			}
			return nil
		}),
	}
}
