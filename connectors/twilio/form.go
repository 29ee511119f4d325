package twilio

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"parley/engine"
)

// Twilio signs names and values without anything between them, so that who has
// seen one request can move the letters of one parameter into its neighbour and
// keep the signature: MessageSid=SM…NumMedia0 is the same message once more. So
// every parameter that means something must have the form that Twilio documents,
// and none may hold another's name.

// form is what the value of a parameter looks like.
type form struct {
	is    func(value string) bool
	words string
}

// forms gives the documented form of a parameter; false for free text and for
// names that are not known here.
func forms(name string) (form, bool) {
	switch name {
	case "MessageSid", "SmsMessageSid", "SmsSid":
		return form{isMessage, "SM or MM and 32 hex digits"}, true
	case "AccountSid":
		return form{isAccount, "AC and 32 hex digits"}, true
	case "MessagingServiceSid":
		return form{isService, "MG and 32 hex digits"}, true
	case "ApiVersion":
		return form{isDate, "a date"}, true
	case "NumMedia":
		return form{isCount, "a number from 0 to 10"}, true
	case "NumSegments", "ErrorCode", "RawDlrDoneDate":
		return form{isDigits, "a number"}, true
	case "SmsStatus", "MessageStatus":
		return form{isStatus, "a status"}, true
	case "OptOutType":
		return form{isOptOut, "STOP, START or HELP"}, true
	case "From", "To":
		return form{isAddress, "a number or a name"}, true
	case "FromCountry", "ToCountry":
		return form{isCountry, "a country"}, true
	}
	return form{}, false
}

// Most of a request is checked by these: a regular expression for each costs more
// than its signature does.

// of says whether a value is of up to so many bytes that are all so.
func of(most int, value string, is func(c byte) bool) bool {
	for i := range len(value) {
		if !is(value[i]) {
			return false
		}
	}
	return len(value) <= most
}

func digit(c byte) bool  { return c >= '0' && c <= '9' }
func lower(c byte) bool  { return c >= 'a' && c <= 'z' }
func letter(c byte) bool { return lower(c | 0x20) }

func isMessage(v string) bool { return v == "" || isSID(v, "SM") || isSID(v, "MM") }
func isAccount(v string) bool { return isSID(v, "AC") }
func isService(v string) bool { return v == "" || isSID(v, "MG") }
func isCount(v string) bool   { return v == "10" || of(1, v, digit) }
func isDigits(v string) bool  { return of(14, v, digit) }
func isStatus(v string) bool {
	return of(20, v, func(c byte) bool { return lower(c) || c == '_' || c == '-' })
}
func isOptOut(v string) bool  { return v == "STOP" || v == "START" || v == "HELP" }
func isCountry(v string) bool { return of(3, v, letter) }

func isDate(v string) bool {
	return len(v) == len("2010-04-01") && v[4] == '-' && v[7] == '-' && of(4, v[:4], digit) && of(2, v[5:7], digit) && of(2, v[8:], digit)
}

func isAddress(v string) bool {
	if number, ok := strings.CutPrefix(v, "+"); ok && len(number) >= 3 && of(15, number, digit) { // as nearly always
		return true
	}
	return addressForm.MatchString(v)
}

// isMedia tells of MediaUrl0 and its like.
func isMedia(name string) bool {
	n, ok := strings.CutPrefix(name, "MediaUrl")
	if !ok {
		n, ok = strings.CutPrefix(name, "MediaContentType")
	}
	return ok && len(n) == 1 && digit(n[0])
}

var (
	addressForm = regexp.MustCompile(`^(?:\+?[0-9]{3,15}|[0-9A-Za-z &._'-]{1,11}|[a-z]{2,12}:[0-9A-Za-z+@._:-]{1,100})?$`)

	nameForm = regexp.MustCompile(`^[A-Za-z][0-9A-Za-z_]{0,63}$`)
	// A name that is not known and comes after free text must look like one of
	// Twilio's, and not like the end of a sentence: ChannelMetadata=x. Nothing that
	// Twilio sends for texts comes between Body and From.
	newName  = regexp.MustCompile(`^(?:[A-Z][a-z]+){2,}$`)
	newValue = regexp.MustCompile(`^(?:[0-9A-Za-z+][^\s]*|[{\[].*)$`)
	// What nobody writes, and what the text has when it took its neighbours in.
	swallowed = regexp.MustCompile(`MessageSid[SM]M[0-9a-fA-F]{32}|From(?:\+[0-9]{7,15}|[a-z]{2,12}:\+?[0-9A-Za-z])|NumMedia[0-9]{1,2}NumSegments|ButtonPayload|Channel(?:Metadata[{]|Prefix|InstallSid|ToAddress)`)
)

// swallows looks for the beginnings first: hardly a text has one, and the expression costs more than the signature.
func swallows(text string) bool {
	for _, sign := range [...]string{"MessageSid", "From", "NumMedia", "ButtonPayload", "Channel"} {
		if strings.Contains(text, sign) {
			return swallowed.MatchString(text)
		}
	}
	return false
}

// structural are the names that no other name and no value but the text holds.
func structural() [23]string {
	return [...]string{
		"AccountSid", "ApiVersion", "MessageSid", "SmsSid", "MessagingServiceSid", "NumMedia", "NumSegments", "MediaUrl", "MediaContentType",
		"MessageStatus", "SmsStatus", "OptOutType", "ErrorCode", "From+", "To+", "FromCity", "FromCountry", "FromState", "FromZip", "ToCity", "ToCountry", "ToState", "ToZip",
	}
}

