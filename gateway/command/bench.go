package command

import (
	"context"
	"encoding/json"
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
			"settings but --db and the flags below count. It measures, each for --duration:\n\n" +
			"  bare inserts   inserts of a single message row, with its keys, by 32 goroutines through the store's writer\n" +
			"                 and nothing else (bare_inserts_per_second): what the disk and SQLite allow\n" +
			"  floor          signed webhook in, that one insert, answered: the least that any gateway on this store\n" +
			"                 does (floor_per_second)\n" +
			"  ingest         signed webhook in, stored, acknowledged, by --clients connections; bots are held\n" +
			"                 back (ingest_per_second, ingest_ms)\n" +
			"  full turns     webhook in, bot, answer accepted by the provider; each of --conversations waits\n" +
			"                 for its answer before it writes again (turns_per_second; turn_ms is from post to\n" +
			"                 acceptance, turn_core_ms the processor time of each, clients and provider included)\n" +
			"  half load      webhooks at half of that rate, paced by the clock, bots answering\n" +
			"                 (webhook_half_load_ms: from when one was due to its acknowledgement), while the\n" +
			"                 API is asked for 20 lists and 4 searches a second (lists_ms, search_ms)\n\n" +
			"With --stored, --pending and --waiting ingest, full turns and half load begin with a database that holds\n" +
			"so many messages of conversations that are over, sends that wait for a provider that is down, and\n" +
			"conversations that wait for an agent.\n\n" +
			"With --db it makes a database of its own for each phase on that PostgreSQL, and removes it: the user must\n" +
			"be allowed to. With --nodes several processes serve, and share it. node_cores is how many processors\n" +
			"each of them had in use under full load; of database, trips, statements, wait_ms and core_ms are for each\n" +
			"turn, client_cores are this process's, and other_cores the database's with all else on this machine.\n\n" +
			"rss_mb is the highest resident memory of the process, clients and fake provider included. lost counts\n" +
			"acknowledged messages that are missing in the transcript or have no answer there or at the provider;\n" +
			"duplicated counts those that are there or were answered more than once. Both must be 0: with another\n" +
			"result the command fails. p50 and p99 are percentiles in milliseconds.",
		Example: "  parley bench --duration 5s --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			all, err := settings(cmd, p)
			if err != nil {
				return err
			}
			cfg.DB = all.DB
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
	cmd.Flags().IntVar(&cfg.Waiting, "waiting", 0, "conversations that wait for an agent")
	cmd.Flags().IntVar(&cfg.Nodes, "nodes", 1, "processes that serve, which share the PostgreSQL of --db")
	cmd.AddCommand(benchNode(p))
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object instead of the table")
	return cmd
}

// benchNode is one of several processes of a bench.
func benchNode(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "node CONFIG", Hidden: true, Args: oneArg("CONFIG"), Short: "Serve for a bench, which says how",
		RunE: func(cmd *cobra.Command, args []string) error {
			var cfg bench.NodeConfig
			if err := json.Unmarshal([]byte(args[0]), &cfg); err != nil {
				return fmt.Errorf("%w: %w", errUsage, err)
			}
			return bench.Node(cmd.Context(), cfg, p.In, p.Out)
		},
	}
}
