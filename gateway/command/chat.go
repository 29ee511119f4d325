package command

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/botscripts/brandfolder"
	"parley/botscripts/example"
	"parley/engine"
	"parley/gateway/app"
	"parley/gateway/config"
	"parley/gateway/folder"
	"parley/gateway/secrets"
	"parley/gateway/terminal"
)

func chatCommand(p Process) *cobra.Command {
	var bot string
	cmd := &cobra.Command{
		Use: "chat [DIR]", Short: "Talk to a brand's bot in the terminal",
		Long: "Chat runs the bot of a brand folder (the bundled example without DIR) on an empty database of\n" +
			"its own that is thrown away. Nothing reaches a real consumer; the bot's http calls are real.\n" +
			"After a handoff you answer as the agent too: /reply, /close, /return. /wait lets time pass, so that\n" +
			"timers and follow-ups come due.",
		Example: "  parley chat ./acme --bot concierge",
		Args:    atMostOne("DIR"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			cfg, v, err := openVault(cmd, p)
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
			opt := app.Options{
				Config: config.Config{
					Data: dir, Addr: "127.0.0.1:0", EgressAllow: cfg.EgressAllow,
					LogLevel: cfg.LogLevel, LogFormat: cfg.LogFormat, Senders: 4, Turns: 2, Secrets: cfg.Secrets,
				},
				Allowed: talking(v, p, b), Lists: cfg.Data,
				Log: slog.New(slog.DiscardHandler), Out: io.Discard,
			}
			return terminal.Chat(cmd.Context(), opt, &terminal.Terminal{Bot: bot, In: p.In, Out: p.Out, Brand: b})
		},
	}
	cmd.Flags().StringVar(&bot, "bot", "", "which bot (default: the first channel's)")
	return cmd
}

// talking says which variables a talk may use beside those that are allowed for
// the data folder: a person at the terminal is asked, for this talk alone.
func talking(v *secrets.Vault, p Process, b brandfolder.Brand) []engine.Reference {
	missing := slices.DeleteFunc(v.Missing(b), func(r engine.Reference) bool { // there are no channels in a talk
		return !strings.HasPrefix(r.Field, "http.") || !v.IsSet(r)
	})
	if ask := asker(p); len(missing) > 0 && ask != nil && !v.Listed() {
		if ask(b.Brand.ID, missing) {
			return missing
		}
		return nil
	}
	for _, r := range missing {
		fmt.Fprintf(p.Out, "Calls with it are refused. %s\n", secrets.Refusal(r))
	}
	return nil
}

func brandFor(args []string, out io.Writer) (brandfolder.Brand, error) {
	if len(args) == 0 {
		b, problems := folder.BrandReader(os.LookupEnv).Load(example.FS())
		if len(problems) > 0 {
			return b, fmt.Errorf("the bundled example: %s", problems[0])
		}
		return b, nil
	}
	return readFolder(args[0], os.LookupEnv, out)
}
