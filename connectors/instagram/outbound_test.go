package instagram_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/connectortest"
	"parley/engine"
)

var update = flag.Bool("update", false, "write testdata")

const accepted = `{"recipient_id":"1789012345678901","message_id":"aWcOUT"}`

// TestRequests holds what is another than on Messenger: texts by bytes, types of files,
// no buttons without a picture, none that call.
func TestRequests(t *testing.T) {
	t.Parallel()
	file := func(kind, mime string) engine.Content {
		return engine.Content{Media: []engine.Media{{Kind: kind, MIME: mime, URL: "https://acme.example/file"}}}
	}
	see := engine.Link{Label: "See it", URL: "https://acme.example/urban"}
	bike := engine.Card{Title: "Urban 5", Subtitle: "1,299 €", Image: "https://acme.example/urban.jpg", Links: []engine.Link{see}}
	wordy := engine.Card{Title: "Urban 5", Subtitle: strings.Repeat("Eight gears and lights. ", 4), Image: "https://acme.example/urban.jpg", Links: []engine.Link{see}}
	call := engine.Card{Title: "Urban 5", Links: []engine.Link{{Label: "Call us", URL: "tel:+15550100"}}}
	connectortest.RunGolden(t, suite(), accepted, *update, map[string]engine.Content{
		"text":          {Text: "Hello, café 😀"},
		"long-text":     {Text: strings.Repeat("Größe. ", 120)},
		"quick-replies": {Text: "Which one?", Choices: []engine.Choice{{ID: "city", Label: "City"}, {ID: "mountain", Label: "Mountain"}}},
		"picture":       file(engine.MediaImage, "image/png"),
		"webp":          file(engine.MediaImage, "image/webp"),
		"film":          file(engine.MediaVideo, "video/mp4"),
		"sound":         file(engine.MediaAudio, "audio/aac"),
		"mp3":           file(engine.MediaAudio, "audio/mpeg"),
		"document":      file(engine.MediaFile, "application/pdf"),
		"sheet":         file(engine.MediaFile, "text/csv"),
		"place":         {Text: "Here we are:", Location: &engine.Location{Lat: 52.5, Lon: 13.4, Name: "Shop"}},
		"contact":       {Contacts: []engine.Contact{{Name: "Ana", Phones: []string{"+15550100"}}}},
		"carousel":      {Cards: []engine.Card{bike, bike}},
		"wordy-card":    {Cards: []engine.Card{wordy}},
		"call-card":     {Cards: []engine.Card{call}},
	})
}

func TestOutbound(t *testing.T) {
	t.Parallel()
	const path = "/v25.0/me/messages"
	out := engine.Outbound{Item: "item-1", To: consumer, Author: engine.AuthorAgent, Content: engine.Content{Text: "hi"}}
	body := func(kind string) []connectortest.Request {
		return []connectortest.Request{{Path: path, Body: `{"recipient":{"id":"` + consumer + `"},` + kind + `"message":{"text":"hi","metadata":"parley:item-1"}}`, Header: map[string]string{"Authorization": "Bearer " + token}}}
	}
	refused := func(code, sub int) []connectortest.Answer {
		return []connectortest.Answer{{Status: 400, Body: fmt.Sprintf(`{"error":{"message":"Meta's words","code":%d,"error_subcode":%d}}`, code, sub)}}
	}
	late := out
	late.HeardAt = connectortest.Now().Add(-25 * time.Hour)
	cases := []connectortest.OutboundCase{
		{Name: "a text", Outbound: out, Answers: []connectortest.Answer{{Body: accepted}}, Requests: body(""), Receipt: engine.Receipt{ProviderID: "aWcOUT", State: engine.Sent}},
		{
			Name: "an agent's after a day", Outbound: late, Answers: []connectortest.Answer{{Body: accepted}}, Receipt: engine.Receipt{ProviderID: "aWcOUT", State: engine.Sent},
			Channel: func(ch *engine.Channel) { ch.Config["human_agent"] = "true" }, Requests: body(`"messaging_type":"MESSAGE_TAG","tag":"HUMAN_AGENT",`),
		},
	}
	for _, tt := range []struct {
		code, sub int
		class     engine.SendClass
	}{
		{100, 2534014, engine.SendGone}, {10, 2534022, engine.SendWindow}, {551, 0, engine.SendGone}, {190, 0, engine.SendAuth}, {200, 0, engine.SendAuth},
		{230, 0, engine.SendAuth}, {368, 0, engine.SendAuth}, {100, 0, engine.SendInvalid}, {100, 2018109, engine.SendInvalid}, {1, 0, engine.SendRetry}, {2, 0, engine.SendRetry},
	} {
		code := fmt.Sprint(tt.code)
		if tt.sub != 0 {
			code += fmt.Sprint("/", tt.sub)
		}
		cases = append(cases, connectortest.OutboundCase{Name: code, Outbound: out, Answers: refused(tt.code, tt.sub), Requests: body(""), Class: tt.class, Code: code})
	}
	connectortest.RunOutbound(t, suite(), cases)
}

