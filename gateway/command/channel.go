package command

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/botscripts/brandfolder"
	"parley/connectors"
	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/egress"
	"parley/engine/setup"
	"parley/gateway/client"
	"parley/gateway/config"
)

func channelCommand(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use: "channel", Short: "Look at channels", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(channelCheck(p))
	return cmd
}

func channelCheck(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use: "check [ID]", Short: "Ask the provider whether a channel is set up well", Args: atMostOne("ID"),
		Long: "Check looks at a channel's settings and webhook, and asks its provider about credentials, webhook and\n" +
			"permissions. It sends nothing to consumers. Without ID it looks at all channels of the brand; ID is as\n" +
			"brand.yaml names the channel.\n" +
			"Exit status: 0 when all is well, 1 when something is wrong.",
		Example: "  parley channel check sms --brand ./acme --public-url https://chat.example.com\n" +
			"  parley channel check --server https://chat.example.com",
		RunE: func(cmd *cobra.Command, args []string) error {
			only := ""
			if len(args) == 1 {
				only = args[0]
			}
			var looks []look
			var err error
			if remote(cmd) {
				looks, err = looksAtServer(cmd, p, only)
			} else {
				looks, err = looksAtFolder(cmd, p, only)
			}
			if err != nil {
				return err
			}
			wrong := 0
			for _, l := range looks {
				n, err := l.print(cmd.Context(), p)
				if err != nil {
					return err
				}
				wrong += n
			}
			if wrong > 0 {
				return engine.Errorf(engine.Conflict, "%s.", count(wrong, "problem"))
			}
			return nil
		},
	}
	addServer(cmd.Flags())
	return cmd
}

// look is one channel to look at.
type look struct {
	channel string
	kind    string
	at      func(context.Context) ([]engine.Finding, error)
}

// print looks, and gives how many problems there are.
func (l look) print(ctx context.Context, p Process) (wrong int, err error) {
	fmt.Fprintf(p.Out, "%s (%s)\n", l.channel, l.kind)
	found, err := l.at(ctx)
	for _, f := range found {
		if f.OK {
			fmt.Fprintf(p.Out, "  ok       %s\n", printable(f.What))
			continue
		}
		wrong++
		fmt.Fprintf(p.Out, "  problem  %s: %s\n", printable(f.What), printable(f.Problem))
	}
	return wrong, err
}

// named says whether a channel is the one that was asked for, by its whole id or by
// its name in brand.yaml.
func named(id, only string) bool {
	return only == "" || id == only || strings.HasSuffix(id, "."+only)
}

func noChannel(only string, known []string) error {
	if only == "" {
		return engine.Errorf(engine.NotFound, "The brand has no channels.")
	}
	return engine.FieldError("ID", "names no channel: %q (there are: %s)", only, strings.Join(known, ", "))
}

func looksAtServer(cmd *cobra.Command, p Process, only string) (looks []look, err error) {
	err = askServer(cmd, p, func(ctx context.Context, c *client.Client) error {
		all, err := c.Channels(ctx)
		if err != nil {
			return err
		}
		known := make([]string, len(all))
		for i, ch := range all {
			if known[i] = ch.ID; named(ch.ID, only) {
				looks = append(looks, look{ch.ID, string(ch.Kind), func(ctx context.Context) ([]engine.Finding, error) { return c.CheckChannel(ctx, ch.ID) }})
			}
		}
		if len(looks) == 0 {
			return noChannel(only, known)
		}
		return nil
	})
	return looks, err
}

// looksAtFolder takes the channels of a brand folder, with what of the environment they may have.
func looksAtFolder(cmd *cobra.Command, p Process, only string) ([]look, error) {
	cfg, v, err := openVault(cmd, p)
	if err != nil {
		return nil, err
	}
	if cfg.Brand == "" {
		return nil, engine.FieldError("--brand", "is needed: the brand folder, or --server with the address of a server")
	}
	b, err := readFolder(cfg.Brand, brandfolder.Assumed, p.Out)
	if err != nil {
		return nil, err
	}
	admitted, problems := v.Admit(b)
	for _, problem := range problems {
		fmt.Fprintln(p.Err, printable(problem.Message))
	}
	if len(problems) > 0 {
		return nil, engine.Errorf(engine.Invalid, "the folder's channels cannot be used here")
	}
	entry := v.Fill(catalog.Entry{Brand: admitted.Brand, Channels: admitted.Channels})
	guarded, err := guardedClient(cfg)
	if err != nil {
		return nil, err
	}
	kinds := map[engine.ChannelKind]engine.Connector{}
	for _, c := range connectors.Builtin(connectors.Config{HTTP: guarded}) {
		kinds[c.Spec().Kind] = c
	}
	var looks []look
	var known []string
	for _, ch := range b.Channels {
		known = append(known, ch.ID)
		if !named(ch.ID, only) {
			continue
		}
		i := slices.IndexFunc(entry.Channels, func(other engine.Channel) bool { return other.ID == ch.ID })
		looks = append(looks, look{ch.ID, string(ch.Kind), func(ctx context.Context) ([]engine.Finding, error) {
			if i < 0 {
				return []engine.Finding{{What: "Settings", Problem: "The channel is left out, because a variable of the environment is not set or not allowed."}}, nil
			}
			return setup.Look(ctx, kinds[ch.Kind], entry.Channels[i], engine.Webhook(publicURL(cfg), ch.ID)), nil
		}})
	}
	if len(looks) == 0 {
		return nil, noChannel(only, known)
	}
	return looks, nil
}

// publicURL is the address that a server with these settings would give to providers.
func publicURL(cfg config.Config) string {
	if cfg.PublicURL != "" {
		return cfg.PublicURL
	}
	return "http://" + cfg.Addr
}

func guardedClient(cfg config.Config) (*http.Client, error) {
	guard, err := egress.NewGuard(cfg.EgressAllow)
	if err != nil {
		return nil, err
	}
	return egress.NewClient(egress.Config{Guard: guard, MaxConnsPerHost: 2, Timeout: 30 * time.Second}), nil
}
