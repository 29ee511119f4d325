package whatsapp

import (
	"bytes"
	"encoding/json"
	"strconv"

	"parley/connectors/graph"
)

// These are the documents of the webhook "messages". What is not here, nobody reads.

type envelope struct {
	Object string `json:"object"`
	Entry  []struct {
		Changes []change `json:"changes"`
	} `json:"entry"`
}

type change struct {
	Field string          `json:"field"`
	Value json.RawMessage `json:"value"`
}

// value holds its messages apart, so that one which cannot be read does not take the
// others along.
type value struct {
	Metadata struct {
		PhoneNumberID string `json:"phone_number_id"`
	} `json:"metadata"`
	Contacts []contact         `json:"contacts"`
	Messages []json.RawMessage `json:"messages"`
	Echoes   []json.RawMessage `json:"message_echoes"`
	Statuses []json.RawMessage `json:"statuses"`
}

type contact struct {
	Profile struct {
		Name     string `json:"name"`
		Username string `json:"username"`
	} `json:"profile"`
	WaID   string `json:"wa_id"`
	UserID string `json:"user_id"`
}

// origin is what even a message that cannot be read should tell.
type origin struct {
	ID         string `json:"id"`
	From       string `json:"from"`
	FromUserID string `json:"from_user_id"`
	To         string `json:"to"`
	ToUserID   string `json:"to_user_id"`
	Timestamp  stamp  `json:"timestamp"`
	Type       string `json:"type"`
}

type message struct {
	origin
	Context struct {
		ID string `json:"id"`
	} `json:"context"`
	Referral *referral `json:"referral"`
	body
}

// body has an object for the message's type.
type body struct {
	Text struct {
		Body string `json:"body"`
	} `json:"text"`
	Image    *file     `json:"image"`
	Video    *file     `json:"video"`
	Audio    *file     `json:"audio"`
	Document *file     `json:"document"`
	Sticker  *file     `json:"sticker"`
	Location *location `json:"location"`
	Contacts []card    `json:"contacts"`
	Button   struct {
		Text    string `json:"text"`
		Payload string `json:"payload"`
	} `json:"button"`
	Interactive struct {
		Type        string `json:"type"`
		ButtonReply reply  `json:"button_reply"`
		ListReply   reply  `json:"list_reply"`
		Form        struct {
			Body     string `json:"body"`
			Response string `json:"response_json"`
		} `json:"nfm_reply"`
	} `json:"interactive"`
	Reaction struct {
		MessageID string `json:"message_id"`
		Emoji     string `json:"emoji"`
	} `json:"reaction"`
	Order struct {
		Text  string `json:"text"`
		Items []item `json:"product_items"`
	} `json:"order"`
	Edit struct {
		Of      string          `json:"original_message_id"`
		Message json.RawMessage `json:"message"`
	} `json:"edit"`
	Revoke struct {
		Of string `json:"original_message_id"`
	} `json:"revoke"`
	Unsupported struct {
		Type string `json:"type"`
	} `json:"unsupported"`
}

type file struct {
	ID       string `json:"id"`
	MIME     string `json:"mime_type"`
	Caption  string `json:"caption"`
	Filename string `json:"filename"`
}

type location struct {
	Latitude  decimal `json:"latitude"`
	Longitude decimal `json:"longitude"`
	Name      string  `json:"name"`
	Address   string  `json:"address"`
}

type card struct {
	Name struct {
		Formatted string `json:"formatted_name"`
	} `json:"name"`
	Org struct {
		Company string `json:"company"`
	} `json:"org"`
	Phones []struct {
		Phone string `json:"phone"`
		WaID  string `json:"wa_id"`
	} `json:"phones"`
	Emails []struct {
		Email string `json:"email"`
	} `json:"emails"`
}

type reply struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type item struct {
	ID       string  `json:"product_retailer_id"`
	Quantity decimal `json:"quantity"`
	Price    decimal `json:"item_price"`
	Currency string  `json:"currency"`
}

type referral struct {
	SourceType string `json:"source_type"`
	SourceID   string `json:"source_id"`
	SourceURL  string `json:"source_url"`
	Headline   string `json:"headline"`
	Body       string `json:"body"`
}

type status struct {
	ID        string          `json:"id"`
	Status    string          `json:"status"`
	Recipient string          `json:"recipient_id"`
	Item      string          `json:"biz_opaque_callback_data"`
	Errors    []graph.Failure `json:"errors"`
}

// decimal is a number, written as one or as a text.
type decimal float64

// UnmarshalJSON reads it.
func (d *decimal) UnmarshalJSON(raw []byte) error {
	n, err := strconv.ParseFloat(string(bytes.Trim(raw, `"`)), 64)
	*d = decimal(n)
	return err
}

// stamp is seconds since 1970, written as a text or as a number.
type stamp int64

// UnmarshalJSON reads it; what is none is 0.
func (s *stamp) UnmarshalJSON(raw []byte) error {
	n, err := strconv.ParseInt(string(bytes.Trim(raw, `"`)), 10, 64)
	if err != nil {
		n = 0
	}
	*s = stamp(n)
	return nil
}
