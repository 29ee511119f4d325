package twilio_test

import (
	"net/http"
	"strings"
	"testing"

	"parley/connectors/twilio"
	"parley/connectors/twilio/twiliotest"
	"parley/engine"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	const webhook = "https://gw.example.com/hooks/acme.sms"
	well := twiliotest.Number{Address: ours, SMSURL: webhook}
	for name, tt := range map[string]struct {
		number  *twiliotest.Number
		status  string
		kind    string
		config  map[string]string
		token   string
		address string
		down    bool
		problem string // "" for none
		says    string // in one of the findings that are well
	}{
		"well":              {number: &well, says: "Incoming messages go to this webhook."},
		"trial":             {number: &well, status: "active", kind: "Trial", says: "trial account"},
		"wrong token":       {number: &well, token: "00000000000000000000000000000000", problem: "does not accept the credentials"},
		"suspended":         {number: &well, status: "suspended", kind: "Full", problem: "suspended; it must be active"},
		"no number":         {problem: "The account has no " + ours},
		"other webhook":     {number: &twiliotest.Number{Address: ours, SMSURL: "https://demo.twilio.com/welcome"}, problem: "go to https://demo.twilio.com/welcome"},
		"no webhook":        {number: &twiliotest.Number{Address: ours}, problem: "Incoming messages go nowhere."},
		"GET":               {number: &twiliotest.Number{Address: ours, SMSURL: webhook, SMSMethod: http.MethodGet}, problem: "to this webhook with GET"},
		"application":       {number: &twiliotest.Number{Address: ours, SMSURL: webhook, Application: "AP0001"}, problem: "to the TwiML application AP0001"},
		"no text":           {number: &twiliotest.Number{Address: ours, SMSURL: webhook, WithoutSMS: true}, problem: "cannot send or receive text messages"},
		"no pictures":       {number: &well, config: map[string]string{"mms": "true"}, problem: "cannot send pictures"},
		"pictures":          {number: &twiliotest.Number{Address: ours, SMSURL: webhook, MMS: true}, config: map[string]string{"mms": "true"}, says: "It takes pictures."},
		"short code":        {number: &twiliotest.Number{Address: "12345", SMSURL: webhook}, address: "12345", says: "The account has 12345"},
		"messaging service": {config: map[string]string{"messaging_service_sid": "MG00000000000000000000000000000001"}, address: "-", says: webhook},
		"service, number":   {number: &twiliotest.Number{Address: ours}, config: map[string]string{"messaging_service_sid": "MG00000000000000000000000000000001"}, says: "takes text messages"},
		"down":              {number: &well, down: true, problem: "cannot be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := twiliotest.New(twiliotest.Config{})
			t.Cleanup(fake.Close)
			if tt.number != nil {
				fake.Numbers(*tt.number)
			}
			fake.AccountIs(tt.status, tt.kind)
			if tt.down {
				fake.Outage(&twiliotest.Fault{DropBefore: true})
			}
			ch := engine.Channel{
				ID: "acme.sms", Kind: twilio.Kind, Address: ours,
				Config:  map[string]string{"account_sid": twiliotest.DefaultAccountSID, "api_base": fake.URL()},
				Secrets: map[string]engine.Secret{"auth_token": twiliotest.DefaultAuthToken},
			}
			for k, v := range tt.config {
				ch.Config[k] = v
			}
			if tt.token != "" {
				ch.Secrets["auth_token"] = engine.Secret(tt.token)
			}
			if tt.address != "" {
				ch.Address = strings.Trim(tt.address, "-")
			}
			found := twilio.New(twilio.Config{HTTP: &http.Client{}}).Check(t.Context(), ch, webhook)
			var problems, well []string
			for _, f := range found {
				if f.OK {
					well = append(well, f.What)
					continue
				}
				problems = append(problems, f.Problem)
			}
			told := strings.Join(problems, "\n")
			if (tt.problem == "") != (told == "") || !strings.Contains(told, tt.problem) || !strings.Contains(strings.Join(well, "\n"), tt.says) {
				t.Errorf("problems %q, well %q", problems, well)
			}
			if strings.Contains(told+strings.Join(well, ""), ch.Secrets["auth_token"].Reveal()) {
				t.Error("a finding holds the secret")
			}
		})
	}
}
