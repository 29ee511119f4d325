package command

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"parley/botscripts/brandfolder"
	"parley/connectors"
	"parley/engine"
	"parley/gateway/config"
	"parley/gateway/folder"
	"parley/gateway/secrets"
)

func secretsCommand(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use: "secrets", Short: "Allow brands to use variables of the environment",
		Long: "A brand.yaml names credentials as ${VARIABLE} of the environment that the server runs in. The server\n" +
			"follows such a name only when you allow it: the variable, for this brand and this field, to be sent to these\n" +
			"hosts. What you allow is kept in " + secrets.File + " in the data folder; a server that runs takes it up\n" +
			"at once. --secrets FILE of \"parley serve\" names a second list of the same form, for those who keep it under\n" +
			"version control; with it, nothing is allowed at a start by itself. The list holds names and no values.",
		Example: "  parley secrets allow ./acme\n" +
			"  parley secrets allow --brand-id acme --field http.secrets.CRM.value --variable CRM_TOKEN --host crm.acme.example\n" +
			"  parley secrets list\n  parley secrets revoke --variable CRM_TOKEN",
		Args: noArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(secretsAllow(p), secretsList(p), secretsRevoke(p))
	return cmd
}

// openVault opens the list of the data folder that the settings name.
func openVault(cmd *cobra.Command, p Process) (config.Config, *secrets.Vault, error) {
	cfg, err := settings(cmd, p)
	if err != nil {
		return cfg, nil, err
	}
	v, err := secrets.Open(secrets.Config{Dir: cfg.Data, File: cfg.Secrets, Env: os.LookupEnv, Kinds: connectors.Kinds(), Log: slog.New(slog.NewTextHandler(p.Err, nil))})
	return cfg, v, err
}

func secretsAllow(p Process) *cobra.Command {
	var r engine.Reference
	var yes bool
	cmd := &cobra.Command{
		Use: "allow [DIR]", Short: "Allow what a brand folder names, or one variable for one field", Args: atMostOne("DIR"),
		Long: "Allow DIR shows the variables that the folder's brand.yaml names and nobody has allowed, and asks.\n" +
			"Without DIR it allows one variable, for one field and its hosts.",
		RunE: func(cmd *cobra.Command, args []string) error {
			_, v, err := openVault(cmd, p)
			if err != nil {
				return err
			}
			single := r.Brand != "" || r.Field != "" || r.Variable != "" || len(r.Hosts) > 0
			if len(args) == 1 {
				if single {
					return fmt.Errorf("%w: name a folder, or a brand, field and variable, and not both", errUsage)
				}
				return allowFolder(cmd.Context(), p, v, args[0], yes)
			}
			if r.Brand == "" || r.Field == "" || r.Variable == "" {
				return fmt.Errorf("%w: DIR is missing, or --brand-id, --field and --variable", errUsage)
			}
			name, ok := engine.Variable("${" + r.Variable + "}")
			if !ok || name != r.Variable {
				return engine.FieldError("--variable", "is no name of a variable: %q", r.Variable)
			}
			for i := range r.Hosts {
				r.Hosts[i] = strings.ToLower(strings.TrimSpace(r.Hosts[i]))
			}
			if err := v.Allow(cmd.Context(), []engine.Reference{r}); err != nil {
				return err
			}
			fmt.Fprintf(p.Out, "%s may use:\n", r.Brand)
			secrets.Print(p.Out, []engine.Reference{r})
			return nil
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&r.Brand, "brand-id", "", "the brand")
	f.StringVar(&r.Field, "field", "", "the field of its brand.yaml: channels.sms.auth_token")
	f.StringVar(&r.Variable, "variable", "", "the variable's name")
	f.StringSliceVar(&r.Hosts, "host", nil, "the hosts that it may be sent to, separated by commas; none for one that is not sent")
	f.BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}

func allowFolder(ctx context.Context, p Process, v *secrets.Vault, dir string, yes bool) error {
	b, problems, err := folder.BrandReader(brandfolder.Assumed).LoadDir(dir)
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	if len(problems) > 0 {
		lines := folder.Lines(problems)
		lines.Print(p.Out)
		return lines
	}
	missing := v.Missing(b)
	if len(missing) == 0 {
		fmt.Fprintf(p.Out, "%s names no variable that is not allowed already.\n", b.Brand.ID)
		return nil
	}
	if !yes && !ask(p)(b.Brand.ID, missing) {
		return engine.Errorf(engine.Conflict, "nothing was changed")
	}
	if err := v.Allow(ctx, missing); err != nil {
		return err
	}
	fmt.Fprintf(p.Out, "%s may use %s.\n", b.Brand.ID, count(len(missing), "variable"))
	return nil
}

// ask asks on the terminal about the variables that a brand names.
func ask(p Process) func(string, []engine.Reference) bool {
	return func(brand string, refs []engine.Reference) bool {
		fmt.Fprintf(p.Out, "The brand %s wants these variables of the environment:\n", brand)
		secrets.Print(p.Out, refs)
		return confirmed(p, "Allow them?")
	}
}

// confirmed asks for a yes.
func confirmed(p Process, question string) bool {
	fmt.Fprint(p.Out, question+" [y/N] ")
	answer, err := bufio.NewReader(io.LimitReader(p.In, 100)).ReadString('\n')
	if err != nil {
		fmt.Fprintln(p.Out) // nobody pressed Enter
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}

// asker is ask when a person is at the terminal, and nil otherwise.
func asker(p Process) func(string, []engine.Reference) bool {
	in, isIn := p.In.(*os.File)
	out, isOut := p.Out.(*os.File)
	if !isIn || !isOut || !isatty.IsTerminal(in.Fd()) || !isatty.IsTerminal(out.Fd()) {
		return nil
	}
	return ask(p)
}

func secretsList(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List what is allowed", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, v, err := openVault(cmd, p)
			if err != nil {
				return err
			}
			list := v.List()
			if len(list) == 0 {
				fmt.Fprintln(p.Out, "Nothing is allowed yet.")
				return nil
			}
			t := newTable(p.Out, "BRAND\tFIELD\tVARIABLE\tHOSTS")
			for _, r := range list {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", r.Brand, r.Field, r.Variable, strings.Join(r.Hosts, ","))
			}
			return t.Flush()
		},
	}
}

func secretsRevoke(p Process) *cobra.Command {
	var f secrets.Filter
	cmd := &cobra.Command{
		Use: "revoke", Short: "Take back what was allowed", Args: noArgs,
		Long: "Revoke takes back everything that fits all the flags. A server that runs stops using it at once:\n" +
			"messages of such a channel wait, and calls of such a bot are refused.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f == (secrets.Filter{}) {
				return fmt.Errorf("%w: say what to take back: --brand-id, --field, --variable or --host", errUsage)
			}
			cfg, v, err := openVault(cmd, p)
			if err != nil {
				return err
			}
			f.Host = strings.ToLower(f.Host)
			gone, err := v.Revoke(cmd.Context(), f)
			if err != nil {
				return err
			}
			if len(gone) == 0 {
				return engine.Errorf(engine.NotFound, "nothing that was allowed in %s fits", cfg.Data)
			}
			fmt.Fprintln(p.Out, "No longer allowed:")
			secrets.Print(p.Out, gone)
			return nil
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.Brand, "brand-id", "", "of this brand")
	flags.StringVar(&f.Field, "field", "", "for this field")
	flags.StringVar(&f.Variable, "variable", "", "this variable")
	flags.StringVar(&f.Host, "host", "", "to this host")
	return cmd
}
