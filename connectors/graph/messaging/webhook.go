package messaging

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"parley/engine"
)

// text is a string, or a number as it is written: Meta writes ids and times in both ways.
type text string

// UnmarshalJSON never fails: what is neither is "".
func (t *text) UnmarshalJSON(raw []byte) error {
	*t = ""
	switch raw[0] {
	case '"':
		var s string
		if json.Unmarshal(raw, &s) == nil {
			*t = text(s)
		}
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		*t = text(raw)
	}
	return nil
}

// at is a point in time: milliseconds, or seconds where there are too few of these.
func (t text) at() time.Time {
	const milliseconds = 1e12 // fewer would be before September 2001
	n, err := strconv.ParseInt(string(t), 10, 64)
	switch {
	case err != nil || n <= 0:
		return time.Time{}
	case n < milliseconds:
		return time.Unix(n, 0).UTC()
	}
	return time.UnixMilli(n).UTC()
}

// envelope is the body of a webhook.
type envelope struct {
	Object string `json:"object"`
	Entry  []struct {
		ID        text    `json:"id"`
		Messaging []event `json:"messaging"`
		Standby   []event `json:"standby"` // while another app has the conversation
		Changes   []struct {
			Field string `json:"field"`
			Value event  `json:"value"`
		} `json:"changes"` // the dashboard's tests come so
	} `json:"entry"`
}

// event is one thing that happened: exactly one of the pointers is set.
type event struct {
	Sender    party     `json:"sender"`
	Recipient party     `json:"recipient"`
	Timestamp text      `json:"timestamp"`
	Message   *message  `json:"message"`
	Postback  *postback `json:"postback"`
	Referral  *referral `json:"referral"`
	Reaction  *reaction `json:"reaction"`
	Optin     *optin    `json:"optin"`
	Edit      *struct {
		MID  string `json:"mid"`
		Text string `json:"text"`
		N    text   `json:"num_edit"`
	} `json:"message_edit"`
	Delivery *struct {
		MIDs      []string `json:"mids"`
		Watermark text     `json:"watermark"`
	} `json:"delivery"`
	Read *struct {
		MID       string `json:"mid"`
		Watermark text   `json:"watermark"`
	} `json:"read"`
}

type party struct {
	ID text `json:"id"`
}

type message struct {
	MID        string `json:"mid"`
	Text       string `json:"text"`
	QuickReply *struct {
		Payload string `json:"payload"`
	} `json:"quick_reply"`
	ReplyTo *struct {
		MID   string `json:"mid"`
		Story *struct {
			URL string `json:"url"`
			ID  text   `json:"id"`
		} `json:"story"`
	} `json:"reply_to"`
	Attachments []attachment `json:"attachments"`
	Referral    *referral    `json:"referral"`
	Echo        bool         `json:"is_echo"`
	Deleted     bool         `json:"is_deleted"`
	Unsupported bool         `json:"is_unsupported"`
	Self        bool         `json:"is_self"` // who writes is the account itself
	Metadata    string       `json:"metadata"`
}

type attachment struct {
	Type    string `json:"type"`
	Title   string `json:"title"`
	URL     string `json:"url"`
	Payload struct {
		URL         string `json:"url"`
		Title       string `json:"title"`
		StickerID   text   `json:"sticker_id"`
		Coordinates *struct {
			Lat  float64 `json:"lat"`
			Long float64 `json:"long"`
		} `json:"coordinates"`
		Text     string    `json:"text"`     // of a template with buttons
		Elements []element `json:"elements"` // of one with cards
		Generic  *struct {
			Elements []element `json:"elements"`
		} `json:"generic"` // as Instagram has them
	} `json:"payload"`
}

type element struct {
	Title    string `json:"title"`
	Subtitle string `json:"subtitle"`
	Image    string `json:"image_url"`
}

type postback struct {
	MID      string    `json:"mid"`
	Title    string    `json:"title"`
	Payload  string    `json:"payload"`
	Referral *referral `json:"referral"`
}

type reaction struct {
	MID      string `json:"mid"`
	Action   string `json:"action"`
	Reaction string `json:"reaction"`
	Emoji    string `json:"emoji"`
}

type referral struct {
	Ref     string `json:"ref"`
	Source  string `json:"source"`
	AdID    text   `json:"ad_id"`
	Referer string `json:"referer_uri"`
	Ad      *struct {
		Title  string `json:"ad_title"`
		PostID text   `json:"post_id"`
	} `json:"ads_context_data"`
	Product *struct {
		ID text `json:"id"`
	} `json:"product"`
}

type optin struct {
	Ref     string `json:"ref"`
	Payload string `json:"payload"`
	Title   string `json:"title"`
}

// parse reads a body. A field of another type than is expected is passed over, and
// what else there is of its event is kept. The error is Invalid.
func parse(body []byte) (e envelope, err error) {
	err = json.Unmarshal(body, &e)
	if _, mistyped := errors.AsType[*json.UnmarshalTypeError](err); err != nil && !mistyped {
		return envelope{}, engine.Errorf(engine.Invalid, "The request is no JSON.").Because(err)
	}
	return e, nil
}
