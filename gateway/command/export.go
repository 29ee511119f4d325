package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"parley/botscripts/chattest"
	"parley/botscripts/kept"
	"parley/engine"
	"parley/engine/simulate"
	"parley/gateway/database"
	"parley/storage/memory"
)

func exportCommand(p Process) *cobra.Command {
	var title string
	cmd := &cobra.Command{
		Use: "export CONVERSATION", Short: "Write a conversation as a test",
		Long: "Export prints a conversation of the data folder as a test: what the consumer wrote, what the\n" +
			"agents decided and what outside calls answered, and what the version of the bot that had it\n" +
			"makes of that. Names, numbers and addresses are replaced by made-up ones, the same one\n" +
			"everywhere. Read it before you pass it on: a free text can hold more than a program sees.\n" +
			"The server may run meanwhile. Exit status: 0 when the test passes against that version, 1 when not.",
		Example: "  parley export 0199f3c2-7d1e-7a90-b1c4-5d2f6a8e9b01 > acme/tests/wrong-size.chat",
		Args:    oneArg("CONVERSATION"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := settings(cmd, p)
			if err != nil {
				return err
			}
			ctx := cmd.Context()
			db, err := database.Read(ctx, databaseOf(cfg))
			if err != nil {
				return err
			}
			defer db.Close()
			brand, err := brandOf(ctx, db, args[0])
			if err != nil {
				return err
			}
			x, err := chattest.ExportFrom(ctx, db, simulate.Stage{Runtime: chattest.NewRuntime(kept.OfUser()), Store: memory.New}, brand, args[0])
			if err != nil {
				return err
			}
			if title != "" {
				x.Test.Title = title
			}
			fmt.Fprint(p.Out, chattest.Format(x.Test))
			for _, note := range x.Notes {
				fmt.Fprintln(p.Err, "Note:", printable(note))
			}
			if x.Failure != nil {
				return fmt.Errorf("the test does not pass in line %d: %s", x.Failure.Line, x.Failure.Message)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&title, "title", "", "the test's title")
	return cmd
}

// brandOf finds the brand of a conversation.
func brandOf(ctx context.Context, db engine.Store, conversation string) (brand string, err error) {
	err = db.View(ctx, func(tx engine.Tx) error {
		all, err := tx.Brands().List()
		if err != nil {
			return err
		}
		for _, b := range all {
			_, err := tx.Conversations().Get(b.ID, conversation)
			if engine.CodeOf(err) == engine.NotFound {
				continue
			}
			brand = b.ID
			return err
		}
		return engine.Errorf(engine.NotFound, "there is no conversation %q", conversation)
	})
	return brand, err
}
