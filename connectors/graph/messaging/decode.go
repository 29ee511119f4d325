package messaging

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"slices"
	"strconv"
	"strings"

	"parley/engine"
)

const (
	maxID       = 200 // bytes of an id, as the receiver takes them
	maxMedia    = 20  // of one message, as the receiver takes them; more are a second one
	maxPayload  = 1000
	maxURL      = 4096
	maxTitle    = 300
	mostMIDs    = 1000 // of one receipt
	ownMetadata = "parley:"
)

// decode reads the events of a verified webhook. Those of other accounts of the app say
// so by To.
func decode(ch engine.Channel, object string, body []byte) (engine.Decoded, error) {
	all, err := parse(body)
	if err != nil {
		return engine.Decoded{}, err
	}
	d := decoder{address: ch.Address}
	if all.Object == object {
		for _, entry := range all.Entry {
			for _, e := range entry.Messaging {
				d.add(string(entry.ID), e, false)
			}
			for _, e := range entry.Standby {
				d.add(string(entry.ID), e, true)
			}
			for _, c := range entry.Changes {
				if strings.HasPrefix(c.Field, "messag") {
					d.add(string(entry.ID), c.Value, false)
				}
			}
		}
	}
	return d.Decoded, nil
}

type decoder struct {
	engine.Decoded
	address string // the channel's
}

// add decodes one event of an account's entry.
func (d *decoder) add(entry string, e event, standby bool) {
	ours, theirs := clean(string(e.Recipient.ID), 0), clean(string(e.Sender.ID), 0)
	if e.Message != nil && e.Message.Echo {
		ours, theirs = theirs, ours
	}
	self := e.Message != nil && e.Message.Self
	if theirs == "" || len(theirs) > maxID || len(ours) > maxID || ours == theirs && !self {
		return // of somebody who has no address yet, or nobody's
	}
	to := ours
	if ours == d.address || entry == d.address {
		to = ""
	}
	in := engine.Inbound{To: to, From: theirs, Standby: standby, ProviderAt: e.Timestamp.at()}
	stamp := string(e.Timestamp)
	switch {
	case e.Message != nil:
		d.message(in, e.Message)
	case e.Postback != nil:
		p := e.Postback
		in.ProviderID = p.MID
		if p.MID == "" {
			in.ProviderID = key("postback", theirs, stamp, p.Payload)
		}
		in.Payload, in.Referral = clean(p.Payload, maxPayload), p.Referral.decode()
		in.Content.Text = clean(p.Title, maxTitle)
		if in.Content.Text == "" {
			in.Content.Text = in.Payload
		}
		d.inbound(in)
	case e.Reaction != nil:
		d.reaction(in, e.Reaction, stamp)
	case e.Edit != nil:
		in.Kind, in.Of, in.ProviderID = engine.InboundEdit, e.Edit.MID, key("edit", e.Edit.MID, string(e.Edit.N))
		in.Content.Text = clean(e.Edit.Text, 0)
		if in.Content.Text != "" && e.Edit.MID != "" {
			d.inbound(in)
		}
	case e.Referral != nil:
		in.Kind, in.Referral = engine.InboundReferral, e.Referral.decode()
		in.ProviderID = key("referral", theirs, stamp, in.Referral.Ref, in.Referral.ID)
		d.inbound(in)
	case e.Optin != nil:
		in.Kind = engine.InboundReferral
		in.Referral = &engine.Referral{Source: "optin", Ref: clean(e.Optin.Ref+e.Optin.Payload, maxPayload), Title: clean(e.Optin.Title, maxTitle)}
		in.ProviderID = key("optin", theirs, stamp, in.Referral.Ref)
		d.inbound(in)
	case e.Delivery != nil:
		for _, mid := range e.Delivery.MIDs[:min(len(e.Delivery.MIDs), mostMIDs)] {
			d.status(engine.StatusUpdate{To: to, ProviderID: mid, State: engine.Delivered})
		}
		if len(e.Delivery.MIDs) == 0 {
			d.upTo(to, theirs, e.Delivery.Watermark, engine.Delivered)
		}
	case e.Read != nil && e.Read.MID != "":
		// What was sent before is read with it: a message of several parts is told by its last one.
		d.status(engine.StatusUpdate{To: to, ProviderID: e.Read.MID, State: engine.Read})
		d.upTo(to, theirs, e.Timestamp, engine.Read)
	case e.Read != nil:
		d.upTo(to, theirs, e.Read.Watermark, engine.Read)
	}
}

