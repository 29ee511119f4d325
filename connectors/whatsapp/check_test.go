package whatsapp_test

import (
	"net/http"
	"strings"
	"testing"

	"parley/connectors/whatsapp"
	"parley/engine"
)

// asking answers by the path of a request.
type asking map[string]answering

func (a asking) RoundTrip(r *http.Request) (*http.Response, error) {
	for path, answer := range a {
		if strings.HasSuffix(r.URL.Path, path) {
			return answer.RoundTrip(r)
		}
	}
	return answering{400, refusal(100, `,"error_subcode":33`)}.RoundTrip(r)
}

func TestCheck(t *testing.T) {
	t.Parallel()
	const webhook = "https://gw.example/hooks/acme.wa"
	about := func(rest string) answering {
		return answering{200, `{"id":"1","display_phone_number":"+1 555-078-3881","verified_name":"Acme","status":"CONNECTED"` + rest + `}`}
	}
	here := `,"webhook_configuration":{"application":"` + webhook + `"}`
	apps := answering{200, `{"data":[{"whatsapp_business_api_data":{"id":"1","name":"Acme's app"}}]}`}
	for name, tt := range map[string]struct {
		meta   asking
		change func(*engine.Channel)
		want   []string // "+" is what is well
	}{
		"well": {asking{"/" + number: about(here), "/subscribed_apps": apps}, nil, []string{
			"+Meta accepts access_token, and " + number + " is +1 555-078-3881, Acme.", "+Meta sends the number's webhooks here.", "+The account's webhooks go to Acme's app."}},
		"without an account": {asking{"/" + number: about(here)}, func(ch *engine.Channel) { delete(ch.Config, "business_account_id") }, []string{"+Meta accepts", "+Meta sends"}},
		"an expired token":   {asking{"/" + number: answering{401, refusal(190, "")}}, nil, []string{"Meta does not accept the access token"}},
		"another's number":   {asking{}, nil, []string{"Meta does not know what the channel names"}},
		"no token":           {asking{}, func(ch *engine.Channel) { ch.Secrets["access_token"] = "" }, []string{"access_token is missing."}},
		"not registered": {asking{"/" + number: answering{200, `{"status":"PENDING","webhook_configuration":{"application":"` + webhook + `"}}`}, "/subscribed_apps": apps}, nil,
			[]string{"+Meta accepts", "Meta has the number as PENDING", "+Meta sends", "+The account's"}},
		"nowhere": {asking{"/" + number: about(""), "/subscribed_apps": apps}, nil, []string{"+Meta accepts", "Meta has no callback URL.", "+The account's"}},
		"elsewhere": {asking{"/" + number: about(`,"webhook_configuration":{"application":"` + webhook + `","phone_number":"https://other.example/"}`), "/subscribed_apps": apps}, nil,
			[]string{"+Meta accepts", "Meta sends the number's webhooks to https://other.example/.", "+The account's"}},
		"no app":            {asking{"/" + number: about(here), "/subscribed_apps": answering{200, `{"data":[]}`}}, nil, []string{"+Meta accepts", "+Meta sends", "No app gets the account's webhooks."}},
		"another's account": {asking{"/" + number: about(here)}, nil, []string{"+Meta accepts", "+Meta sends", "Meta does not know"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ch := channel()
			if tt.change != nil {
				tt.change(&ch)
			}
			found := whatsapp.New(whatsapp.Config{HTTP: &http.Client{Transport: tt.meta}}).Check(t.Context(), ch, webhook)
			if len(found) != len(tt.want) {
				t.Fatalf("%+v, want %q", found, tt.want)
			}
			for i, f := range found {
				words, well := strings.CutPrefix(tt.want[i], "+")
				if f.OK != well || well && !strings.HasPrefix(f.What, words) || !well && !strings.HasPrefix(f.Problem, words) || f.What == "" {
					t.Errorf("%+v, want %q", f, tt.want[i])
				}
			}
		})
	}
}
