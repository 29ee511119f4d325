package command

import (
	"cmp"
	"context"
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"parley/gateway/client"
	"parley/gateway/config"
	"parley/gateway/folder"
)

// Variables of the commands that work on a server.
const (
	tokenEnv = config.TokenEnv
	urlEnv   = config.URLEnv
)

// serverOf takes the server's address from the environment where the command
// line names neither a server nor a data folder.
func serverOf(cmd *cobra.Command, p Process) error {
	f := cmd.Flags().Lookup("server")
	if data := cmd.Flags().Lookup("data"); f == nil || f.Changed || data != nil && data.Changed {
		return nil
	}
	if v := p.env(urlEnv); v != "" {
		return f.Value.Set(v)
	}
	return nil
}

// addServer lets a command work on a server instead of a data folder.
func addServer(f *pflag.FlagSet) {
	f.String("server", "", "do it on the server at this address, over its API, instead of in the data folder ("+urlEnv+")")
	f.String("token", "", "API token for --server; better in "+tokenEnv+", where other users do not see it")
}

// remote says whether the command is for a server.
func remote(cmd *cobra.Command) bool {
	f := cmd.Flags().Lookup("server")
	return f != nil && f.Value.String() != ""
}

// askServer runs fn with the server that the command line names.
func askServer(cmd *cobra.Command, p Process, fn func(context.Context, *client.Client) error) error {
	flags := cmd.Flags()
	c, err := client.New(flags.Lookup("server").Value.String(), cmp.Or(flags.Lookup("token").Value.String(), p.env(tokenEnv)))
	if err != nil {
		return err
	}
	return fn(cmd.Context(), c)
}

// onServer runs fn on the shelf of the server that the command line names.
func onServer(cmd *cobra.Command, p Process, fn func(context.Context, shelf) error) error {
	err := askServer(cmd, p, func(ctx context.Context, c *client.Client) error { return fn(ctx, c) })
	var problems folder.Problems
	if errors.As(err, &problems) {
		problems.Print(p.Out)
	}
	return err
}
