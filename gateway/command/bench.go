package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"parley/gateway/bench"
)

func benchCommand(p Process) *cobra.Command {
	cfg := bench.Config{Progress: p.Err}
	asJSON := false
	cmd := &cobra.Command{
		Use: "bench", Short: "Measure this machine with a fake provider", Args: cobra.NoArgs,
		Long: "Bench runs a fake Twilio, the whole gateway and its clients in this one process, over real HTTP on\n" +
			"127.0.0.1, with a database file in a temporary folder that is removed afterwards. Every write is on\n" +
			"disk before it is acknowledged (synchronous=FULL). Nothing outside this machine is called, and no\n" +
			"settings but the flags below count. It measures, each for --duration:\n\n" +
			"  bare inserts   inserts of a single message row, with its keys, by 32 goroutines through the store's writer\n" +
			"                 and nothing else (bare_inserts_per_second): what the disk and SQLite allow\n" +
			"  ingest         signed webhook in, stored, acknowledged, by --clients connections; bots are held\n" +
			"                 back (ingest_per_second, ingest_ms)\n" +
			"  full turns     webhook in, bot, answer accepted by the provider; each of --conversations waits\n" +
			"                 for its answer before it writes again (turns_per_second; turn_ms is from post to\n" +
			"                 acceptance)\n" +
			"  half load      webhooks at half of that rate, paced by the clock, bots answering\n" +
			"                 (webhook_half_load_ms: from when one was due to its acknowledgement)\n\n" +
			"With --stored and --pending ingest, full turns and half load begin with a database that holds so many\n" +
			"messages of conversations that are over, and so many sends that wait for a provider that is down.\n\n" +
			"rss_mb is the highest resident memory of the process, clients and fake provider included. lost counts\n" +
			"acknowledged messages that are missing in the transcript or have no answer there or at the provider;\n" +
			"duplicated counts those that are there or were answered more than once. Both must be 0: with another\n" +
			"result the command fails. p50 and p99 are percentiles in milliseconds.",
		Example: "  parley bench --duration 5s --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := cfg.Validate(); err != nil {
				return fmt.Errorf("%w: %w", errUsage, err)
			}
			result, err := bench.Run(cmd.Context(), cfg)
			if errors.Is(err, context.Canceled) {
				return errors.New("interrupted; everything that was made is removed")
			}
			if err != nil {
				return err
			}
			print := result.Table
			if asJSON {
				print = result.JSON
			}
			if err := print(p.Out); err != nil {
				return err
			}
			if result.Lost+result.Duplicated > 0 {
				return fmt.Errorf("%d messages were lost and %d duplicated", result.Lost, result.Duplicated)
			}
			return nil
		},
	}
	cmd.Flags().DurationVar(&cfg.Duration, "duration", 10*time.Second, "how long each phase lasts")
	cmd.Flags().IntVar(&cfg.Conversations, "conversations", 500, "consumers who write")
	cmd.Flags().IntVar(&cfg.Clients, "clients", 32, "connections that post webhooks")
	cmd.Flags().IntVar(&cfg.Stored, "stored", 0, "messages that are in the database already")
	cmd.Flags().IntVar(&cfg.Pending, "pending", 0, "sends that wait for a provider that is down")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object instead of the table")
	return cmd
}
