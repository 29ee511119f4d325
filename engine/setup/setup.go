package setup

import (
	"context"
	"net/url"
	"time"

	"parley/engine"
)

// lookTime bounds all questions to the provider together.
const lookTime = 45 * time.Second

// Look gives what it found, in the order of setting up. webhook is the address at which
// the provider finds the channel. It ends with the first thing without which the rest
// cannot be known.
func Look(ctx context.Context, c engine.Connector, ch engine.Channel, webhook string) []engine.Finding {
	spec := c.Spec()
	if problems := spec.Problems(ch); len(problems) > 0 {
		found := make([]engine.Finding, len(problems))
		for i, p := range problems {
			found[i] = engine.Finding{What: "Settings", Problem: p.Field + " " + p.Message + "."}
		}
		return found
	}
	found := []engine.Finding{{What: "The settings are complete.", OK: true}}
	if spec.Served {
		return append(found, engine.Finding{What: "parley serves this channel itself.", OK: true})
	}
	if spec.Can(ch).Webhook {
		found = append(found, reachable(webhook))
	}
	checker, ok := c.(engine.Checker)
	if !ok {
		return found
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	return append(found, checker.Check(ctx, ch, webhook)...)
}

// reachable says whether a provider can call the address at all.
func reachable(webhook string) engine.Finding {
	u, err := url.Parse(webhook)
	switch {
	case err != nil || u.Hostname() == "" || engine.IsLoopback(u.Hostname()):
		return engine.Finding{What: "Webhook", Problem: "The address " + webhook + " is this machine's own, where no provider can call. Set public_url to the https:// address that the world has."}
	case u.Scheme != "https":
		return engine.Finding{What: "Webhook", Problem: "The address " + webhook + " is not https. Set public_url to the https:// address that the world has."}
	}
	return engine.Finding{What: "The webhook's address is " + webhook + ".", OK: true}
}
