package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"parley/engine"
	"parley/gateway/config"
	"parley/gateway/folder"
)

// Process is what a command may touch of the process it runs in.
type Process struct {
	Args    []string
	Environ []string
	In      io.Reader
	Out     io.Writer
	Err     io.Writer
}

// env is a variable of the environment, "" for none.
func (p Process) env(name string) (value string) {
	for _, kv := range p.Environ {
		if v, ok := strings.CutPrefix(kv, name+"="); ok {
			value = v
		}
	}
	return value
}

// Exit codes.
const (
	exitOK       = 0
	exitFailed   = 1 // it was tried and failed
	exitUnusable = 2 // what was given cannot be used
)

// Run runs one command line and gives the exit code. Errors end with one line
// on Err.
func Run(ctx context.Context, p Process) int {
	root := rootCommand(p)
	root.SetArgs(p.Args)
	root.SetIn(p.In)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	err := root.ExecuteContext(ctx)
	var problems folder.Problems
	var setting *config.Error
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &problems):
		fmt.Fprintf(p.Err, "parley: %s\n", problems)
		return exitFailed
	case errors.As(err, &setting), errors.Is(err, errUsage), engine.CodeOf(err) == engine.Invalid:
		fmt.Fprintf(p.Err, "parley: %s\n", oneLine(err))
		return exitUnusable
	}
	fmt.Fprintf(p.Err, "parley: %s\n", oneLine(err))
	return exitFailed
}

var errUsage = errors.New("usage")

func oneLine(err error) string {
	text := err.Error()
	var e *engine.Error
	if errors.As(err, &e) {
		text = e.Message
		if e.Code == engine.Invalid && e.Field != "" {
			text = e.Field + " " + e.Message
		}
		if e.Code == engine.Internal {
			text = err.Error()
		}
	}
	return strings.Join(strings.Fields(strings.TrimPrefix(text, "usage: ")), " ")
}

func rootCommand(p Process) *cobra.Command {
	root := &cobra.Command{
		Use:   "parley",
		Short: "A self-hosted gateway for conversations between a brand and its consumers",
		Long: "parley takes what consumers write by SMS or on the web, lets a Lua bot answer,\n" +
			"and hands over to agents. Without a command it serves.",
		Args: noArgs, SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return serverOf(cmd, p) },
		RunE:              func(cmd *cobra.Command, _ []string) error { return serve(cmd, p) },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return fmt.Errorf("%w: %w", errUsage, err) })
	addSettings(root.PersistentFlags())
	root.AddCommand(serveCommand(p), initCommand(p), checkCommand(p), testCommand(p), exportCommand(p), chatCommand(p), pushCommand(p), pullCommand(p), versionsCommand(p), faultsCommand(p), replayCommand(p), learnCommand(p),
		channelCommand(p), fakeCommand(p), userCommand(p), tokenCommand(p), consumerCommand(p), secretsCommand(p), backupCommand(p), moveCommand(p), benchCommand(p), nluCommand(p), versionCommand(p))
	return root
}

// noArgs refuses what is neither a command nor a flag.
func noArgs(cmd *cobra.Command, args []string) error {
	if err := cobra.NoArgs(cmd, args); err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	return nil
}

// addSettings makes a flag of each setting.
func addSettings(flags *pflag.FlagSet) {
	flags.SortFlags = false
	flags.String("config", "", "settings file in YAML ("+config.ConfigEnv+")")
	for _, s := range config.Settings() {
		if s.Private() {
			continue
		}
		flags.String(s.Flag(), s.Default, s.Doc+" ("+s.Env()+")")
	}
}

// settings merges flags, environment and file.
func settings(cmd *cobra.Command, p Process) (config.Config, error) {
	given := map[string]string{}
	for _, s := range config.Settings() {
		if f := cmd.Flags().Lookup(s.Flag()); f != nil && f.Changed {
			given[s.Key] = f.Value.String()
		}
	}
	file, err := cmd.Flags().GetString("config")
	if err != nil {
		return config.Config{}, err
	}
	return config.Load(given, p.Environ, cmp.Or(file, p.env(config.ConfigEnv)))
}

func logger(cfg config.Config, w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(cfg.LogLevel)) // the settings have checked it
	opt := &slog.HandlerOptions{Level: level}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, opt))
	}
	return slog.New(slog.NewTextHandler(w, opt))
}

// build names this program: the commit it was made from, or its module version.
func build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return info.Main.Version
}

func versionCommand(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(p.Out, "parley", build())
			return err
		},
	}
}
