package twiliotest

import (
	"cmp"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

const (
	maxRequest = 256 << 10
	outbound   = "outbound-api"
	inbound    = "inbound"
)

// Handler is the API without a listener.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	const messages = "/2010-04-01/Accounts/{account}/Messages"
	mux.HandleFunc("POST "+messages+".json", s.signedIn(s.create))
	mux.HandleFunc("GET "+messages+".json", s.signedIn(s.list))
	mux.HandleFunc("GET "+messages+"/{message}", s.signedIn(s.fetch))
	mux.HandleFunc("GET "+messages+"/{message}/Media/{media}", s.signedIn(s.redirectToMedia))
	const account = "/2010-04-01/Accounts/{account}"
	mux.HandleFunc("GET /2010-04-01/Accounts/{file}", s.ofAccount(s.signedIn(s.account)))
	mux.HandleFunc("GET "+account+"/IncomingPhoneNumbers.json", s.signedIn(s.listNumbers("incoming_phone_numbers", "PhoneNumber")))
	mux.HandleFunc("GET "+account+"/SMS/ShortCodes.json", s.signedIn(s.listNumbers("short_codes", "ShortCode")))
	mux.HandleFunc("GET /cdn/{media}", s.serveMedia)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, 20404, "The requested resource "+r.URL.Path+" was not found")
	})
	return mux
}

// ofAccount takes the account from the name of its own resource, "AC….json".
func (s *Server) ofAccount(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.SetPathValue("account", strings.TrimSuffix(r.PathValue("file"), ".json"))
		next(w, r)
	}
}

func (s *Server) signedIn(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		if user != s.cfg.AccountSID || subtle.ConstantTimeCompare([]byte(password), []byte(s.AuthToken())) != 1 {
			refuse(w, http.StatusUnauthorized, 20003, "Authenticate")
			return
		}
		if r.PathValue("account") != s.cfg.AccountSID {
			refuse(w, http.StatusNotFound, 20404, "The requested resource "+r.URL.Path+" was not found")
			return
		}
		s.mu.Lock()
		outage := s.outage
		s.mu.Unlock()
		if outage != nil && r.Method == http.MethodGet {
			switch {
			case outage.DropBefore || outage.DropAfter:
				panic(http.ErrAbortHandler)
			case outage.Status != 0:
				fail(w, *outage)
				return
			}
		}
		next(w, r)
	}
}

func (s *Server) create(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	if err := r.ParseForm(); err != nil {
		refuse(w, http.StatusBadRequest, 20001, "The request could not be read")
		return
	}
	fault := s.nextFault()
	if fault.Delay > 0 {
		select {
		case <-time.After(fault.Delay):
		case <-r.Context().Done():
			return
		case <-s.ctx.Done():
			return
		}
	}
	if fault.DropBefore {
		panic(http.ErrAbortHandler)
	}
	if fault.Status != 0 {
		fail(w, fault)
		return
	}
	if code, words := s.check(r.PostForm); code != 0 {
		refuse(w, http.StatusBadRequest, code, words)
		return
	}
	if fault.Slow > 0 {
		select {
		case <-time.After(fault.Slow):
		case <-s.ctx.Done():
			return
		}
	}
	m := s.newMessage(r.PostForm)
	answer := resource(s.cfg.AccountSID, m)
	s.mu.Lock()
	s.keep(m)
	s.mu.Unlock()
	if m.StatusCallback != "" && len(s.cfg.Callbacks) > 0 {
		s.reports.add(m)
	}
	if fault.DropAfter {
		panic(http.ErrAbortHandler)
	}
	writeJSON(w, http.StatusCreated, answer)
}

