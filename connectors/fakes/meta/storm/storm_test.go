package storm_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"parley/connectors/fakes/meta"
	"parley/connectors/fakes/meta/storm"
	"parley/connectors/instagram"
	"parley/connectors/messenger"
	"parley/engine"
	"parley/storage/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func person(i int) string { return fmt.Sprintf("7012345678%04d", i) }

func account(kind engine.ChannelKind, address string) engine.Channel {
	return engine.Channel{Kind: kind, Address: address, Secrets: map[string]engine.Secret{
		"access_token": meta.DefaultToken, "app_secret": meta.DefaultAppSecret, "verify_token": meta.DefaultVerifyToken,
	}}
}

func join(a *meta.Messaging) func(person, text string) *sync.WaitGroup {
	return func(person, text string) *sync.WaitGroup {
		_, taken := a.Say(person, text)
		return taken
	}
}

// TestMessengers: everything arrives, once and in order, since what is in doubt is looked
// up.
func TestMessengers(t *testing.T) {
	t.Parallel()
	const page, ig = "104567890123456", "17841400008460056"
	for name, run := range map[string]storm.Run{
		"messenger": {
			Channel: account(messenger.Kind, page), Arrives: engine.Sent,
			Connector: func(c *http.Client) engine.Connector { return messenger.New(messenger.Config{HTTP: c}) },
			Join:      func(s *meta.Server) func(string, string) *sync.WaitGroup { return join(s.Page(page)) },
		},
		"instagram": {
			Channel: account(instagram.Kind, ig), Arrives: engine.Sent,
			Connector: func(c *http.Client) engine.Connector { return instagram.New(instagram.Config{HTTP: c}) },
			Join:      func(s *meta.Server) func(string, string) *sync.WaitGroup { return join(s.Account(ig, "instagram")) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				run.Store, run.Person, run.Config.Window = memory.New(), person, 24*time.Hour
				run.Fate = func(r *rand.Rand) meta.Fault {
					return storm.Trouble(r, meta.Refused(613, ""), &meta.Refusal{Status: http.StatusInternalServerError, Code: 2, Message: "(#2) Service temporarily unavailable"})
				}
				count := run.Do(t)
				told := count[engine.Delivered] + count[engine.Read]
				if told+count[engine.Sent] != storm.Messages || told < storm.Messages/2 {
					t.Errorf("%v of %d", count, storm.Messages)
				}
			})
		})
	}
}
