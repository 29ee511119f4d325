package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"parley/connectors/exchange"
	"parley/engine"
)

var _ engine.Checker = (*Connector)(nil)

// Check asks Twilio for the account and for the channel's number: resources Account,
// IncomingPhoneNumber and ShortCode of API version 2010-04-01.
func (c *Connector) Check(ctx context.Context, ch engine.Channel, webhook string) []engine.Finding {
	acct, err := accountOf(ch)
	if err != nil {
		return []engine.Finding{{What: "Account", Problem: engine.MessageOf(err)}}
	}
	asked := check{ctx: ctx, c: c, ch: ch, webhook: webhook}
	owner := acct
	owner.user, owner.password = acct.sid, ch.Secrets["auth_token"].Reveal() // an API key may not read the account
	found, ok := asked.account(owner)
	switch {
	case !ok:
	case ch.Address == "":
		found = append(found, engine.Finding{OK: true, What: "The messaging service is Twilio's to know: in its settings, under Integration, let it send a webhook to " + webhook + "."})
	case strings.HasPrefix(ch.Address, "+"):
		found = append(found, asked.number(acct, "IncomingPhoneNumbers", "PhoneNumber")...)
	default:
		found = append(found, asked.number(acct, "SMS/ShortCodes", "ShortCode")...)
	}
	return found
}

// check is one look at one channel.
type check struct {
	ctx     context.Context
	c       *Connector
	ch      engine.Channel
	webhook string
}

// get reads one resource of the account; "" is the account itself.
func (k check) get(acct account, resource string, query url.Values, into any) error {
	call := &apiClient{ctx: k.ctx, http: k.c.http, account: acct, sent: exchange.New(k.c.now)}
	path := "/2010-04-01/Accounts/" + acct.sid
	if resource != "" {
		path += "/" + resource
	}
	resp, err := call.requests().Get(defaultAPIBase+path+".json", query, map[string]any{"Content-Type": formType}, "")
	if err != nil {
		return err
	}
	return json.NewDecoder(resp.Body).Decode(into)
}

// trouble says why Twilio could not be asked.
func (k check) trouble(what string, err error) engine.Finding {
	var failure *apiError
	if !errors.As(err, &failure) {
		return engine.Finding{What: what, Problem: "Twilio cannot be reached."}
	}
	said := failure.sendError(k.c.now(), secretsOf(k.ch))
	if said.Class == engine.SendAuth {
		return engine.Finding{What: what, Problem: "Twilio does not accept the credentials. Look at account_sid, auth_token and, if you use one, the API key."}
	}
	return engine.Finding{What: what, Problem: said.Message}
}

func (k check) account(acct account) ([]engine.Finding, bool) {
	var got struct{ Status, Type string }
	if err := k.get(acct, "", nil, &got); err != nil {
		return []engine.Finding{k.trouble("Account", err)}, false
	}
	if got.Status != "active" {
		return []engine.Finding{{What: "Account", Problem: "Twilio has the account as " + exchange.Clean(got.Status) + "; it must be active."}}, false
	}
	found := []engine.Finding{{What: "Twilio accepts account_sid and auth_token, and the account is active.", OK: true}}
	if got.Type == "Trial" {
		found = append(found, engine.Finding{What: "It is a trial account: it sends only to numbers that you have verified at Twilio.", OK: true})
	}
	return found, true
}

// sender is what is read of a number or a short code.
type sender struct {
	SMSURL       string `json:"sms_url"`
	SMSMethod    string `json:"sms_method"`
	Application  string `json:"sms_application_sid"`
	Capabilities *struct {
		SMS bool `json:"sms"`
		MMS bool `json:"mms"`
	} `json:"capabilities"`
}

func (k check) number(acct account, resource, filter string) (found []engine.Finding) {
	var got struct {
		Numbers []sender `json:"incoming_phone_numbers"`
		Codes   []sender `json:"short_codes"`
	}
	if err := k.get(acct, resource, url.Values{filter: {k.ch.Address}}, &got); err != nil {
		return []engine.Finding{k.trouble("Number", err)}
	}
	all := append(got.Numbers, got.Codes...)
	if len(all) == 0 {
		return []engine.Finding{{What: "Number", Problem: "The account has no " + k.ch.Address + ". Buy it at Twilio, or correct address."}}
	}
	s := all[0]
	add := func(ok bool, what, problem string) {
		if ok {
			found = append(found, engine.Finding{What: what, OK: true})
			return
		}
		found = append(found, engine.Finding{What: "Number", Problem: problem})
	}
	can := s.Capabilities == nil
	add(can || s.Capabilities.SMS, "The account has "+k.ch.Address+", and it takes text messages.", "The number "+k.ch.Address+" cannot send or receive text messages.")
	if hasMMS(k.ch) {
		add(can || s.Capabilities.MMS, "It takes pictures.", "The number cannot send pictures; set mms to false.")
	}
	if k.ch.Config["messaging_service_sid"] == "" {
		add(s.Application == "" && s.SMSURL == k.webhook && (s.SMSMethod == "" || s.SMSMethod == http.MethodPost),
			"Incoming messages go to this webhook.", misled(s, k.webhook))
	}
	return found
}

// misled says where incoming messages go instead.
func misled(s sender, webhook string) string {
	to := "nowhere"
	switch {
	case s.Application != "":
		to = "to the TwiML application " + exchange.Clean(s.Application)
	case s.SMSURL == webhook:
		to = "to this webhook with " + exchange.Clean(s.SMSMethod)
	case s.SMSURL != "":
		to = "to " + exchange.Clean(s.SMSURL)
	}
	return "Incoming messages go " + to + ". In the number's settings at Twilio, under Messaging, let them go to " + webhook + " by HTTP POST."
}
