package messenger_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/connectortest"
	"parley/engine"
)

// ok is what Meta hears of everything that is signed.
func ok() engine.WebhookResponse {
	return engine.WebhookResponse{Status: http.StatusOK, ContentType: "text/plain"}
}

// wrote is a message of the consumer.
func wrote(id, text string, change ...func(*engine.Inbound)) engine.Inbound {
	in := engine.Inbound{From: consumer, ProviderID: id, ProviderAt: at(), Content: engine.Content{Text: text}}
	for _, c := range change {
		c(&in)
	}
	return in
}

func inboundCases() []connectortest.InboundCase {
	referral := func(r engine.Referral) func(*engine.Inbound) {
		return func(in *engine.Inbound) { in.Referral = &r }
	}
	about := func(kind engine.InboundKind, of string) func(*engine.Inbound) {
		return func(in *engine.Inbound) { in.Kind, in.Of = kind, of }
	}
	media := func(all ...engine.Media) func(*engine.Inbound) {
		return func(in *engine.Inbound) { in.Content.Media = all }
	}
	unsupported := func(what string) func(*engine.Inbound) {
		return func(in *engine.Inbound) { in.Content.Unsupported = what }
	}
	long := strings.Repeat("m", 201)
	cdn := func(kind, file string) engine.Media {
		return engine.Media{Kind: kind, URL: "https://scontent.xx.fbcdn.net/" + file}
	}
	cases := []connectortest.InboundCase{
		{
			Name: "a text, escaped as Meta does it", Body: posted(`{FROM,"message":{"mid":"m_1","text":"caf\u00e9 \ud83d\ude00"}}`),
			Inbound: []engine.Inbound{wrote("m_1", "café 😀")},
		},
		{
			Name: "signed with the old secret", Sign: signWith("app_secret_old"), Body: posted(`{FROM,"message":{"mid":"m_1","text":"hi"}}`),
			Inbound: []engine.Inbound{wrote("m_1", "hi")},
		},
		{
			Name: "a quick reply", Body: posted(`{FROM,"message":{"mid":"m_2","text":"Yes","quick_reply":{"payload":"b:7q2"}}}`),
			Inbound: []engine.Inbound{wrote("m_2", "Yes", func(in *engine.Inbound) { in.Payload = "b:7q2" })},
		},
		{
			Name: "an answer to a message", Body: posted(`{FROM,"message":{"mid":"m_3","text":"this one","reply_to":{"mid":"m_out1"}}}`),
			Inbound: []engine.Inbound{wrote("m_3", "this one", func(in *engine.Inbound) { in.Of = "m_out1" })},
		},
		{
			Name: "pictures, a film, a sound, a file", Body: posted(`{FROM,"message":{"mid":"m_4","text":"look","attachments":[
				{"type":"image","payload":{"url":"https:\/\/scontent.xx.fbcdn.net\/a.jpg"}},{"type":"video","payload":{"url":"https://scontent.xx.fbcdn.net/b.mp4"}},
				{"type":"audio","payload":{"url":"https://scontent.xx.fbcdn.net/c.mp4"}},{"type":"file","payload":{"url":"https://scontent.xx.fbcdn.net/d.pdf"}}]}}`),
			Inbound: []engine.Inbound{wrote("m_4", "look", media(cdn("image", "a.jpg"), cdn("video", "b.mp4"), cdn("audio", "c.mp4"), cdn("file", "d.pdf")))},
		},
		{
			Name: "30 pictures", Body: posted(`{FROM,"message":{"mid":"m_5","attachments":[` + strings.TrimSuffix(strings.Repeat(`{"type":"image","payload":{"url":"https://scontent.xx.fbcdn.net/a.jpg"}},`, 30), ",") + `]}}`),
			Inbound: []engine.Inbound{
				wrote("m_5", "", media(repeat(cdn("image", "a.jpg"), 20)...)),
				wrote(key("more", "m_5", "1"), "", media(repeat(cdn("image", "a.jpg"), 10)...)),
			},
		},
		{
			Name: "a thumb, and another sticker in both ways", Body: posted(
				`{FROM,"message":{"mid":"m_6","attachments":[{"type":"image","payload":{"url":"https://scontent.xx.fbcdn.net/t.png","sticker_id":369239263222822}}]}}`,
				`{FROM,"message":{"mid":"m_7","sticker_id":1,"attachments":[{"type":"image","payload":{"url":"https://scontent.xx.fbcdn.net/s.png","sticker_id":1}}]}}`,
				`{FROM,"message":{"mid":"m_8","attachments":[{"type":"sticker","payload":{"url":"https://scontent.xx.fbcdn.net/s.png","sticker_id":"1"}}]}}`),
			Inbound: []engine.Inbound{wrote("m_6", "👍"), wrote("m_7", "", media(cdn("image", "s.png"))), wrote("m_8", "", media(cdn("image", "s.png")))},
		},
		{
			Name: "a place", Body: posted(`{FROM,"message":{"mid":"m_loc","attachments":[{"type":"location","title":"Ann's Location","url":"https://www.facebook.com/l.php","payload":{"coordinates":{"lat":-1.95,"long":30.06}}}]}}`,
				`{FROM,"message":{"mid":"m_loc2","attachments":[{"type":"location","payload":{"coordinates":{"lat":1e9,"long":30.06}}}]}}`),
			Inbound: []engine.Inbound{
				wrote("m_loc", "", func(in *engine.Inbound) {
					in.Content.Location = &engine.Location{Lat: -1.95, Lon: 30.06, Name: "Ann's Location"}
				}),
				wrote("m_loc2", "", unsupported("location")),
			},
		},
		{
			Name: "links and what is shared", Body: posted(
				`{FROM,"message":{"mid":"m_9","text":"see https://acme.example","attachments":[{"type":"fallback","title":"Acme","url":"https://l.facebook.com/l.php?u=x","payload":null}]}}`,
				`{FROM,"message":{"mid":"m_10","attachments":[{"type":"fallback","payload":{"title":"Acme","url":"https://acme.example"}}]}}`,
				`{FROM,"message":{"mid":"m_11","attachments":[{"type":"reel","payload":{"url":"https://www.facebook.com/reel/1","title":"A ride","reel_video_id":1}}]}}`,
				`{FROM,"message":{"mid":"m_12","attachments":[{"type":"ig_reel","payload":{"url":"https://lookaside.fbsbx.com/x","title":"A ride"}}]}}`),
			Inbound: []engine.Inbound{
				wrote("m_9", "see https://acme.example"), wrote("m_10", "Acme\nhttps://acme.example"), wrote("m_11", "A ride\nhttps://www.facebook.com/reel/1"),
				wrote("m_12", "", media(engine.Media{Kind: "file", URL: "https://lookaside.fbsbx.com/x", Name: "A ride"})),
			},
		},
		{
			Name: "what cannot be shown", Body: posted(
				`{FROM,"message":{"mid":"m_13"}}`, `{FROM,"message":{"mid":"m_14","attachments":[{"type":"hologram","payload":{"url":"https://acme.example"}}]}}`,
				`{FROM,"message":{"mid":"m_15","attachments":[{"type":"image","payload":{"url":"http://scontent.xx.fbcdn.net/a.jpg"}}]}}`,
				`{FROM,"message":{"mid":"m_16","attachments":[{"type":"image","payload":{"url":"https://user@10.0.0.1/a.jpg"}}]}}`,
				`{FROM,"message":{"mid":"m_17","attachments":[{"payload":{}}]}}`),
			Inbound: []engine.Inbound{
				wrote("m_13", "", unsupported("message")), wrote("m_14", "", unsupported("hologram")), wrote("m_15", "", unsupported("image")),
				wrote("m_16", "", unsupported("image")), wrote("m_17", "", unsupported("message")),
			},
		},
		{
			Name: "a button, with what brought the consumer", Body: posted(`{FROM,"postback":{"mid":"m_pb1","title":"Get Started","payload":"GET_STARTED","referral":{"ref":"campaign7","source":"SHORTLINK","type":"OPEN_THREAD"}}}`,
				`{FROM,"postback":{"title":"Shop","payload":"shop"}}`, `{FROM,"postback":{"payload":"bare"}}`),
			Inbound: []engine.Inbound{
				wrote("m_pb1", "Get Started", func(in *engine.Inbound) { in.Payload = "GET_STARTED" }, referral(engine.Referral{Source: "link", Ref: "campaign7"})),
				wrote(key("postback", consumer, "1767225600000", "shop"), "Shop", func(in *engine.Inbound) { in.Payload = "shop" }),
				wrote(key("postback", consumer, "1767225600000", "bare"), "bare", func(in *engine.Inbound) { in.Payload = "bare" }),
			},
		},
		{
			Name: "came by an advertisement, and by a plugin", Body: posted(
				`{FROM,"referral":{"ref":"r1","source":"ADS","type":"OPEN_THREAD","ad_id":"6045246247433","ads_context_data":{"ad_title":"Sale","photo_url":"https://acme.example/a.jpg","post_id":"1_2"}}}`,
				`{FROM,"message":{"mid":"m_18","text":"hi","referral":{"source":"ADS","ads_context_data":{"ad_title":"Sale","post_id":"1_2"}}}}`,
				`{FROM,"message":{"mid":"m_19","text":"hi","referral":{"product":{"id":"P1"}}}}`,
				`{FROM,"optin":{"type":"notification_messages","payload":"p","notification_messages_token":"4567","title":"Deals"}}`),
			Inbound: []engine.Inbound{
				wrote(key("referral", consumer, "1767225600000", "r1", "6045246247433"), "", about(engine.InboundReferral, ""), referral(engine.Referral{Source: "ad", Ref: "r1", ID: "6045246247433", Title: "Sale"})),
				wrote("m_18", "hi", referral(engine.Referral{Source: "ad", ID: "1_2", Title: "Sale"})),
				wrote("m_19", "hi", referral(engine.Referral{Source: "product", ID: "P1"})),
				wrote(key("optin", consumer, "1767225600000", "p"), "", about(engine.InboundReferral, ""), referral(engine.Referral{Source: "optin", Ref: "p", Title: "Deals"})),
			},
		},
		{
			Name: "delivered", Body: posted(`{FROM,"delivery":{"mids":["m_out1","m_out2"],"watermark":1767225600500}}`, `{FROM,"delivery":{"watermark":1767225600500}}`, `{FROM,"delivery":{}}`),
			Statuses: []engine.StatusUpdate{
				{ProviderID: "m_out1", State: engine.Delivered}, {ProviderID: "m_out2", State: engine.Delivered},
				{Address: consumer, Until: at().Add(500 * time.Millisecond), State: engine.Delivered},
			},
		},
		{
			Name: "read, with the time in milliseconds and in seconds", Body: posted(`{FROM,"read":{"watermark":1767225600500}}`, `{FROM,"read":{"watermark":1767225600}}`),
			Statuses: []engine.StatusUpdate{
				{Address: consumer, Until: at().Add(500 * time.Millisecond), State: engine.Read}, {Address: consumer, Until: at(), State: engine.Read},
			},
		},
		{
			Name: "reactions", Body: posted(
				`{FROM,"reaction":{"reaction":"love","emoji":"\u2764\ufe0f","action":"react","mid":"m_out1"}}`, `{FROM,"reaction":{"reaction":"like","action":"react","mid":"m_out1"}}`,
				`{FROM,"reaction":{"reaction":"love","emoji":"\u2764\ufe0f","action":"unreact","mid":"m_out1"}}`, `{FROM,"reaction":{"reaction":"other","action":"react","mid":"m_out1"}}`),
			Inbound: []engine.Inbound{
				wrote(key("reaction", "m_out1", "1767225600000", "react", "❤️"), "", about(engine.InboundReaction, "m_out1"), func(in *engine.Inbound) { in.Emoji = "❤️" }),
				wrote(key("reaction", "m_out1", "1767225600000", "react", "👍"), "", about(engine.InboundReaction, "m_out1"), func(in *engine.Inbound) { in.Emoji = "👍" }),
				wrote(key("reaction", "m_out1", "1767225600000", "unreact", ""), "", about(engine.InboundReaction, "m_out1")),
			},
		},
		{
			Name: "changed and taken back", Body: posted(
				`{FROM,"message_edit":{"mid":"m_1","text":"fixed","num_edit":1}}`, `{FROM,"message_edit":{"mid":"m_1","num_edit":0}}`, `{FROM,"message":{"mid":"m_1","is_deleted":true}}`),
			Inbound: []engine.Inbound{
				wrote(key("edit", "m_1", "1"), "fixed", about(engine.InboundEdit, "m_1")), wrote(key("unsend", "m_1"), "", about(engine.InboundUnsend, "m_1")),
			},
		},
		{
			Name: "an echo of ours is a receipt", Body: posted(`{ECHO,"message":{"is_echo":true,"app_id":1517776481860111,"metadata":"parley:item-1","mid":"m_out2","text":"hello"}}`),
			Statuses: []engine.StatusUpdate{{Item: "item-1", ProviderID: "m_out2", State: engine.Sent}},
		},
		{
			Name: "echoes of another app and of the Page's inbox", Body: posted(
				`{ECHO,"message":{"is_echo":true,"app_id":263902037430900,"mid":"m_out3","text":"Ben here"}}`,
				`{ECHO,"message":{"is_echo":true,"app_id":1,"metadata":"theirs","mid":"m_out4","attachments":[{"type":"template","title":"Bikes","payload":{"template_type":"generic","elements":[{"title":"Urban 5","subtitle":"1,299 €","image_url":"https://acme.example/a.jpg"}]}}]}}`,
				`{ECHO,"message":{"is_echo":true,"app_id":1,"mid":"m_out5","attachments":[{"type":"template","payload":{"template_type":"button","text":"Which?","buttons":[]}}]}}`,
				`{ECHO,"message":{"is_echo":true,"app_id":1,"mid":"m_out6","attachments":[{"type":"template","payload":{"template_type":"media"}}]}}`,
				`{ECHO,"message":{"is_echo":true,"is_deleted":true,"mid":"m_out3"}}`),
			Inbound: []engine.Inbound{
				wrote("m_out3", "Ben here", about(engine.InboundEcho, "")),
				wrote("m_out4", "", about(engine.InboundEcho, ""), func(in *engine.Inbound) {
					in.Content.Cards = []engine.Card{{Title: "Urban 5", Subtitle: "1,299 €", Image: "https://acme.example/a.jpg"}}
				}),
				wrote("m_out5", "Which?", about(engine.InboundEcho, "")),
				wrote("m_out6", "", about(engine.InboundEcho, ""), unsupported("template")),
			},
		},
		{
			Name: "another app has the conversation",
			Body: `{"object":"page","entry":[{"id":"` + page + `","time":1,"standby":[` + filled(`{FROM,"message":{"mid":"m_20","text":"hi"}}`, `{ECHO,"message":{"is_echo":true,"mid":"m_out7","text":"hello"}}`) + `]}]}`,
			Inbound: []engine.Inbound{
				wrote("m_20", "hi", func(in *engine.Inbound) { in.Standby = true }),
				wrote("m_out7", "hello", about(engine.InboundEcho, ""), func(in *engine.Inbound) { in.Standby = true }),
			},
		},
		{
			Name: "several Pages at once",
			Body: strings.TrimSuffix(posted(`{FROM,"message":{"mid":"m_21","text":"one"}}`), "]}") +
				`,{"id":"` + other + `","messaging":[{"sender":{"id":"8"},"recipient":{"id":"` + other + `"},"timestamp":1767225600000,"message":{"mid":"m_22","text":"two"}},` +
				`{"sender":{"id":"8"},"recipient":{"id":"` + other + `"},"timestamp":1767225600000,"read":{"watermark":1767225600000}},` +
				`{"sender":{"id":"` + other + `"},"recipient":{"id":"8"},"timestamp":1767225600000,"message":{"is_echo":true,"metadata":"parley:item-2","mid":"m_out8"}}]}]}`,
			Inbound:  []engine.Inbound{wrote("m_21", "one"), wrote("m_22", "two", func(in *engine.Inbound) { in.To, in.From = other, "8" })},
			Statuses: []engine.StatusUpdate{{To: other, Address: "8", Until: at(), State: engine.Read}, {To: other, Item: "item-2", ProviderID: "m_out8", State: engine.Sent}},
		},
		{
			Name: "what is broken does not spoil the batch", Body: posted(
				`7`, `{"sender":{"id":["x"]},"recipient":{},"timestamp":[],"message":{"mid":"m_23"}}`, `{FROM,"message":{"mid":"m_24","text":{"of":"another type"}}}`,
				`{FROM,"message":{"mid":"m_25","text":"a\u0000b","attachments":{"no":"list"}}}`, `{FROM,"reaction":{}}`, `{FROM,"message":{"text":"no id"}}`),
			Inbound: []engine.Inbound{wrote("m_24", "", unsupported("message")), wrote("m_25", "ab"), wrote(key("message", consumer, "1767225600000", "no id"), "no id")},
		},
		{
			Name: "ids that are too long", Body: posted(
				`{FROM,"message":{"mid":"`+long+`","text":"hi"}}`, `{FROM,"message":{"mid":"`+long+`","is_deleted":true}}`),
			Inbound: []engine.Inbound{wrote(key("long", long), "hi"), wrote(key("unsend", long), "", about(engine.InboundUnsend, key("long", long)))},
		},
		{
			Name: "what is nothing for a conversation", Body: posted(
				`{FROM,"account_linking":{"status":"linked"}}`, `{FROM,"pass_thread_control":{"new_owner_app_id":"1"}}`, `{FROM,"policy_enforcement":{"action":"block"}}`, `{FROM}`,
				`{"sender":{"user_ref":"u"},"recipient":{"id":"`+page+`"},"optin":{"ref":"x"}}`, `{"sender":{"id":"`+page+`"},"recipient":{"id":"`+page+`"},"message":{"mid":"m_26","text":"to myself"}}`),
		},
		{Name: "of another product", Body: `{"object":"instagram","entry":[{"id":"1","messaging":[` + filled(`{FROM,"message":{"mid":"m_1","text":"hi"}}`) + `]}]}`},
		{
			Name: "a comment on the Page", Body: `{"object":"page","entry":[{"id":"` + page + `","changes":[{"field":"feed","value":{"item":"comment","message":"nice","sender":{"id":"1"},"recipient":{"id":"2"}}}]}]}`,
		},
	}
	for i := range cases {
		cases[i].Response = ok()
	}
	return append(cases,
		connectortest.InboundCase{Name: "no JSON", Body: `{"object":`, Err: engine.Invalid},
		connectortest.InboundCase{
			Name: "a handshake", Method: http.MethodGet, Path: "/hooks/acme.page?hub.mode=subscribe&hub.verify_token=another+word&hub.challenge=1158201444", Err: engine.Unauthenticated,
		},
	)
}