// meta is a channel whose API has these answers, by what is asked for.
func meta(t *testing.T, answers map[string]string) engine.Channel {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := strings.TrimPrefix(r.URL.Path, "/v25.0/")
		if fields := r.URL.Query().Get("fields"); fields != "" {
			asked += " " + fields
		}
		answer, ok := answers[asked]
		if !ok {
			w.WriteHeader(http.StatusBadRequest)
			answer = `{"error":{"message":"Tried accessing nonexisting field","code":100}}`
		}
		fmt.Fprint(w, answer)
	}))
	t.Cleanup(server.Close)
	ch := channel()
	ch.Config["api_base"] = server.URL
	return ch
}

func TestProfile(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer, want string
		code         engine.Code
	}{
		"a name":     {`{"name":"Ann Li","username":"ann.l"}`, "Ann Li", ""},
		"a username": {`{"username":"ann.l"}`, "@ann.l", ""},
		"neither":    {`{}`, "", engine.NotFound},
	} {
		ch := meta(t, map[string]string{consumer + " name,username": tt.answer})
		got, err := suite().New(http.DefaultClient).(engine.Profiler).Profile(t.Context(), ch, consumer)
		if got.Name != tt.want || engine.CodeOf(err) != tt.code {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	const app, subscribed = `{"id":"99","name":"Desk"}`, `{"data":[{"id":"99","subscribed_fields":["messages"]}]}`
	const accepts, ours, goes = "The access token is accepted.", "It is the token of the account.", "The account's messages go to the app Desk."
	for name, tt := range map[string]struct {
		answers map[string]string
		want    []engine.Finding
	}{
		"signed in at Instagram": {
			map[string]string{"me user_id,username": `{"user_id":"` + account + `"}`, "app id,name": app, "me/subscribed_apps": subscribed},
			[]engine.Finding{{What: accepts, OK: true}, {What: ours, OK: true}, {What: goes, OK: true}},
		},
		"where the app is not told": {
			map[string]string{"me user_id,username": `{"user_id":"` + account + `"}`, "me/subscribed_apps": subscribed},
			[]engine.Finding{{What: accepts, OK: true}, {What: ours, OK: true}, {What: "The account's messages go to the app.", OK: true}},
		},
		"signed in at Facebook": {
			map[string]string{"me id,instagram_business_account": `{"id":"1","instagram_business_account":{"id":"` + account + `"}}`, "app id,name": app, "me/subscribed_apps": subscribed},
			[]engine.Finding{{What: accepts, OK: true}, {What: ours, OK: true}, {What: goes, OK: true}},
		},
		"another account": {
			map[string]string{"me user_id,username": `{"user_id":"5"}`},
			[]engine.Finding{{What: accepts, OK: true}, {What: ours, Problem: "It is the token of the account 5."}},
		},
		"a Page alone": {
			map[string]string{"me id,instagram_business_account": `{"id":"1"}`},
			[]engine.Finding{{What: accepts, OK: true}, {What: ours, Problem: "It is the token of a Page to which no account on Instagram is linked."}},
		},
		"not subscribed": {
			map[string]string{"me user_id,username": `{"user_id":"` + account + `"}`, "app id,name": app, "me/subscribed_apps": `{"data":[]}`},
			[]engine.Finding{{What: accepts, OK: true}, {What: ours, OK: true}, {What: goes, Problem: "The account is not subscribed to messages."}},
		},
		"no token": {nil, []engine.Finding{{What: accepts, Problem: "Meta found a parameter wrong. Tried accessing nonexisting field"}}},
	} {
		got := suite().New(http.DefaultClient).(engine.Checker).Check(t.Context(), meta(t, tt.answers), connectortest.PublicURL+"/hooks/acme.ig")
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}