// known are names of Twilio's that hold the name of another, and names without a form.
func known(name string) bool {
	switch name {
	case "Body", "SmsMessageSid", "FromCity", "FromState", "FromZip", "ToCity", "ToState", "ToZip", "AddOns", "ErrorMessage",
		"OriginalRepliedMessageSid", "OriginalRepliedMessageSender", "ChannelToAddress", "ChannelPrefix", "ChannelInstallSid", "ChannelStatusMessage",
		"ButtonText", "ButtonPayload", "ProfileName", "WaId", "Latitude", "Longitude", "Address", "Label", "EventType", "MessageType":
		return true
	}
	_, ok := forms(name)
	return ok || isMedia(name)
}

// wellFormed says what about a signed form is not as Twilio sends it. The errors
// are for who runs the gateway: only a holder of the token gets this far.
func wellFormed(ch engine.Channel, params url.Values) error {
	last := "" // the last name that is known
	run := ""  // the letters of what is not known since
	for _, name := range slices.Sorted(maps.Keys(params)) {
		// The signature counts a value once that comes twice.
		if values := params[name]; len(values) == 0 || slices.ContainsFunc(values, func(v string) bool { return v != values[0] }) {
			return malformed("%s has two values", label(name))
		}
		if err := parameter(last, name, params.Get(name)); err != nil {
			return err
		}
		if known(name) {
			last, run = name, ""
		} else if run += name + params.Get(name); holds(run) { // MediaUr=l0https://…
			return malformed("%s is a part of another parameter", label(name))
		}
	}
	if err := whole(params); err != nil {
		return err
	}
	return ours(ch, params)
}

// parameter checks one, that comes after the known one last.
func parameter(last, name, value string) error {
	if f, ok := forms(name); ok {
		if !f.is(value) {
			return malformed("%s is not %s", name, f.words)
		}
		return nil
	}
	if !known(name) {
		switch {
		case !nameForm.MatchString(name) || holds(name):
			return malformed("%s is no parameter", label(name))
		case open(last) && !(newName.MatchString(name) && newValue.MatchString(value)):
			return malformed("%s may be a part of %s", label(name), last)
		}
	}
	switch {
	case name == "Body":
		if swallows(value) {
			return malformed("Body holds other parameters")
		}
	case name == "AddOns":
		if value != "" && !json.Valid([]byte(value)) {
			return malformed("AddOns is not JSON")
		}
	case holds(value):
		return malformed("%s holds another parameter", label(name))
	}
	return nil
}

// open says whether a known parameter's value may end anywhere.
func open(name string) bool {
	_, closed := forms(name)
	return name != "" && !closed && name != "AddOns"
}

func holds(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case 'A', 'E', 'F', 'M', 'N', 'O', 'S', 'T': // their first letters
			if startsStructural(s[i:]) {
				return true
			}
		}
	}
	return false
}

func startsStructural(s string) bool {
	for _, name := range structural() {
		if strings.HasPrefix(s, name) {
			return true
		}
	}
	return false
}

// whole checks that nothing is missing of a message or a status, and that what
// is told twice is told alike.
func whole(params url.Values) error {
	id := first(params, idNames()...)
	if id == "" {
		return nil // nothing for a conversation
	}
	for _, name := range idNames() {
		if v := params.Get(name); v != "" && v != id {
			return malformed("%s is another than MessageSid", name)
		}
	}
	for _, name := range []string{"From", "To"} {
		if !params.Has(name) {
			return malformed("%s is missing", name)
		}
	}
	if a, b := params.Get("MessageStatus"), params.Get("SmsStatus"); a != "" && b != "" && a != b {
		return malformed("SmsStatus is another than MessageStatus")
	}
	if !arrived(params) {
		return nil
	}
	if !params.Has("Body") {
		return malformed("Body is missing")
	}
	count, _ := strconv.Atoi(params.Get("NumMedia")) // it has the form
	for i := range 10 {
		if n := strconv.Itoa(i); params.Has("MediaUrl"+n) != (i < count) {
			return malformed("NumMedia and MediaUrl%s do not fit", n)
		}
	}
	return nil
}

func idNames() []string { return []string{"MessageSid", "SmsMessageSid", "SmsSid"} }

// arrived says whether the parameters are those of a consumer's message.
func arrived(params url.Values) bool {
	return slices.Contains([]string{"", "received", "receiving"}, first(params, "MessageStatus", "SmsStatus"))
}

// ours checks that account and number are the channel's.
func ours(ch engine.Channel, params url.Values) error {
	if first(params, idNames()...) == "" {
		return nil
	}
	if sid := params.Get("AccountSid"); sid != "" && !strings.EqualFold(sid, ch.Config["account_sid"]) {
		return malformed("AccountSid is not the channel's account_sid")
	}
	service, want := params.Get("MessagingServiceSid"), ch.Config["messaging_service_sid"]
	if service != "" && strings.EqualFold(service, want) {
		return nil // it has numbers of its own
	}
	name := "From"
	if arrived(params) {
		name = "To"
	}
	switch {
	case ch.Address != "" && params.Get(name) == ch.Address:
		return nil
	case ch.Address == "" && service == "":
		return nil // there is nothing to compare
	case ch.Address == "":
		return malformed("MessagingServiceSid is not the channel's")
	case want != "" && name == "From":
		return nil // sent by a number of the service, which not every status names
	}
	return malformed("%s is not the channel's address", name)
}

// malformed refuses a request although its signature verifies.
func malformed(format string, args ...any) error {
	return engine.Errorf(engine.Forbidden, "The request is signed, and yet not as Twilio sends it: "+format+".", args...)
}

// label shortens a name of the caller's choice.
func label(name string) string {
	if len(name) > 40 {
		name = name[:40]
	}
	return strconv.QuoteToASCII(name)
}