// message decodes what a consumer wrote or took back, and what the brand wrote: by us,
// which is a receipt, or elsewhere.
func (d *decoder) message(in engine.Inbound, m *message) {
	item, own := strings.CutPrefix(m.Metadata, ownMetadata)
	switch {
	case m.Echo && own && item != "" && len(item) <= maxID:
		if !m.Deleted {
			d.status(engine.StatusUpdate{To: in.To, Item: clean(item, maxID), ProviderID: m.MID, State: engine.Sent})
		}
		return
	case m.Echo && (m.Deleted || m.Self):
		return // what is taken back elsewhere stays in the transcript
	case m.Echo:
		in.Kind = engine.InboundEcho
	case m.Deleted:
		in.Kind, in.Of, in.ProviderID = engine.InboundUnsend, m.MID, key("unsend", m.MID)
		if m.MID != "" {
			d.inbound(in)
		}
		return
	}
	in.ProviderID = m.MID
	if m.MID == "" {
		in.ProviderID = key("message", in.From, strconv.FormatInt(in.ProviderAt.UnixMilli(), 10), m.Text)
	}
	in.Content = content(m)
	if m.QuickReply != nil {
		in.Payload = clean(m.QuickReply.Payload, maxPayload)
	}
	in.Referral = m.Referral.decode()
	if r := m.ReplyTo; r != nil {
		in.Of = r.MID
		if r.Story != nil && in.Referral == nil {
			in.Referral = &engine.Referral{Source: "story", ID: clean(string(r.Story.ID), maxID), URL: web(r.Story.URL)}
		}
	}
	if mention := mentions(m); mention != "" && in.Referral == nil {
		in.Referral = &engine.Referral{Source: "story_mention", URL: web(mention)}
	}
	more := in.Content.Media
	in.Content.Media = more[:min(len(more), maxMedia)]
	d.inbound(in)
	for n := 1; len(more) > n*maxMedia; n++ {
		next := in
		next.ProviderID, next.Payload, next.Referral = key("more", in.ProviderID, strconv.Itoa(n)), "", nil
		next.Content = engine.Content{Media: more[n*maxMedia : min(len(more), (n+1)*maxMedia)]}
		d.inbound(next)
	}
}

func (d *decoder) reaction(in engine.Inbound, r *reaction, stamp string) {
	in.Kind, in.Of = engine.InboundReaction, r.MID
	if r.Action != "unreact" {
		in.Emoji = clean(r.Emoji, 64)
		if in.Emoji == "" {
			in.Emoji = emoji(r.Reaction)
		}
		if in.Emoji == "" {
			return // one that nobody can show would take back the one before
		}
	}
	in.ProviderID = key("reaction", r.MID, stamp, r.Action, in.Emoji)
	if r.MID != "" {
		d.inbound(in)
	}
}

// emoji is what a reaction looks like that only has a name.
func emoji(name string) string {
	switch name {
	case "smile", "haha", "laugh":
		return "😆"
	case "angry":
		return "😠"
	case "sad":
		return "😢"
	case "wow":
		return "😮"
	case "love":
		return "❤️"
	case "like":
		return "👍"
	case "dislike":
		return "👎"
	}
	return ""
}

func (d *decoder) inbound(in engine.Inbound) {
	in.ProviderID, in.Of = short(in.ProviderID), short(in.Of)
	d.Inbound = append(d.Inbound, in)
}

// short is an id that the receiver takes: one that is longer is the same each time.
func short(id string) string {
	if len(id) > maxID {
		return key("long", id)
	}
	return clean(id, 0)
}

func (d *decoder) status(s engine.StatusUpdate) {
	if s.ProviderID = clean(s.ProviderID, 0); s.ProviderID != "" {
		d.Statuses = append(d.Statuses, s)
	}
}

// upTo reports on everything that was sent to somebody until then.
func (d *decoder) upTo(to, address string, watermark text, state engine.DeliveryState) {
	if until := watermark.at(); !until.IsZero() {
		d.Statuses = append(d.Statuses, engine.StatusUpdate{To: to, Address: address, Until: until, State: state})
	}
}

// decode gives nil for nil.
func (r *referral) decode() *engine.Referral {
	if r == nil {
		return nil
	}
	out := &engine.Referral{Source: source(r.Source), Ref: clean(r.Ref, maxPayload), ID: clean(string(r.AdID), maxID), URL: web(r.Referer)}
	if r.Ad != nil {
		out.Title = clean(r.Ad.Title, maxTitle)
		if out.ID == "" {
			out.ID = clean(string(r.Ad.PostID), maxID)
		}
	}
	if r.Product != nil {
		if out.ID == "" {
			out.ID = clean(string(r.Product.ID), maxID)
		}
		if out.Source == "" {
			out.Source = "product"
		}
	}
	return out
}

func source(name string) string {
	switch name {
	case "ADS":
		return "ad"
	case "SHORTLINK", "IGME-SOURCE-LINK":
		return "link"
	}
	return strings.ToLower(clean(name, 64))
}

// key is an id for what has none of its own: the same event has the same.
func key(kind string, parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		_, _ = io.WriteString(h, p+"\x00") // never fails
	}
	return kind + ":" + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// clean drops what a database cannot hold, and what is beyond most bytes; 0 is no limit.
func clean(s string, most int) string {
	if slices.Contains([]byte(s), 0) {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	if most > 0 && len(s) > most {
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "")
}
