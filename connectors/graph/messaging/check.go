package messaging

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"parley/connectors/graph"
	"parley/engine"
)

// Check asks Meta whether the channel is set up well.
func (c *Connector) Check(ctx context.Context, ch engine.Channel, webhook string) []engine.Finding {
	acct, err := c.account(ch)
	checking := &Checking{Channel: ch, Webhook: webhook, ctx: ctx, client: c.client, account: acct}
	if err != nil {
		checking.Told("The settings are complete.", err)
		return checking.found
	}
	c.platform.Check(checking)
	return checking.found
}

// Checking is one look at a channel's settings at Meta.
type Checking struct {
	Channel engine.Channel
	Webhook string // the address that Meta is to call

	ctx     context.Context
	client  *graph.Client
	account graph.Account
	found   []engine.Finding
}

// Found notes what was looked at; a problem of "" is none. It tells whether it was well.
func (c *Checking) Found(what, problem string) bool {
	c.found = append(c.found, engine.Finding{What: what, OK: problem == "", Problem: problem})
	return problem == ""
}

// Told is Found with the problem that Meta or the settings have, nil for none.
func (c *Checking) Told(what string, err error) bool {
	if err == nil {
		return c.Found(what, "")
	}
	if failed, ok := errors.AsType[*engine.SendError](err); ok {
		words := failed.Message
		if cause, ok := errors.AsType[*engine.Error](failed.Cause); ok {
			words = cause.Field + " " + cause.Message + "."
		}
		return c.Found(what, words)
	}
	return c.Found(what, "Nobody knows: "+engine.MessageOf(err))
}

// Get asks with the channel's token for fields of path; "" for all.
func (c *Checking) Get(path, fields string, into any) error {
	query := url.Values{}
	if fields != "" {
		query.Set("fields", fields)
	}
	return c.client.Get(c.ctx, c.account, path, query, into)
}

// Subscribed looks whether an account's events go to the app, those that must and those
// that should. It gives the app's id.
func (c *Checking) Subscribed(account string, must, should []string) (app string, ok bool) {
	var self struct {
		ID   text   `json:"id"`
		Name string `json:"name"`
	}
	err := c.Get("app", "id,name", &self)
	if failed, ok := errors.AsType[*engine.SendError](err); ok && failed.Class != engine.SendInvalid { // where nobody can ask, all apps are ours
		return "", c.Told("Meta tells which app the token is of.", err)
	}
	var apps struct {
		Data []struct {
			ID     text     `json:"id"`
			Fields []string `json:"subscribed_fields"`
		} `json:"data"`
	}
	what := "The account's messages go to the app."
	if self.Name != "" {
		what = "The account's messages go to the app " + clean(self.Name, maxTitle) + "."
	}
	if err := c.Get(account+"/subscribed_apps", "", &apps); err != nil {
		return "", c.Told(what, err)
	}
	var fields []string
	for _, a := range apps.Data {
		if a.ID == self.ID || self.ID == "" {
			fields = append(fields, a.Fields...)
		}
	}
	if missing := without(must, fields); len(missing) > 0 {
		return "", c.Found(what, "The account is not subscribed to "+strings.Join(missing, ", ")+".")
	}
	c.Found(what, "")
	if len(should) > 0 {
		problem := ""
		if missing := without(should, fields); len(missing) > 0 {
			problem = "The account is not subscribed to " + strings.Join(missing, ", ") + "; messages come and go without."
		}
		c.Found("So do receipts, reactions and all else.", problem)
	}
	return string(self.ID), true
}

// Called looks whether the app calls the webhook for an object's events. That proves the
// app's secret as well.
func (c *Checking) Called(app, object string) bool {
	var all struct {
		Data []struct {
			Object string `json:"object"`
			URL    string `json:"callback_url"`
			Active bool   `json:"active"`
		} `json:"data"`
	}
	err := c.client.Get(c.ctx, c.account.App(app), app+"/subscriptions", nil, &all)
	const secret = "The app secret is the app's."
	if failed, ok := errors.AsType[*engine.SendError](err); ok && failed.Class == engine.SendAuth {
		return c.Found(secret, "Meta does not accept app_secret for the app that the access token is of.")
	}
	if !c.Told(secret, err) {
		return false
	}
	what := "Meta calls " + c.Webhook + "."
	for _, s := range all.Data {
		switch {
		case s.Object != object:
		case !s.Active:
			return c.Found(what, "The app's webhook is not active.")
		case s.URL != c.Webhook:
			return c.Found(what, "It calls "+clean(s.URL, maxURL)+". Enter the other address in the app's settings.")
		default:
			return c.Found(what, "")
		}
	}
	return c.Found(what, "The app has no webhook yet.")
}

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}
