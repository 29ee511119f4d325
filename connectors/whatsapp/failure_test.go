package whatsapp_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"parley/connectors/fakes/meta"
	"parley/connectors/fakes/meta/storm"
	"parley/connectors/whatsapp"
	"parley/engine"
	"parley/storage/memory"
)

// TestFailingProvider: nothing is lost, nothing is sent twice, what is sent keeps its
// order, and what nobody knows is said to be unknown.
func TestFailingProvider(t *testing.T) {
	t.Parallel()
	slow := &meta.Refusal{Status: http.StatusTooManyRequests, Code: 130429, Message: "(#130429) Rate limit hit"}
	synctest.Test(t, func(t *testing.T) {
		count := storm.Run{
			Store: memory.New(), Channel: channel(), Arrives: engine.Read,
			Connector: func(c *http.Client) engine.Connector { return whatsapp.New(whatsapp.Config{HTTP: c}) },
			Person:    func(i int) string { return fmt.Sprintf("1650555%04d", i) },
			Join: func(s *meta.Server) func(person, text string) *sync.WaitGroup {
				account := s.WhatsApp(waba, number)
				return func(person, text string) *sync.WaitGroup {
					_, taken := account.Say(meta.Person{WaID: person, Name: "Ann"}, number, text)
					return taken
				}
			},
			Fate: func(r *rand.Rand) meta.Fault {
				if r.IntN(100) == 0 {
					return meta.Fault{Later: 131026}
				}
				return storm.Trouble(r, meta.Refused(131000, ""), slow, meta.Refused(131056, ""))
			},
		}.Do(t)
		if count[engine.Read] < storm.Messages*3/4 || count[engine.Unknown] == 0 || count[engine.Failed] == 0 {
			t.Errorf("%v; the run does not show what it should", count)
		}
	})
}