func repeat(m engine.Media, n int) (all []engine.Media) {
	for range n {
		all = append(all, m)
	}
	return all
}

func TestInbound(t *testing.T) {
	t.Parallel()
	connectortest.RunInbound(t, suite(), inboundCases())
}

// TestHandshake: the challenge comes back as it is to who knows the token.
func TestHandshake(t *testing.T) {
	t.Parallel()
	got, err := suite().New(http.DefaultClient).Decode(channel(), engine.WebhookRequest{
		Method: http.MethodGet, URL: connectortest.PublicURL + "/hooks/acme.page?hub.mode=subscribe&hub.verify_token=a+word+of+ours&hub.challenge=1158201444",
	})
	if err != nil || got.Response.Status != http.StatusOK || string(got.Response.Body) != "1158201444" {
		t.Errorf("the handshake is answered with %+v, %v", got.Response, err)
	}
}

func TestSpec(t *testing.T) {
	t.Parallel()
	connectortest.RunSpec(t, suite())
}

func BenchmarkDecode(b *testing.B) {
	conn, ch := suite().New(http.DefaultClient), channel()
	req := engine.WebhookRequest{Method: http.MethodPost, Header: map[string][]string{}, Body: []byte(inboundCases()[0].Body)}
	signWith("app_secret")(ch, &req)
	for b.Loop() {
		if d, err := conn.Decode(ch, req); err != nil || len(d.Inbound) != 1 {
			b.Fatal(d, err)
		}
	}
}
