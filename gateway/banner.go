package gateway

import (
	"fmt"
	"text/tabwriter"
	"time"

	"parley/botscripts/brandfolder"
	"parley/engine"
)

// NewClock is the real clock.
func NewClock() engine.Clock { return time.Now }

// banner greets at the start with the example: where its three roles are played.
func (a *App) banner(b brandfolder.Brand, people []signIn) {
	out, url := a.opt.Out, a.opt.Config.PublicURL
	fmt.Fprintf(out, "\nparley is running with the example brand %s.\n\n", b.Brand.Name)
	for _, ch := range b.Channels {
		if ch.Kind == "webchat" {
			fmt.Fprintf(out, "  Write as a consumer   %s/chat/%s\n", url, ch.ID)
		}
	}
	fmt.Fprintf(out, "  Answer as an agent    %s/inbox\n\n", url)
	t := tabwriter.NewWriter(out, 0, 4, 3, ' ', 0)
	kept := false
	for _, p := range people {
		password := p.password
		if password == "" {
			password, kept = "(as printed at the first start)", true
		}
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", p.name, p.role, p.email, password)
	}
	_ = t.Flush() // the same writer as above
	if kept {
		fmt.Fprintf(out, "\n  A new password: parley user password EMAIL --data %s\n", a.opt.Config.Data)
	}
	fmt.Fprintln(out)
}
