package twiliotest

import (
	"net/http"
)

// Number is a telephone number or short code of the account.
type Number struct {
	Address     string
	SMSURL      string
	SMSMethod   string // default POST
	Application string // SID of a TwiML application, which takes the place of SMSURL
	WithoutSMS  bool
	MMS         bool
}

// Numbers makes these the account's.
func (s *Server) Numbers(numbers ...Number) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.numbers = numbers
}

// AccountIs sets what the account's resource tells: a status such as "active", and a
// type such as "Full".
func (s *Server) AccountIs(status, kind string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.kind = status, kind
}

func (s *Server) account(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	status, kind := s.status, s.kind
	s.mu.Unlock()
	if status == "" {
		status, kind = "active", "Full"
	}
	writeJSON(w, http.StatusOK, map[string]any{"sid": s.cfg.AccountSID, "status": status, "type": kind})
}

// listNumbers answers for numbers under "incoming_phone_numbers" and for short codes
// under "short_codes", as Twilio does.
func (s *Server) listNumbers(field, filter string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		all := s.numbers
		s.mu.Unlock()
		found := []map[string]any{}
		for _, n := range all {
			if n.Address != r.URL.Query().Get(filter) || (len(n.Address) > 0 && n.Address[0] == '+') != (filter == "PhoneNumber") {
				continue
			}
			method := n.SMSMethod
			if method == "" {
				method = http.MethodPost
			}
			one := map[string]any{"sms_url": n.SMSURL, "sms_method": method}
			if filter == "PhoneNumber" {
				one["phone_number"], one["sms_application_sid"] = n.Address, n.Application
				one["capabilities"] = map[string]any{"voice": true, "sms": !n.WithoutSMS, "mms": n.MMS}
			} else {
				one["short_code"] = n.Address
			}
			found = append(found, one)
		}
		writeJSON(w, http.StatusOK, map[string]any{field: found, "page": 0, "page_size": 50})
	}
}
