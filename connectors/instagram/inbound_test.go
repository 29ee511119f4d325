package instagram_test

import (
	"net/http"
	"strings"
	"testing"

	"parley/connectors/connectortest"
	"parley/engine"
)

// wrote is a message of the consumer.
func wrote(id, text string, change ...func(*engine.Inbound)) engine.Inbound {
	in := engine.Inbound{From: consumer, ProviderID: id, ProviderAt: at(), Content: engine.Content{Text: text}}
	for _, c := range change {
		c(&in)
	}
	return in
}

func inboundCases() []connectortest.InboundCase {
	const stamp = "1767225600000"
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
	pressed := func(payload string) func(*engine.Inbound) {
		return func(in *engine.Inbound) { in.Payload = payload }
	}
	const cdn = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1&signature=x"
	file := engine.Media{Kind: "file", URL: cdn}
	cases := []connectortest.InboundCase{
		{
			Name: "a text, escaped as Meta does it", Body: posted(`{FROM,"message":{"mid":"aWc1","text":"caf\u00e9 \ud83d\ude00"}}`),
			Inbound: []engine.Inbound{wrote("aWc1", "café 😀")},
		},
		{
			Name: "signed with the other secret", Sign: signWith("app_secret_old"), Body: posted(`{FROM,"message":{"mid":"aWc1","text":"hi"}}`),
			Inbound: []engine.Inbound{wrote("aWc1", "hi")},
		},
		{
			Name: "a quick reply and an ice breaker", Body: posted(`{FROM,"message":{"mid":"aWc2","text":"Yes","quick_reply":{"payload":"b:7q2"}}}`, `{FROM,"postback":{"mid":"aWc3","title":"Where is my order?","payload":"order"}}`),
			Inbound: []engine.Inbound{wrote("aWc2", "Yes", pressed("b:7q2")), wrote("aWc3", "Where is my order?", pressed("order"))},
		},
		{
			Name: "an answer to a message", Body: posted(`{FROM,"message":{"mid":"aWc4","text":"this one","reply_to":{"mid":"aWcOUT"}}}`),
			Inbound: []engine.Inbound{wrote("aWc4", "this one", func(in *engine.Inbound) { in.Of = "aWcOUT" })},
		},
		{
			Name: "an answer to a story", Body: posted(`{FROM,"message":{"mid":"aWc5","text":"nice!","reply_to":{"story":{"url":"` + cdn + `","id":"178"}}}}`),
			Inbound: []engine.Inbound{wrote("aWc5", "nice!", referral(engine.Referral{Source: "story", ID: "178", URL: cdn}))},
		},
		{
			Name: "mentioned in a story", Body: posted(`{FROM,"message":{"mid":"aWc6","attachments":[{"type":"story_mention","payload":{"url":"` + cdn + `"}}]}}`),
			Inbound: []engine.Inbound{wrote("aWc6", "", media(file), referral(engine.Referral{Source: "story_mention", URL: cdn}))},
		},
		{
			Name: "media", Body: posted(`{FROM,"message":{"mid":"aWc7","attachments":[{"type":"image","payload":{"url":"` + cdn + `"}},{"type":"video","payload":{"url":"` + cdn + `"}},
				{"type":"audio","payload":{"url":"` + cdn + `"}},{"type":"file","payload":{"url":"` + cdn + `"}}]}}`),
			Inbound: []engine.Inbound{wrote("aWc7", "", media(engine.Media{Kind: "image", URL: cdn}, engine.Media{Kind: "video", URL: cdn}, engine.Media{Kind: "audio", URL: cdn}, file))},
		},
		{
			Name: "posts and reels", Body: posted(`{FROM,"message":{"mid":"aWc8","attachments":[{"type":"share","payload":{"url":"`+cdn+`"}}]}}`,
				`{FROM,"message":{"mid":"aWc9","text":"this?","attachments":[{"type":"ig_reel","payload":{"reel_video_id":"1","title":"A ride","url":"`+cdn+`"}}]}}`,
				`{FROM,"message":{"mid":"aWc10","attachments":[{"type":"ig_post","payload":{"ig_post_media_id":"1","title":"Sale","url":"https://www.instagram.com/p/x"}}]}}`),
			Inbound: []engine.Inbound{
				wrote("aWc8", "", media(file)), wrote("aWc9", "this?", media(engine.Media{Kind: "file", URL: cdn, Name: "A ride"})), wrote("aWc10", "Sale\nhttps://www.instagram.com/p/x"),
			},
		},
		{
			Name: "a heart", Body: posted(`{FROM,"message":{"mid":"aWc11","attachments":[{"type":"like_heart"}]}}`),
			Inbound: []engine.Inbound{wrote("aWc11", "❤️")},
		},
		{
			Name: "what cannot be shown", Body: posted(`{FROM,"message":{"mid":"aWc12","is_unsupported":true}}`, `{FROM,"message":{"mid":"aWc13","attachments":[{"type":"ephemeral"}]}}`,
				`{FROM,"message":{"mid":"aWc14","attachments":[{"type":"avatar","payload":{}}]}}`),
			Inbound: []engine.Inbound{
				wrote("aWc12", "", unsupported("message")), wrote("aWc13", "", unsupported("disappearing picture")), wrote("aWc14", "", unsupported("avatar")),
			},
		},
		{
			Name: "about a product, and by an advertisement", Body: posted(`{FROM,"message":{"mid":"aWc15","text":"in red?","referral":{"product":{"id":"P1"}}}}`,
				`{FROM,"message":{"mid":"aWc16","text":"hi","referral":{"ref":"r","ad_id":"120","source":"ADS","type":"OPEN_THREAD","ads_context_data":{"ad_title":"Sale","photo_url":"https://acme.example/a.jpg"}}}}`,
				`{FROM,"referral":{"ref":"me","source":"IGME-SOURCE-LINK","type":"OPEN_THREAD"}}`),
			Inbound: []engine.Inbound{
				wrote("aWc15", "in red?", referral(engine.Referral{Source: "product", ID: "P1"})),
				wrote("aWc16", "hi", referral(engine.Referral{Source: "ad", Ref: "r", ID: "120", Title: "Sale"})),
				wrote(key("referral", consumer, stamp, "me", ""), "", about(engine.InboundReferral, ""), referral(engine.Referral{Source: "link", Ref: "me"})),
			},
		},
		{
			Name: "taken back and changed", Body: posted(`{FROM,"message":{"mid":"aWc1","is_deleted":true}}`, `{FROM,"message_edit":{"mid":"aWc1","text":"fixed","num_edit":2}}`, `{FROM,"message_edit":{"mid":"aWc1","num_edit":0}}`),
			Inbound: []engine.Inbound{
				wrote(key("unsend", "aWc1"), "", about(engine.InboundUnsend, "aWc1")), wrote(key("edit", "aWc1", "2"), "fixed", about(engine.InboundEdit, "aWc1")),
			},
		},
		{
			Name: "read, and all before", Body: posted(`{FROM,"read":{"mid":"aWcOUT"}}`),
			Statuses: []engine.StatusUpdate{{ProviderID: "aWcOUT", State: engine.Read}, {Address: consumer, Until: at(), State: engine.Read}},
		},
		{
			Name: "reactions", Body: posted(`{FROM,"reaction":{"mid":"aWcOUT","action":"react","reaction":"love","emoji":"\u2764\ufe0f"}}`, `{FROM,"reaction":{"mid":"aWcOUT","action":"react","reaction":"laugh"}}`,
				`{FROM,"reaction":{"mid":"aWcOUT","action":"unreact"}}`),
			Inbound: []engine.Inbound{
				wrote(key("reaction", "aWcOUT", stamp, "react", "❤️"), "", about(engine.InboundReaction, "aWcOUT"), func(in *engine.Inbound) { in.Emoji = "❤️" }),
				wrote(key("reaction", "aWcOUT", stamp, "react", "😆"), "", about(engine.InboundReaction, "aWcOUT"), func(in *engine.Inbound) { in.Emoji = "😆" }),
				wrote(key("reaction", "aWcOUT", stamp, "unreact", ""), "", about(engine.InboundReaction, "aWcOUT")),
			},
		},
		{
			Name: "echoes", Body: posted(`{ECHO,"message":{"is_echo":true,"mid":"aWcOUT1","text":"hello","metadata":"parley:item-1"}}`,
				`{ECHO,"message":{"is_echo":true,"mid":"aWcOUT2","text":"Ben here"}}`,
				`{ECHO,"message":{"is_echo":true,"mid":"aWcOUT3","attachments":[{"type":"template","payload":{"generic":{"elements":[{"title":"Urban 5"}]}}}]}}`,
				`{ECHO,"message":{"is_echo":true,"is_deleted":true,"mid":"aWcOUT2"}}`),
			Inbound: []engine.Inbound{
				wrote("aWcOUT2", "Ben here", about(engine.InboundEcho, "")),
				wrote("aWcOUT3", "", about(engine.InboundEcho, ""), func(in *engine.Inbound) { in.Content.Cards = []engine.Card{{Title: "Urban 5"}} }),
			},
			Statuses: []engine.StatusUpdate{{Item: "item-1", ProviderID: "aWcOUT1", State: engine.Sent}},
		},
		{
			Name: "the account writes to itself", Body: posted(
				`{"sender":{"id":"`+account+`"},"recipient":{"id":"`+account+`"},"timestamp":1767225600000,"message":{"mid":"aWc17","text":"test","is_self":true}}`,
				`{"sender":{"id":"`+account+`"},"recipient":{"id":"`+account+`"},"timestamp":1767225600000,"message":{"mid":"aWc17","text":"test","is_self":true,"is_echo":true}}`),
			Inbound: []engine.Inbound{wrote("aWc17", "test", func(in *engine.Inbound) { in.From = account })},
		},
		{
			Name: "as changes, with the time in seconds and as a text",
			Body: `{"object":"instagram","entry":[{"id":"` + account + `","time":1767225600,"changes":[
				{"field":"messages","value":{"sender":{"id":"` + consumer + `"},"recipient":{"id":"` + account + `"},"timestamp":"1767225600","message":{"mid":"aWc18","text":"hi"}}},
				{"field":"comments","value":{"id":"1","text":"nice","sender":{"id":"1"},"message":{"mid":"c"}}}]}]}`,
			Inbound: []engine.Inbound{wrote("aWc18", "hi")},
		},
		{
			Name:    "another app has the conversation",
			Body:    `{"object":"instagram","entry":[{"id":"` + account + `","standby":[` + filled(`{FROM,"message":{"mid":"aWc19","text":"hi"}}`) + `]}]}`,
			Inbound: []engine.Inbound{wrote("aWc19", "hi", func(in *engine.Inbound) { in.Standby = true })},
		},
		{
			Name:    "another account of the app",
			Body:    `{"object":"instagram","entry":[{"id":"` + other + `","messaging":[` + strings.ReplaceAll(filled(`{FROM,"message":{"mid":"aWc20","text":"hi"}}`), account, other) + `]}]}`,
			Inbound: []engine.Inbound{wrote("aWc20", "hi", func(in *engine.Inbound) { in.To = other })},
		},
		{
			// The id that apps with Facebook's sign-in see may be another than that of the entry.
			Name:    "the account by another id",
			Body:    strings.Replace(posted(`{FROM,"message":{"mid":"aWc21","text":"hi"}}`), `"recipient":{"id":"`+account+`"}`, `"recipient":{"id":"90010000000"}`, 1),
			Inbound: []engine.Inbound{wrote("aWc21", "hi")},
		},
		{Name: "of another product", Body: strings.Replace(posted(`{FROM,"message":{"mid":"aWc1","text":"hi"}}`), `"instagram"`, `"page"`, 1)},
	}
	for i := range cases {
		cases[i].Response = engine.WebhookResponse{Status: http.StatusOK, ContentType: "text/plain"}
	}
	return append(cases, connectortest.InboundCase{Name: "no JSON", Body: `[`, Err: engine.Invalid})
}

func TestInbound(t *testing.T) {
	t.Parallel()
	connectortest.RunInbound(t, suite(), inboundCases())
}

func TestSpec(t *testing.T) {
	t.Parallel()
	connectortest.RunSpec(t, suite())
}
