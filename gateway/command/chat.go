package command

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"parley/botscripts/brandfolder"
	"parley/botscripts/example"
	"parley/gateway"
	"parley/gateway/config"
)

func chatCommand(p Process) *cobra.Command {
	var bot string
	cmd := &cobra.Command{
		Use: "chat [DIR]", Short: "Talk to a brand's bot in the terminal",
		Long: "Chat runs the bot of a brand folder (the bundled example without DIR) on an empty database of\n" +
			"its own that is thrown away. Nothing reaches a real consumer; the bot's http calls are real.\n" +
			"After a handoff you answer as the agent too: /reply, /close, /return.",
		Example: "  parley chat ./acme --bot concierge",
		Args:    atMostOne("DIR"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			cfg, err := settings(cmd, p)
			if err != nil {
				return err
			}
			b, err := brandFor(args, p.Out)
			if err != nil {
				return err
			}
			dir, err := os.MkdirTemp("", "parley-chat-")
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
			opt := gateway.Options{
				Config: config.Config{
					Data: dir, Addr: "127.0.0.1:0", EgressAllow: cfg.EgressAllow,
					LogLevel: cfg.LogLevel, LogFormat: cfg.LogFormat, Senders: 4, Turns: 2,
				},
				Log: slog.New(slog.DiscardHandler), Out: io.Discard,
			}
			return gateway.Chat(cmd.Context(), opt, &gateway.Terminal{Bot: bot, In: p.In, Out: p.Out, Brand: b})
		},
	}
	cmd.Flags().StringVar(&bot, "bot", "", "which bot (default: the first channel's)")
	return cmd
}

func brandFor(args []string, out io.Writer) (brandfolder.Brand, error) {
	if len(args) == 0 {
		b, problems := brandfolder.Load(example.FS(), os.LookupEnv)
		if len(problems) > 0 {
			return b, fmt.Errorf("the bundled example: %s", problems[0])
		}
		return b, nil
	}
	b, err := gateway.CheckFolder(args[0])
	var problems gateway.Problems
	switch {
	case errors.As(err, &problems):
		problems.Print(out)
	case err != nil:
		err = fmt.Errorf("%w: %w", errUsage, err)
	}
	return b, err
}
