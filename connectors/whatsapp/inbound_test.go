package whatsapp_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/connectortest"
	"parley/engine"
)

func ok() engine.WebhookResponse {
	return engine.WebhookResponse{Status: http.StatusOK, ContentType: "text/plain"}
}

// changes wraps values of the field "messages".
func changes(values ...string) string {
	var all []string
	for _, v := range values {
		all = append(all, `{"field":"messages","value":`+v+`}`)
	}
	return `{"object":"whatsapp_business_account","entry":[{"id":"` + waba + `","changes":[` + strings.Join(all, ",") + `]}]}`
}

func valueOf(number, rest string) string {
	return `{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881","phone_number_id":"` + number + `"},` + rest + `}`
}

const contacts = `"contacts":[{"profile":{"name":"Ann"},"wa_id":"` + ann + `"}]`

// wrote is a webhook with one message of Ann's: rest is what its type brings.
func wrote(kind, rest string) string {
	return changes(valueOf(number, contacts+`,"messages":[{"from":"`+ann+`","id":"wamid.1","timestamp":"1767225600","type":"`+kind+`"`+rest+`}]`))
}

// from is what Ann's message decodes to.
func from(change func(*engine.Inbound)) []engine.Inbound {
	in := engine.Inbound{To: number, From: ann, FromName: "Ann", ProviderID: "wamid.1", ProviderAt: time.Unix(1767225600, 0).UTC()}
	change(&in)
	return []engine.Inbound{in}
}

func said(text string) []engine.Inbound {
	return from(func(in *engine.Inbound) { in.Content.Text = text })
}

func sent(media engine.Media, caption string) []engine.Inbound {
	return from(func(in *engine.Inbound) { in.Content = engine.Content{Text: caption, Media: []engine.Media{media}} })
}

func unsupported(kind string) []engine.Inbound {
	return from(func(in *engine.Inbound) { in.Content.Unsupported = kind })
}

func receipt(rest string) string {
	return changes(valueOf(number, `"statuses":[{"id":"wamid.OUT","timestamp":"1767225601","recipient_id":"`+ann+`",`+rest+`}]`))
}

func reported(state engine.DeliveryState) []engine.StatusUpdate {
	return []engine.StatusUpdate{{To: number, Item: "item-1", ProviderID: "wamid.OUT", State: state}}
}

