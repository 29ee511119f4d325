package folder

import (
	"context"
	"fmt"
	"io"
	"slices"

	"parley/botscripts/brandfolder"
	"parley/engine"
	"parley/engine/catalog"
	"parley/gateway/secrets"
)

// Consent lets who starts parley with a folder decide about the variables that
// it names. A person at the terminal is asked. Without one the folder's first
// start counts as a yes, as whoever gave the folder holds the environment, too;
// what the folder names later, or for other hosts, needs "parley secrets". With
// an operator's own list nobody is asked.
func Consent(ctx context.Context, v *secrets.Vault, b brandfolder.Brand, ask func(string, []engine.Reference) bool, out io.Writer) error {
	missing := v.Missing(b)
	if v.Listed() || !slices.ContainsFunc(missing, v.IsSet) { // none of them gives anything yet
		return nil
	}
	if ask != nil {
		if !ask(b.Brand.ID, missing) {
			return nil
		}
	} else if v.Known(b.Brand.ID) {
		return nil
	}
	if err := v.Allow(ctx, missing); err != nil {
		return err
	}
	if ask == nil {
		fmt.Fprintf(out, "%s may now use these variables of the environment; \"parley secrets\" changes that:\n", b.Brand.ID)
		secrets.Print(out, missing)
	}
	return nil
}

// Admitted checks a brand that was read with all variables taken as set, with
// what it may have of them. The error is Problems. Messages hold no value.
func Admitted(v *secrets.Vault, b brandfolder.Brand, problems []brandfolder.Problem, out io.Writer) (brandfolder.Brand, error) {
	for _, r := range v.Refused(b) {
		if v.IsSet(r) && len(problems) == 0 {
			fmt.Fprintf(out, "A channel is left out. %s\n", secrets.Refusal(r))
		}
	}
	b, more := v.Admit(b)
	if problems = append(problems, more...); len(more) == 0 { // else what they lack is said already
		problems = append(problems, b.Filled(v.Fill(catalog.Entry{Brand: b.Brand, Channels: b.Channels}).Channels)...)
	}
	return b, checked(b, problems)
}
