package command

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/engine"
	"parley/gateway/office"
)

func tokenCommand(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use: "token", Short: "Make, list and revoke API tokens",
		Long: "An API token lets a program use the API of a brand, as \"parley push --server\" does. These commands work on\n" +
			"the data folder, also while a server runs on it. Only the secret's hash is kept: it is printed once.",
		Example: "  export PARLEY_TOKEN=$(parley token create ci --role admin)\n  parley token list\n  parley token revoke 0199f3c2-7d1e-7a90-b1c4-5d2f6a8e9b01",
		Args:    noArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(tokenCreate(p), tokenList(p), tokenRevoke(p))
	return cmd
}

func tokenCreate(p Process) *cobra.Command {
	var t office.Token
	var role, expires string
	cmd := &cobra.Command{
		Use: "create NAME", Short: "Make an API token; prints its secret and nothing else", Args: oneArg("NAME"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			t.Name, t.Role = args[0], engine.Role(role)
			if t.Expires, err = until(time.Now(), expires); err != nil {
				return err
			}
			return inOffice(p, func(ctx context.Context, o office.Office, _ []string) (string, error) {
				made, err := o.CreateToken(ctx, t)
				return made.Secret, err
			})(cmd, args)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&t.Brand, "brand-id", "", "brand (needed when there is more than one)")
	f.StringVar(&role, "role", "agent", "what it may do: agent, supervisor or admin")
	f.StringVar(&expires, "expires", "", "when it ends: 90d, 12h or 2027-01-31 (default: never)")
	return cmd
}

// until reads a moment: days or hours from now, or a day.
func until(now time.Time, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, time.Local); err == nil {
		return day, nil
	}
	const most = 36500 // days: a century
	if n, err := strconv.Atoi(strings.TrimSuffix(text, "d")); err == nil && strings.HasSuffix(text, "d") && n > 0 && n <= most {
		return now.AddDate(0, 0, n), nil
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(text, "h")); err == nil && strings.HasSuffix(text, "h") && n > 0 && n <= 24*most {
		return now.Add(time.Duration(n) * time.Hour), nil
	}
	return time.Time{}, engine.FieldError("--expires", "is none of 90d, 12h and 2027-01-31: %q", text)
}

func tokenList(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the API tokens", Args: noArgs,
		RunE: listing(p, "BRAND\tID\tNAME\tROLE\tEXPIRES\tLAST USED", func(w io.Writer, tx engine.Tx, brand string) error {
			day := func(at time.Time) string {
				if at.IsZero() {
					return "never"
				}
				return at.Format(time.DateOnly)
			}
			tokens, err := tx.Logins().Tokens(brand)
			for _, k := range tokens {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", brand, k.ID, k.Name, k.Role, day(k.ExpiresAt), day(k.UsedAt))
			}
			return err
		}),
	}
}

func tokenRevoke(p Process) *cobra.Command {
	brand := ""
	cmd := &cobra.Command{
		Use: "revoke ID", Short: "End an API token", Args: oneArg("ID"),
		RunE: inOffice(p, func(ctx context.Context, o office.Office, args []string) (string, error) {
			return "The token is refused from now on.", o.RevokeToken(ctx, brand, args[0])
		}),
	}
	cmd.Flags().StringVar(&brand, "brand-id", "", "brand (needed when there is more than one)")
	return cmd
}
