package gateway

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"parley/botscripts/brandfolder"
	"parley/engine"
)

// NewClock is the real clock.
func NewClock() engine.Clock { return time.Now }

// banner greets at the start with the example: where its three roles are played.
func (a *App) banner(b brandfolder.Brand, people []signIn) {
	out := a.opt.Out
	fmt.Fprintf(out, "\nparley is running with the example brand %s.\n\n", b.Brand.Name)
	a.links(b.Channels)
	fmt.Fprintln(out)
	t := tabwriter.NewWriter(out, 0, 4, 3, ' ', 0)
	kept := false
	for _, p := range people {
		password := p.password
		if password == "" {
			password, kept = "(made at an earlier start)", true
		}
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", p.name, p.role, p.email, password)
	}
	_ = t.Flush() // the same writer as above
	if kept {
		if file := a.signIns(); look(file) {
			fmt.Fprintf(out, "\n  The passwords are in %s\n", file)
		}
		fmt.Fprintf(out, "\n  A new password: parley user password EMAIL --data %s\n", a.opt.Config.Data)
	}
	fmt.Fprintln(out)
}

// signIns is the file that keeps what the banner printed of the example's
// people. They are nobody's: the file is for who tries parley out.
func (a *App) signIns() string { return filepath.Join(a.opt.Config.Data, "example-sign-ins.txt") }

func look(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// keep writes new sign-ins behind those that are kept.
func (a *App) keep(people []signIn) error {
	var text strings.Builder
	for _, p := range people {
		if p.password != "" {
			fmt.Fprintf(&text, "%s  %s  %s\n", p.email, p.password, p.role)
		}
	}
	if text.Len() == 0 {
		return nil
	}
	before, err := os.ReadFile(a.signIns())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return writeWhole(a.signIns(), append(before, text.String()...))
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
		if ch.Kind == "webchat" {
			fmt.Fprintf(out, "  Write as a consumer   %s/chat/%s\n", url, ch.ID)
		}
	}
	fmt.Fprintf(out, "  Answer as an agent    %s/inbox\n", url)
}
