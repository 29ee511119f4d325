package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"parley/gateway/office"
)

func consumerCommand(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use: "consumer", Short: "Forget a consumer",
		Long:    "These commands work on the data folder, also while a server runs on it.",
		Example: "  parley consumer erase +15550100777\n  parley consumer erase 0199f3c2-7d1e-7a90-b1c4-5d2f6a8e9b01 --brand-id shop",
		Args:    noArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(consumerErase(p))
	return cmd
}

func consumerErase(p Process) *cobra.Command {
	brand, yes := "", false
	cmd := &cobra.Command{
		Use: "erase ID|ADDRESS", Short: "Remove what is known of a consumer, for good", Args: oneArg("ID or ADDRESS"),
		Long: "Removes what the consumer wrote and was told, notes, name, addresses, attributes, consents, plans, and what bots,\n" +
			"events and faults keep of it, from the database, its log and the search index. Open conversations are closed.\n" +
			"How many conversations and events there were stays. What is in backups, in a provider's account, in values that\n" +
			"bots keep (store.set), or was taken over into intents and the FAQ is not touched. There is no way back.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if !yes {
				return fmt.Errorf("%w: there is no way back; say --yes", errUsage)
			}
			return inOffice(p, func(ctx context.Context, o office.Office, args []string) (string, error) {
				n, err := o.Erase(ctx, brand, args[0])
				return fmt.Sprintf("Forgotten: %s, with %d messages in %d conversations.", n.Consumer, n.Messages, n.Conversations), err
			})(cmd, args)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&brand, "brand-id", "", "brand (needed when there is more than one)")
	f.BoolVar(&yes, "yes", false, "really")
	return cmd
}
