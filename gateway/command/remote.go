package command

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"parley/botscripts/brandfolder"
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
	for _, kv := range p.Environ {
		if v, ok := strings.CutPrefix(kv, urlEnv+"="); ok && v != "" {
			return f.Value.Set(v)
		}
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

// onServer runs fn on the server that the command line names.
func onServer(cmd *cobra.Command, p Process, fn func(context.Context, shelf) error) error {
	flags := cmd.Flags()
	token := flags.Lookup("token").Value.String()
	for _, kv := range p.Environ {
		if v, ok := strings.CutPrefix(kv, tokenEnv+"="); ok && token == "" {
			token = v
		}
	}
	c, err := client.New(flags.Lookup("server").Value.String(), token)
	if err != nil {
		return err
	}
	err = fn(cmd.Context(), c)
	var found client.Problems
	if errors.As(err, &found) {
		problems := folder.Problems(found)
		problems.Print(p.Out)
		return problems
	}
	return err
}

// checkFolder reads a folder for where it goes to. A server knows its
// environment itself; here variables count as set for it.
func checkFolder(cmd *cobra.Command, dir string) (brandfolder.Brand, error) {
	if remote(cmd) {
		return folder.Check(dir, brandfolder.Assumed)
	}
	return folder.Check(dir, os.LookupEnv)
}
