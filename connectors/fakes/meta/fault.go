package meta

import (
	"fmt"
	"net/http"
	"time"
)

// Fault is what happens to one request to send something. The zero value lets it pass.
type Fault struct {
	Delay time.Duration // before anything else; nothing is made for a client that has gone by then
	// Slow is the time between making the message and the answer.
	Slow time.Duration
	// DropBefore cuts the connection with nothing made.
	DropBefore bool
	// DropAfter makes the message and then cuts the connection: the answer is lost.
	DropAfter bool
	// Refuse answers with an error and makes nothing.
	Refuse *Refusal
	// Status with Body answers so instead, as a proxy on the way would.
	Status int
	Body   string
	// Header goes with the answer.
	Header http.Header
	// Later takes the message, and a webhook reports this code as the reason why it failed.
	Later int
	// Hush is how much later than usual the reports are posted.
	Hush time.Duration
	// Early lets the reports be posted, and answered, before the answer is given.
	Early bool
}

// Refusal is an error of the API.
type Refusal struct {
	Status    int // default 400
	Type      string
	Code, Sub int
	Message   string
	Details   string
	Transient bool
}

// document is Meta's JSON for it.
func (r Refusal) document() any {
	kind := r.Type
	if kind == "" {
		kind = "OAuthException"
	}
	e := map[string]any{"message": r.Message, "type": kind, "code": r.Code, "fbtrace_id": "AfakeTraceFakeTraceFake"}
	if r.Sub != 0 {
		e["error_subcode"] = r.Sub
	}
	if r.Details != "" {
		e["error_data"] = map[string]any{"messaging_product": "whatsapp", "details": r.Details}
	}
	if r.Transient {
		e["is_transient"] = true
	}
	return map[string]any{"error": e}
}

// Refused makes the refusal of a code as the API words it.
func Refused(code int, details string) *Refusal {
	return &Refusal{Code: code, Message: fmt.Sprintf("(#%d) %s", code, title(code)), Details: details}
}

// title is what Meta calls a code.
func title(code int) string {
	switch code {
	case 4:
		return "Application request limit reached"
	case 100:
		return "Invalid parameter"
	case 80007:
		return "Rate limit issues"
	case 130429:
		return "Rate limit hit"
	case 131000:
		return "Something went wrong"
	case 131008:
		return "Required parameter is missing"
	case 131009:
		return "Parameter value is not valid"
	case 131026:
		return "Message undeliverable"
	case 131047:
		return "Re-engagement message"
	case 131049:
		return "This message was not delivered to maintain healthy ecosystem engagement."
	case 131056:
		return "(Business Account, Consumer Account) pair rate limit hit"
	case 132001:
		return "Template name does not exist in the translation"
	}
	return "An error occurred"
}

// Script queues faults; each request to send something takes the next one.
func (s *Server) Script(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

func (s *Server) nextFault() Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.calls
	s.calls++
	if len(s.faults) == 0 {
		if s.cfg.Fate == nil {
			return Fault{}
		}
		return s.cfg.Fate(n)
	}
	fault := s.faults[0]
	s.faults = s.faults[1:]
	return fault
}
