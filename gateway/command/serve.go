package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"parley/engine"
	"parley/gateway/app"
)

func serveCommand(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "serve", Short: "Serve (the default)", Args: noArgs,
		Long: "Serve opens the data folder, brings its database to the newest version, loads the brand\n" +
			"(the bundled example when there is none) and listens. Ctrl-C finishes what it has begun.",
		RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd, p) },
	}
}

func serve(cmd *cobra.Command, p Process) error {
	cfg, err := settings(cmd, p)
	if err != nil {
		return err
	}
	log := logger(cfg, p.Err)
	a, err := app.New(cmd.Context(), app.Options{Config: cfg, Log: log, Out: p.Out, Ask: asker(p)})
	if engine.CodeOf(err) == engine.NotFound {
		return fmt.Errorf("%w: %w", errUsage, err) // the brand folder
	}
	if err != nil {
		return err
	}
	log.Info("listening", "addr", a.Addr(), "data", cfg.Data)
	return a.Run(cmd.Context())
}
