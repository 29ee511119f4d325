package whatsapp

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"parley/connectors/exchange"
	"parley/connectors/graph"
	"parley/engine"
)

// Check asks Meta for the phone number, where its webhooks go, and whether the app gets
// those of its account.
func (c *Connector) Check(ctx context.Context, ch engine.Channel, webhook string) []engine.Finding {
	account, err := accountOf(ch)
	if err != nil {
		return []engine.Finding{trouble("Settings", errors.Unwrap(err))}
	}
	var number struct {
		Display  string         `json:"display_phone_number"`
		Name     string         `json:"verified_name"`
		Status   string         `json:"status"`
		Webhooks map[string]any `json:"webhook_configuration"`
	}
	query := url.Values{"fields": {"display_phone_number,verified_name,status,webhook_configuration"}}
	if err := c.graph.Get(ctx, account, ch.Address, query, &number); err != nil {
		return []engine.Finding{trouble("Phone number", err)}
	}
	found := []engine.Finding{{OK: true, What: "Meta accepts access_token, and " + ch.Address + " is " + exchange.Clean(number.Display) + ", " + exchange.Clean(number.Name) + "."}}
	if number.Status != "" && number.Status != "CONNECTED" {
		found = append(found, engine.Finding{What: "Registration", Problem: "Meta has the number as " + exchange.Clean(number.Status) + "; it sends nothing until it is registered for the Cloud API."})
	}
	found = append(found, hooked(number.Webhooks, webhook))
	if id := ch.Config["business_account_id"]; id != "" {
		found = append(found, c.subscribed(ctx, account, id))
	}
	return found
}

// hooked compares where Meta sends the number's webhooks with where they should go: the
// number's own address counts, then the account's, then the app's.
func hooked(have map[string]any, webhook string) engine.Finding {
	for _, level := range []string{"phone_number", "whatsapp_business_account", "application"} {
		at, _ := have[level].(string)
		if at == "" {
			continue
		}
		if at == webhook {
			return engine.Finding{OK: true, What: "Meta sends the number's webhooks here."}
		}
		return engine.Finding{What: "Webhook", Problem: "Meta sends the number's webhooks to " + exchange.Clean(at) + ". That is right if another channel of the same app takes them; else enter " + webhook + " as the callback URL."}
	}
	return engine.Finding{What: "Webhook", Problem: "Meta has no callback URL. In the app, under WhatsApp, Configuration, enter " + webhook + " and the verify token, and subscribe to messages."}
}

// subscribed tells whether an app gets the webhooks of the account's numbers, without
// which only test messages come.
func (c *Connector) subscribed(ctx context.Context, account graph.Account, id string) engine.Finding {
	var apps struct {
		Data []struct {
			App struct {
				Name string `json:"name"`
			} `json:"whatsapp_business_api_data"`
		} `json:"data"`
	}
	if err := c.graph.Get(ctx, account, id+"/subscribed_apps", nil, &apps); err != nil {
		return trouble("Subscription", err)
	}
	if len(apps.Data) == 0 {
		return engine.Finding{What: "Subscription", Problem: "No app gets the account's webhooks. Subscribe yours: POST /" + id + "/subscribed_apps with the access token."}
	}
	names := make([]string, len(apps.Data))
	for i, a := range apps.Data {
		names[i] = exchange.Clean(a.App.Name)
	}
	return engine.Finding{OK: true, What: "The account's webhooks go to " + strings.Join(names, ", ") + "."}
}

// trouble says why Meta could not be asked.
func trouble(what string, err error) engine.Finding {
	if failed, ok := errors.AsType[*engine.SendError](err); ok {
		return engine.Finding{What: what, Problem: failed.Message}
	}
	if wrong, ok := errors.AsType[*engine.Error](err); ok && wrong.Field != "" {
		return engine.Finding{What: what, Problem: wrong.Field + " " + wrong.Message + "."}
	}
	return engine.Finding{What: what, Problem: engine.MessageOf(err)}
}
