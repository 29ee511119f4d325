package app

import (
	"fmt"
	"text/tabwriter"
	"time"

	"parley/botscripts/brandfolder"
	"parley/engine"
)

// banner greets at the start with the example: where its three roles are played.
func (a *App) banner(b brandfolder.Brand, people []signIn) {
	out := a.opt.Out
	fmt.Fprintf(out, "\nparley is running with the example brand %s.\n\n", b.Brand.Name)
	a.links(b.Channels)
	fmt.Fprintln(out)
	t := tabwriter.NewWriter(out, 0, 4, 3, ' ', 0)
	kept, made := false, time.Time{}
	for _, p := range people {
		password := p.password
		if password == "" {
			if made.IsZero() || p.since.Before(made) {
				made = p.since
			}
			password, kept = "(as printed at the first start)", true
		}
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", p.name, p.role, p.email, password)
	}
	_ = t.Flush() // the same writer as above
	if kept {
		fmt.Fprintf(out, "\n  The passwords stand in the output of the first start, on %s, and are kept nowhere else.\n", made.Local().Format("2 January 2006 at 15:04"))
		fmt.Fprintf(out, "  A new one, also while parley runs: parley user password EMAIL --data %s\n", a.opt.Config.Data)
	}
	fmt.Fprintln(out)
}

// greet greets at the start with real brands: where to go, and how the first
// person gets in.
func (a *App) greet(list []doors) {
	out := a.opt.Out
	for _, d := range list {
		fmt.Fprintf(out, "\nparley is running with %s.\n\n", d.brand.Name)
		a.links(d.channels)
		if d.people == 0 {
			fmt.Fprintf(out, "\n  Nobody can sign in yet. Add somebody:\n")
			fmt.Fprintf(out, "  parley user add EMAIL --brand-id %s --data %s\n", d.brand.ID, a.opt.Config.Data)
		}
	}
	fmt.Fprintln(out)
}

func (a *App) links(channels []engine.Channel) {
	out, url := a.opt.Out, a.opt.Config.PublicURL
	for _, ch := range channels {
		if spec, _ := a.kinds.Of(ch.Kind); spec.Served {
			fmt.Fprintf(out, "  Write as a consumer   %s/chat/%s\n", url, ch.ID)
		}
	}
	fmt.Fprintf(out, "  Answer as an agent    %s/inbox\n", url)
}