func TestInbound(t *testing.T) {
	t.Parallel()
	const mark = `,"biz_opaque_callback_data":"item-1"`
	const quoting = `,"context":{"from":"15550783881","id":"wamid.Q"}`
	var cases []connectortest.InboundCase
	add := func(name, body string, in []engine.Inbound, st []engine.StatusUpdate) {
		cases = append(cases, connectortest.InboundCase{Name: name, Body: body, Inbound: in, Statuses: st, Response: ok()})
	}
	add("text", wrote("text", `,"text":{"body":"caf\u00e9 \ud83d\ude00 a\/b"}`), said("café 😀 a/b"), nil)
	add("text with NUL", wrote("text", `,"text":{"body":"a\u0000b"}`), said("ab"), nil)
	add("answer to a message", wrote("text", quoting+`,"text":{"body":"Yes"}`), from(func(in *engine.Inbound) { in.Of, in.Content.Text = "wamid.Q", "Yes" }), nil)
	add("image", wrote("image", `,"image":{"id":"MID","mime_type":"image/jpeg","sha256":"b64==","caption":"look"}`),
		sent(engine.Media{Kind: engine.MediaImage, MIME: "image/jpeg", Ref: "MID"}, "look"), nil)
	add("sticker", wrote("sticker", `,"sticker":{"id":"MID","mime_type":"image/webp","animated":false}`),
		sent(engine.Media{Kind: engine.MediaImage, MIME: "image/webp", Ref: "MID"}, ""), nil)
	add("voice", wrote("audio", `,"audio":{"id":"MID","mime_type":"audio/ogg; codecs=opus","sha256":"b64==","voice":true}`),
		sent(engine.Media{Kind: engine.MediaAudio, MIME: "audio/ogg", Ref: "MID"}, ""), nil)
	add("video", wrote("video", `,"video":{"id":"MID","mime_type":"video/mp4"}`), sent(engine.Media{Kind: engine.MediaVideo, MIME: "video/mp4", Ref: "MID"}, ""), nil)
	add("document", wrote("document", `,"document":{"id":"MID","mime_type":"application/pdf","filename":"Bill.pdf"}`),
		sent(engine.Media{Kind: engine.MediaFile, MIME: "application/pdf", Name: "Bill.pdf", Ref: "MID"}, ""), nil)
	add("location", wrote("location", `,"location":{"latitude":52.52,"longitude":"13.4","name":"Shop","address":"1 Ring Road","url":"https://shop.example"}`),
		from(func(in *engine.Inbound) {
			in.Content.Location = &engine.Location{Lat: 52.52, Lon: 13.4, Name: "Shop", Address: "1 Ring Road"}
		}), nil)
	add("contacts", wrote("contacts", `,"contacts":[{"name":{"formatted_name":"Bob B","first_name":"Bob"},"org":{"company":"Acme"},"phones":[{"phone":"+1 555 0100","type":"WORK"},{"wa_id":"15550101"},{}],"emails":[{"email":"bob@acme.example"},{}]}]`),
		from(func(in *engine.Inbound) {
			in.Content.Contacts = []engine.Contact{{Name: "Bob B", Org: "Acme", Phones: []string{"+1 555 0100", "+15550101"}, Emails: []string{"bob@acme.example"}}}
		}), nil)
	add("button of a template", wrote("button", quoting+`,"button":{"payload":"no","text":"No"}`), from(func(in *engine.Inbound) {
		in.Of, in.Payload, in.Content.Text = "wamid.Q", "no", "No"
	}), nil)
	add("button", wrote("interactive", quoting+`,"interactive":{"type":"button_reply","button_reply":{"id":"b1","title":"Yes"}}`), from(func(in *engine.Inbound) {
		in.Of, in.Payload, in.Content.Text = "wamid.Q", "b1", "Yes"
	}), nil)
	add("row of a list", wrote("interactive", quoting+`,"interactive":{"type":"list_reply","list_reply":{"id":"row1","title":"Row 1","description":"d"}}`), from(func(in *engine.Inbound) {
		in.Of, in.Payload, in.Content.Text = "wamid.Q", "row1", "Row 1"
	}), nil)
	add("form", wrote("interactive", `,"interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"flow_token\":\"t\",\"size\":\"M\",\"n\":2,\"days\":[\"Mon\",\"Tue\"],\"at\":{\"city\":\"Ulm\",\"x\":null}}"}}`),
		said("at.city: Ulm\ndays: Mon, Tue\nn: 2\nsize: M"), nil)
	add("form without fields", wrote("interactive", `,"interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"flow_token\":\"t\"}"}}`), said("Sent"), nil)
	add("answer to a call", wrote("interactive", `,"interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"accept"}}`), unsupported("call_permission_reply"), nil)
	add("reaction", wrote("reaction", `,"reaction":{"message_id":"wamid.OUT","emoji":"👍"}`), from(func(in *engine.Inbound) {
		in.Kind, in.Of, in.Emoji = engine.InboundReaction, "wamid.OUT", "👍"
	}), nil)
	add("reaction taken back", wrote("reaction", `,"reaction":{"message_id":"wamid.OUT"}`), from(func(in *engine.Inbound) {
		in.Kind, in.Of = engine.InboundReaction, "wamid.OUT"
	}), nil)
	add("order", wrote("order", `,"order":{"catalog_id":"1","text":"Please","product_items":[{"product_retailer_id":"sku-1","quantity":"2","item_price":9.5,"currency":"EUR"},{"product_retailer_id":"sku-2","quantity":1}]}`),
		said("Please\n2 × sku-1 (9.5 EUR)\n1 × sku-2"), nil)
	add("edit", wrote("edit", `,"edit":{"original_message_id":"wamid.0","message":{"type":"text","text":{"body":"fixed"}}}`), from(func(in *engine.Inbound) {
		in.Kind, in.Of, in.Content.Text = engine.InboundEdit, "wamid.0", "fixed"
	}), nil)
	add("revoke", wrote("revoke", `,"revoke":{"original_message_id":"wamid.0"}`), from(func(in *engine.Inbound) { in.Kind, in.Of = engine.InboundUnsend, "wamid.0" }), nil)
	add("opened the chat", wrote("request_welcome", ""), from(func(in *engine.Inbound) {
		in.Kind, in.Referral = engine.InboundReferral, &engine.Referral{Source: "welcome"}
	}), nil)
	add("advertisement", wrote("text", `,"text":{"body":"Hi"},"referral":{"source_url":"https://fb.me/1","source_type":"ad","source_id":"120","headline":"Sale","body":"Now","media_type":"image","ctwa_clid":"c"}`),
		from(func(in *engine.Inbound) {
			in.Content.Text, in.Referral = "Hi", &engine.Referral{Source: "ad", ID: "120", Title: "Sale", URL: "https://fb.me/1"}
		}), nil)
	add("changed number", wrote("system", `,"system":{"body":"Ann changed","type":"user_changed_number","wa_id":"16505559999"}`), nil, nil)
	add("poll", wrote("unsupported", `,"errors":[{"code":131051,"title":"Message type unknown"}],"unsupported":{"type":"poll_creation"}`), unsupported("poll_creation"), nil)
	add("unsupported without a type", wrote("unsupported", `,"errors":[{"code":131051}]`), unsupported("message"), nil)
	add("type of tomorrow", wrote("hologram", `,"hologram":{"x":1}`), unsupported("hologram"), nil)
	add("form of tomorrow", wrote("text", `,"text":"Hi"`), unsupported("text"), nil)
	add("image without an id", wrote("image", `,"image":{"link":"x"}`), unsupported("image"), nil)
	add("no phone", changes(valueOf(number, `"contacts":[{"profile":{"username":"ann.b"},"user_id":"`+annUserID+`"}],"messages":[{"from_user_id":"`+annUserID+`","id":"wamid.1","timestamp":"1767225600","type":"text","text":{"body":"no phone here"}}]`)),
		from(func(in *engine.Inbound) {
			in.From, in.FromName, in.Content.Text = annUserID, "ann.b", "no phone here"
		}), nil)
	add("phone and user id", changes(valueOf(number, `"contacts":[{"profile":{"name":"Ann"},"wa_id":"`+ann+`","user_id":"`+annUserID+`"}],"messages":[{"from":"`+ann+`","from_user_id":"`+annUserID+`","id":"wamid.1","timestamp":"1767225600","type":"text","text":{"body":"Hi"}}]`)),
		from(func(in *engine.Inbound) { in.Aliases, in.Content.Text = []string{annUserID}, "Hi" }), nil)
	add("user id in the contact alone", changes(valueOf(number, `"contacts":[{"profile":{"name":"Ann"},"wa_id":"`+ann+`","user_id":"`+annUserID+`"}],"messages":[{"from":"`+ann+`","id":"wamid.1","timestamp":1767225600,"type":"text","text":{"body":"Hi"}}]`)),
		from(func(in *engine.Inbound) { in.Aliases, in.Content.Text = []string{annUserID}, "Hi" }), nil)
	add("nobody", changes(valueOf(number, `"messages":[{"id":"wamid.1","type":"text","text":{"body":"Hi"}}]`)), nil, nil)

	add("sent", receipt(`"status":"sent"`+mark), nil, reported(engine.Sent))
	add("delivered", receipt(`"status":"delivered"`+mark+`,"conversation":{"id":"c"},"pricing":{"billable":true}`), nil, reported(engine.Delivered))
	add("read", receipt(`"status":"read"`+mark), nil, reported(engine.Read))
	add("played", receipt(`"status":"played"`+mark), nil, reported(engine.Read))
	add("deleted", receipt(`"status":"deleted"`+mark), nil, nil)
	add("failed", receipt(`"status":"failed"`+mark+`,"errors":[{"code":131047,"title":"Re-engagement message","error_data":{"details":"x"}}]`), nil, []engine.StatusUpdate{{
		To: number, Item: "item-1", ProviderID: "wamid.OUT", State: engine.Failed, Code: "131047", Class: engine.SendWindow,
		Message: "The consumer has not written for 24 hours; only a template may be sent.",
	}})
	add("failed for no reason", receipt(`"status":"failed"`), nil, []engine.StatusUpdate{{
		To: number, ProviderID: "wamid.OUT", State: engine.Failed, Class: engine.SendInvalid, Message: "Meta could not deliver the message.",
	}})
	add("too fast, later", receipt(`"status":"failed","errors":[{"code":130429}]`), nil, []engine.StatusUpdate{{
		To: number, ProviderID: "wamid.OUT", State: engine.Failed, Code: "130429", Class: engine.SendThrottle,
		Message: "This number sends faster than its rate allows.", RetryAfter: time.Second,
	}})
	add("of somebody else's send", receipt(`"status":"sent","biz_opaque_callback_data":"`+strings.Repeat("x", 300)+`"`), nil, []engine.StatusUpdate{{
		To: number, ProviderID: "wamid.OUT", State: engine.Sent,
	}})
	add("written in the app", `{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"smb_message_echoes","value":`+
		valueOf(number, `"message_echoes":[{"from":"15550783881","to":"`+ann+`","id":"wamid.E","timestamp":"1767225600","type":"text","text":{"body":"Hello from the app"}},{"from":"15550783881","to":"`+ann+`","id":"wamid.F","type":"revoke","revoke":{"original_message_id":"wamid.E"}}]`)+`}]}]}`,
		[]engine.Inbound{{Kind: engine.InboundEcho, To: number, From: ann, ProviderID: "wamid.E", ProviderAt: time.Unix(1767225600, 0).UTC(), Content: engine.Content{Text: "Hello from the app"}}}, nil)

	// Several in one, of several numbers; what cannot be read takes nothing else along.
	one := func(id, text string) string {
		return fmt.Sprintf(`{"from":%q,"id":%q,"timestamp":"1767225600","type":"text","text":{"body":%q}}`, ann, id, text)
	}
	batch := changes(
		valueOf(number, contacts+`,"messages":[`+one("wamid.1", "first")+`,5,{"from":7},`+one("wamid.2", "second")+`],"statuses":[{"id":"wamid.OUT","status":"read"},"x"]`),
		`"no value"`, valueOf(other, contacts+`,"messages":[`+one("wamid.3", "third")+`]`),
	)
	inbound := func(to, id, text string) engine.Inbound {
		return engine.Inbound{To: to, From: ann, FromName: "Ann", ProviderID: id, ProviderAt: time.Unix(1767225600, 0).UTC(), Content: engine.Content{Text: text}}
	}
	add("many at once", batch, []engine.Inbound{inbound(number, "wamid.1", "first"), inbound(number, "wamid.2", "second"), inbound(other, "wamid.3", "third")},
		[]engine.StatusUpdate{{To: number, ProviderID: "wamid.OUT", State: engine.Read}})
	add("news about a template", `{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"message_template_status_update","value":{"event":"APPROVED"}}]}]}`, nil, nil)
	add("another product", `{"object":"page","entry":[{"id":"1","messaging":[{"sender":{"id":"5"},"message":{"mid":"m","text":"hi"}}]}]}`, nil, nil)
	add("no object", `[]`, nil, nil)
	cases = append(cases,
		connectortest.InboundCase{Name: "old secret", Body: wrote("text", `,"text":{"body":"Hi"}`), Sign: signWith("app_secret_old"), Inbound: said("Hi"), Response: ok()},
		connectortest.InboundCase{Name: "no JSON", Body: "{", Err: engine.Invalid},
		connectortest.InboundCase{Name: "handshake", Method: http.MethodGet, Path: "/hooks/acme.wa?hub.mode=subscribe&hub.challenge=1158201444",
			Response: engine.WebhookResponse{Status: 200, ContentType: "text/plain; charset=utf-8", Body: []byte("1158201444")}},
		connectortest.InboundCase{Name: "handshake without a challenge", Method: http.MethodGet, Path: "/hooks/acme.wa?hub.mode=subscribe", Err: engine.Invalid},
		connectortest.InboundCase{Name: "handshake of nobody", Method: http.MethodGet, Path: "/hooks/acme.wa?hub.mode=subscribe&hub.challenge=1",
			Sign: func(_ engine.Channel, req *engine.WebhookRequest) { req.URL += "&hub.verify_token=wrong" }, Err: engine.Unauthenticated},
	)
	connectortest.RunInbound(t, suite(), cases)
}
