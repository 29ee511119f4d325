package command

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/connectors/fakes"
	"parley/connectors/fakes/phone"
	"parley/engine"
)

// faking is one call of fake.
type faking struct {
	Process
	addr, page       string
	channel, gateway string
}

func fakeCommand(p Process) *cobra.Command {
	o := faking{Process: p}
	cmd := &cobra.Command{
		Use: "fake PROVIDER", Short: "Play a provider, and a consumer's telephone, to try a channel without an account", Args: oneArg("PROVIDER"),
		ValidArgs: fakes.Providers(),
		Long: "Fake serves the API of a provider on this machine, with its checks and reports, and a page that plays the\n" +
			"telephone of one consumer. It prints what brand.yaml needs. Nothing leaves the machine.\n" +
			"PROVIDER is " + strings.Join(fakes.Providers(), ", ") + ".",
		Example: "  parley fake " + fakes.Providers()[0] + " --channel acme.sms",
		RunE:    func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), args[0]) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.channel, "channel", "acme.sms", "the channel's id: the brand's id, a dot, and its name in brand.yaml")
	f.StringVar(&o.gateway, "gateway", "http://127.0.0.1:8080", "the gateway's public_url")
	f.StringVar(&o.addr, "api-addr", "127.0.0.1:8090", "where the provider's API listens")
	f.StringVar(&o.page, "page-addr", "127.0.0.1:8091", "where the telephone is")
	return cmd
}

func (o *faking) run(ctx context.Context, provider string) error {
	if !engine.IsPlainURL(o.gateway) {
		return engine.FieldError("--gateway", "is not an address such as http://127.0.0.1:8080")
	}
	api, err := o.listen(ctx, "--api-addr", o.addr)
	if err != nil {
		return err
	}
	page, err := o.listen(ctx, "--page-addr", o.page)
	if err != nil {
		_ = api.Close()
		return err
	}
	fake, err := fakes.Start(provider, api, engine.Webhook(strings.TrimRight(o.gateway, "/"), o.channel))
	if err != nil {
		_, _ = api.Close(), page.Close()
		return err
	}
	defer fake.Stop()
	o.tell(provider, fake, api.Addr().String(), page.Addr().String())
	server := &http.Server{Handler: &phone.Page{Title: fake.Title, Line: fake.Line}, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(page) }()
	select {
	case err = <-ended:
	case <-ctx.Done():
		_ = server.Close()
		err = <-ended
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// listen takes addresses of this machine alone: who reaches them plays a consumer.
func (o *faking) listen(ctx context.Context, flag, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil || !engine.IsLoopback(host) {
		return nil, engine.FieldError(flag, "is not an address of this machine such as 127.0.0.1:8090")
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, engine.FieldError(flag, "%s cannot be listened on; is another one running?", addr)
	}
	return l, nil
}

// tell prints what to put where.
func (o *faking) tell(provider string, f fakes.Fake, api, page string) {
	_, name, _ := strings.Cut(o.channel, ".")
	fmt.Fprintf(o.Out, "In brand.yaml:\n\nchannels:\n  %s:\n    kind: %s\n    bot: YOUR-BOT\n", name, provider)
	for _, s := range f.Settings {
		fmt.Fprintf(o.Out, "    %s: %s\n", s[0], s[1])
	}
	fmt.Fprint(o.Out, "\nStart the gateway with:\n\n")
	for _, s := range f.Secrets {
		fmt.Fprintf(o.Out, "export %s=%s\n", s[0], s[1])
	}
	fmt.Fprintf(o.Out, "parley --brand DIR --egress-allow %s\n\nThe consumer's telephone: http://%s/\nCtrl+C ends it.\n", api, page)
}