// check finds what Twilio would refuse.
func (s *Server) check(form url.Values) (code int, words string) {
	from, service, to, body := form.Get("From"), form.Get("MessagingServiceSid"), form.Get("To"), form.Get("Body")
	switch {
	case to == "":
		return 21604, "A 'To' phone number is required."
	case !isNumber(to):
		return 21211, "The 'To' number " + to + " is not a valid phone number."
	case from == "" && service == "":
		return 21603, "A 'From' phone number is required."
	case body == "" && len(form["MediaUrl"]) == 0:
		return 21602, "Message body is required."
	case len(utf16.Encode([]rune(body))) > 1600:
		return 21617, "The concatenated message body exceeds the 1600 character limit."
	case len(form["MediaUrl"]) > 10:
		return 21623, "Number of media files exceeds allowed limit"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// Numbers of a messaging service are not told apart, because the fake has no list of them.
	if s.optOuts[[2]string{cmp.Or(service, from), to}] {
		return 21610, "Attempt to send to unsubscribed recipient"
	}
	return 0, ""
}

func (s *Server) newMessage(form url.Values) *Message {
	kind, status := "SM", "queued"
	if len(form["MediaUrl"]) > 0 {
		kind = "MM"
	}
	if form.Get("MessagingServiceSid") != "" {
		status = "accepted"
	}
	return &Message{
		SID: s.newSID(kind), Direction: outbound, From: form.Get("From"), To: form.Get("To"),
		MessagingServiceSID: form.Get("MessagingServiceSid"), Body: form.Get("Body"), Media: form["MediaUrl"],
		StatusCallback: form.Get("StatusCallback"), Status: status, At: s.cfg.Now(),
	}
}

// messageResource is the API's JSON of a message.
type messageResource struct {
	AccountSID          string            `json:"account_sid"`
	APIVersion          string            `json:"api_version"`
	Body                string            `json:"body"`
	DateCreated         string            `json:"date_created"`
	DateSent            *string           `json:"date_sent"`
	DateUpdated         string            `json:"date_updated"`
	Direction           string            `json:"direction"`
	ErrorCode           *int              `json:"error_code"`
	ErrorMessage        *string           `json:"error_message"`
	From                *string           `json:"from"`
	MessagingServiceSID *string           `json:"messaging_service_sid"`
	NumMedia            string            `json:"num_media"`
	NumSegments         string            `json:"num_segments"`
	Price               *string           `json:"price"`
	PriceUnit           string            `json:"price_unit"`
	SID                 string            `json:"sid"`
	Status              string            `json:"status"`
	SubresourceURIs     map[string]string `json:"subresource_uris"`
	To                  string            `json:"to"`
	URI                 string            `json:"uri"`
}

func resource(account string, m *Message) messageResource {
	at := m.At.UTC().Format(time.RFC1123Z)
	path := "/2010-04-01/Accounts/" + account + "/Messages/" + m.SID
	r := messageResource{
		AccountSID: account, APIVersion: "2010-04-01", Body: m.Body, DateCreated: at, DateUpdated: at,
		Direction: m.Direction, From: optional(m.From), MessagingServiceSID: optional(m.MessagingServiceSID),
		NumMedia: strconv.Itoa(len(m.Media)), NumSegments: "1", PriceUnit: "USD", SID: m.SID, Status: m.Status,
		SubresourceURIs: map[string]string{"media": path + "/Media.json"}, To: m.To, URI: path + ".json",
	}
	switch m.Status {
	case "accepted":
		r.NumSegments = "0"
	case "queued", "scheduled":
	default:
		r.DateSent = &at
	}
	return r
}

func (s *Server) fetch(w http.ResponseWriter, r *http.Request) {
	sid, isJSON := strings.CutSuffix(r.PathValue("message"), ".json")
	s.mu.Lock()
	m := s.bySID[sid]
	var found messageResource
	if m != nil {
		found = resource(s.cfg.AccountSID, m)
	}
	s.mu.Unlock()
	if m == nil || !isJSON {
		refuse(w, http.StatusNotFound, 20404, "The requested resource "+r.URL.Path+" was not found")
		return
	}
	writeJSON(w, http.StatusOK, found)
}

func fail(w http.ResponseWriter, fault Fault) {
	if fault.RetryAfter != "" {
		w.Header().Set("Retry-After", fault.RetryAfter)
	}
	if fault.Body != "" {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(fault.Status)
		_, _ = w.Write([]byte(fault.Body))
		return
	}
	refuse(w, fault.Status, fault.Code, fault.Message)
}

func refuse(w http.ResponseWriter, status, code int, words string) {
	writeJSON(w, status, map[string]any{
		"code": code, "message": words, "more_info": "https://www.twilio.com/docs/errors/" + strconv.Itoa(code), "status": status,
	})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain structs of strings
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have gone
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func isNumber(s string) bool {
	digits, found := strings.CutPrefix(s, "+")
	return found && len(digits) >= 7 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
}
