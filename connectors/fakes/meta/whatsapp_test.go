package meta_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"parley/connectors/fakes/meta"
)

func get(t *testing.T, address, token string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}

func TestAPI(t *testing.T) {
	t.Parallel()
	defer http.DefaultClient.CloseIdleConnections()
	s := meta.New(meta.Config{})
	defer s.Close()
	s.WhatsApp("102", number)
	file := s.Put(meta.Media{MIME: "image/jpeg", Data: []byte("jpeg")})
	for _, tt := range []struct {
		path, token string
		status      int
		want        string
	}{
		{"/v25.0/" + number, meta.DefaultToken, 200, `"verified_name":"Acme"`},
		{"/v25.0/102/subscribed_apps", meta.DefaultToken, 200, `"whatsapp_business_api_data"`},
		{"/v25.0/102/phone_numbers", meta.DefaultToken, 200, number},
		{"/v25.0/" + number, "another", 401, `"code":190`},
		{"/v25.0/999", meta.DefaultToken, 400, `"error_subcode":33`},
		{"/v25.0/102/nothing", meta.DefaultToken, 400, `"error_subcode":33`},
		{"/nothing", meta.DefaultToken, 400, `"code":2500`},
		{"/v25.0/" + number + "?appsecret_proof=00", meta.DefaultToken, 400, "Invalid appsecret_proof"},
		{"/v25.0/" + file, meta.DefaultToken, 200, `"url":"` + s.URL() + "/cdn/" + file},
		{"/cdn/" + file, meta.DefaultToken, 200, "jpeg"},
		{"/cdn/" + file, "", 401, "190"},
		{"/cdn/1", meta.DefaultToken, 404, ""},
	} {
		if status, body := get(t, s.URL()+tt.path, tt.token); status != tt.status || !strings.Contains(body, tt.want) {
			t.Errorf("%s: %d %s", tt.path, status, body)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	s, transport := meta.Pipe(meta.Config{})
	s.WhatsApp("102", number)
	defer s.Close()
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	of := func(n int) string { return strings.Repeat("x", n) }
	button := func(id, title string) string {
		return fmt.Sprintf(`{"type":"reply","reply":{"id":%q,"title":%q}}`, id, title)
	}
	buttons := func(body string, all ...string) string {
		return fmt.Sprintf(`"type":"interactive","interactive":{"type":"button","body":{"text":%q},"action":{"buttons":[%s]}}`, body, strings.Join(all, ","))
	}
	list := func(body, label string, rows int, title, detail string) string {
		var all []string
		for i := range rows {
			all = append(all, fmt.Sprintf(`{"id":"r%d","title":%q,"description":%q}`, i, title, detail))
		}
		return fmt.Sprintf(`"type":"interactive","interactive":{"type":"list","body":{"text":%q},"action":{"button":%q,"sections":[{"rows":[%s]}]}}`, body, label, strings.Join(all, ","))
	}
	link := func(label, address string) string {
		return fmt.Sprintf(`"type":"interactive","interactive":{"type":"cta_url","header":{"type":"image","image":{"link":"https://a.example/a.jpg"}},"body":{"text":"b"},"action":{"name":"cta_url","parameters":{"display_text":%q,"url":%q}}}`, label, address)
	}
	for name, tt := range map[string]struct {
		body string
		code int // 0 is taken
	}{
		"a text":               {`"type":"text","text":{"body":"` + of(4096) + `"}`, 0},
		"a long text":          {`"type":"text","text":{"body":"` + of(4097) + `"}`, 100},
		"no text":              {`"type":"text","text":{"body":" "}`, 131008},
		"a type nobody knows":  {`"type":"poll"`, 100},
		"three buttons":        {buttons(of(1024), button("a", of(20)), button("b", "B"), button("c", "C")), 0},
		"four buttons":         {buttons("b", button("a", "A"), button("b", "B"), button("c", "C"), button("d", "D")), 131009},
		"a long label":         {buttons("b", button("a", of(21))), 131009},
		"the same label":       {buttons("b", button("a", "A"), button("b", "A")), 131009},
		"the same id":          {buttons("b", button("a", "A"), button("a", "B")), 131009},
		"a long body":          {buttons(of(1025), button("a", "A")), 131009},
		"a list":               {list(of(4096), of(20), 10, of(24), of(72)), 0},
		"eleven rows":          {list("b", "l", 11, "t", ""), 131009},
		"a long row":           {list("b", "l", 1, of(25), ""), 131009},
		"a long detail":        {list("b", "l", 1, "t", of(73)), 131009},
		"a list's long button": {list("b", of(21), 1, "t", ""), 131009},
		"a link":               {link("See it", "https://a.example"), 0},
		"a long link":          {link(of(21), "https://a.example"), 131009},
		"a link to a phone":    {link("Call", "tel:+1"), 131009},
		"a picture":            {`"type":"image","image":{"link":"https://a.example/a.jpg","caption":"` + of(1024) + `"}`, 0},
		"a long caption":       {`"type":"image","image":{"link":"https://a.example/a.jpg","caption":"` + of(1025) + `"}`, 131009},
		"a sound's caption":    {`"type":"audio","audio":{"link":"https://a.example/a.mp3","caption":"x"}`, 100},
		"no file":              {`"type":"image","image":{}`, 131008},
		"a contact":            {`"type":"contacts","contacts":[{"name":{"formatted_name":"Ana","first_name":"Ana"}}]`, 0},
		"half a contact":       {`"type":"contacts","contacts":[{"name":{"formatted_name":"Ana"}}]`, 131009},
		"a place":              {`"type":"location","location":{"latitude":"1","longitude":"2"}`, 0},
		"half a place":         {`"type":"location","location":{"latitude":"1"}`, 131008},
		"a reaction":           {`"type":"reaction","reaction":{"message_id":"wamid.1","emoji":""}`, 0},
		"a template":           {`"type":"template","template":{"name":"hello","language":{"code":"en"}}`, 0},
		"no such template":     {`"type":"template","template":{"name":"Hello World","language":{"code":"en"}}`, 132001},
	} {
		status, body, err := post(t, s, client, `{"messaging_product":"whatsapp","to":"16505551234",`+tt.body+`}`)
		if err != nil || tt.code == 0 && status != 200 || tt.code != 0 && (status != 400 || !strings.Contains(body, fmt.Sprintf(`"code":%d,`, tt.code))) {
			t.Errorf("%s: %d %s %v", name, status, body, err)
		}
	}
	for name, body := range map[string]string{
		"no product": `{"to":"16505551234","type":"text","text":{"body":"x"}}`, "no JSON": `{`, "nobody": `{"messaging_product":"whatsapp","type":"text","text":{"body":"x"}}`,
	} {
		if status, answer, err := post(t, s, client, body); status != 400 || err != nil {
			t.Errorf("%s: %d %s %v", name, status, answer, err)
		}
	}
	const read = `{"messaging_product":"whatsapp","status":"read","message_id":"wamid.1","typing_indicator":{"type":"text"}}`
	if status, answer, err := post(t, s, client, read); status != 200 || answer != `{"success":true}` || len(s.Actions()) != 2 {
		t.Error(status, answer, err, s.Actions())
	}
}
