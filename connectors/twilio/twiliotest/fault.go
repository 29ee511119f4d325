package twiliotest

import (
	"slices"
	"time"
)

// Fault is what happens to one request to send a message. The zero value lets
// it pass.
type Fault struct {
	Delay time.Duration // before anything else; nothing is created for a client that has gone by then
	// Slow is the time before the message is created and the answer given. It is
	// created for a client, too, that has gone by then, as Twilio does.
	Slow time.Duration
	// DropBefore cuts the connection with nothing created.
	DropBefore bool
	// DropAfter creates the message and then cuts the connection: the answer is lost.
	DropAfter bool
	// Status answers with this status and nothing created.
	Status     int
	Code       int    // Twilio's error code in the answer
	Message    string // Twilio's words in the answer
	RetryAfter string // header of the answer
	// Body replaces Twilio's JSON error in the answer, as a proxy on the way would.
	Body string
}

// Outage lets every request meet the fault, look-ups of messages as well, until
// it is called with nil. Faults that are queued wait.
func (s *Server) Outage(fault *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outage = fault
}

// SetAuthToken changes the account's token, as its owner may in the console.
func (s *Server) SetAuthToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.AuthToken = token
}

// Script queues faults; each request to send a message takes the next one.
func (s *Server) Script(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// FailNext queues the same fault n times.
func (s *Server) FailNext(n int, fault Fault) {
	s.Script(slices.Repeat([]Fault{fault}, n)...)
}

func (s *Server) nextFault() Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.outage != nil {
		return *s.outage
	}
	if len(s.faults) == 0 {
		return Fault{}
	}
	fault := s.faults[0]
	s.faults = s.faults[1:]
	return fault
}
