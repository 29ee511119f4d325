package storagetest

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

// Run exercises every contract of every facet. open gives an empty store for
// the test and closes it when the test ends.
func Run(t *testing.T, open func(t testing.TB) engine.Store) {
	for name, test := range map[string]func(*testing.T, fixture){
		"update/rollback":          testRollback,
		"update/alone":             testRollbackAlone,
		"update/cancelled":         testCancelled,
		"update/goexit":            testGoexit,
		"update/own writes":        testOwnWrites,
		"update/serial":            testSerial,
		"update/guards":            testGuards,
		"view/readonly":            testViewReadOnly,
		"view/snapshot":            testViewSnapshot,
		"wakes":                    testWakes,
		"close":                    testClose,
		"brands":                   testBrands,
		"brands/rev":               testBrandRev,
		"brands/channels":          testChannels,
		"brands/skills":            testSkills,
		"bundles":                  testBundles,
		"users":                    testUsers,
		"users/presence":           testPresence,
		"users/attendance":         testAttendance,
		"users/notices":            testNotices,
		"logins":                   testLogins,
		"tokens":                   testTokens,
		"consumers":                testConsumers,
		"consumers/consent":        testConsent,
		"conversations":            testConversations,
		"conversations/ahead":      testAhead,
		"conversations/rev":        testRevRace,
		"conversations/one open":   testOneOpen,
		"conversations/list":       testConversationList,
		"conversations/ready":      testReady,
		"conversations/claim race": testReadyRace,
		"conversations/load":       testLoad,
		"messages":                 testMessages,
		"messages/unique":          testMessageKeys,
		"messages/state":           testMessageState,
		"messages/marks":           testMessageMarks,
		"messages/move":            testMessageMove,
		"messages/thread":          testThread,
		"inbox":                    testInbox,
		"inbox, long":              testInboxLook,
		"sessions":                 testSessions,
		"sessions/journal":         testJournal,
		"timers":                   testTimers,
		"timers/race":              testDueRace,
		"queue":                    testQueue,
		"queue/position":           testQueuePosition,
		"queue/counts":             testQueueCounts,
		"values":                   testValues,
		"values/check":             testValueCheck,
		"values/check race":        testValueRace,
		"followups":                testFollowups,
		"erasure":                  testErasure,
		"retention":                testRetention,
		"version changes":          testVersionChanges,
		"faults":                   testFaults,
		"utterances":               testUtterances,
		"tones":                    testTones,
		"feedback":                 testFeedback,
		"history/waiting":          testWaiting,
		"history/conversations":    testHistoryConversations,
		"history/figures":          testFigures,
		"outbox":                   testOutbox,
		"outbox/head of line":      testHeadOfLine,
		"outbox/settle":            testSettle,
		"outbox/claim race":        testClaimRace,
		"outbox/claim once":        testClaimOnce,
		"outbox/stale":             testStale,
		"outbox/expire and next":   testExpireNext,
		"outbox/line wakes":        testLineWakes,
		"outbox/circuit":           testCircuit,
		"outbox/sends":             testSends,
		"outbox/ahead":             testAheadOfSends,
		"events":                   testEvents,
		"events/concurrent order":  testEventOrder,
		"events/dropped":           testEventsDropped,
		"projections":              testProjections,
		"projections/race":         testProjectionRace,
		"leases":                   testLeases,
		"leases/race":              testLeaseRace,
		"marks":                    testMarks,
		"marks/race":               testMarkRace,
		"keys":                     testKeys,
		"blobs":                    testBlobs,
		"blobs/claim":              testBlobClaim,
		"blobs/claim race":         testBlobClaimRace,
		"blobs/loose":              testBlobLoose,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fixture{t: t, store: open(t)})
		})
	}
}

// fixture is a test with its store.
type fixture struct {
	t     *testing.T
	store engine.Store
}

// update commits fn or ends the test.
func (f fixture) update(fn func(engine.Tx) error) {
	f.t.Helper()
	if err := f.store.Update(context.Background(), fn); err != nil {
		f.t.Fatalf("update: %v", err)
	}
}

// refuse expects fn to fail with the code, and so to leave nothing.
func (f fixture) refuse(code engine.Code, fn func(engine.Tx) error) {
	f.t.Helper()
	if err := f.store.Update(context.Background(), fn); engine.CodeOf(err) != code {
		f.t.Fatalf("update gave %v, want the code %s", err, code)
	}
}

func (f fixture) view(fn func(engine.Tx) error) {
	f.t.Helper()
	if err := f.store.View(context.Background(), fn); err != nil {
		f.t.Fatalf("view: %v", err)
	}
}

// missing expects NotFound of a read.
func (f fixture) missing(fn func(engine.Tx) error) {
	f.t.Helper()
	if err := f.store.View(context.Background(), fn); engine.CodeOf(err) != engine.NotFound {
		f.t.Fatalf("view gave %v, want the code %s", err, engine.NotFound)
	}
}

func (f fixture) equal(got, want any) {
	f.t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		f.t.Fatalf("stored (+) differs from expected (-):\n%s", d)
	}
}

// settled reads the log until it has so many events. A store may leave out the newest
// as long as updates are under way that could still get in front of them.
func (f fixture) settled(want int, w engine.EventFilter) []engine.Event {
	f.t.Helper()
	for began := time.Now(); ; runtime.Gosched() {
		found := read(f, func(t engine.Tx) ([]engine.Event, error) { return t.Events().List(w) })
		if len(found) >= want || time.Since(began) > 10*time.Second {
			f.equal(len(found), want)
			return found
		}
	}
}

// read gives what fn finds in a view.
func read[T any](f fixture, fn func(engine.Tx) (T, error)) T {
	f.t.Helper()
	var v T
	f.view(func(t engine.Tx) (err error) {
		v, err = fn(t)
		return err
	})
	return v
}

// concurrently runs fn n times at once and gives the errors.
func concurrently(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	var start, end sync.WaitGroup
	start.Add(1)
	for i := range n {
		end.Go(func() {
			start.Wait()
			errs[i] = fn(i)
		})
	}
	start.Done()
	end.Wait()
	return errs
}

// count says how many errors have the code.
func count(errs []error, code engine.Code) int {
	n := 0
	for _, err := range errs {
		if engine.CodeOf(err) == code {
			n++
		}
	}
	return n
}

// at is a point in time, in milliseconds after a fixed one.
func at(ms int) time.Time {
	return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC).Add(time.Duration(ms) * time.Millisecond)
}

func conversation(id string) engine.Conversation {
	return engine.Conversation{
		ID: id, Brand: "acme", Channel: "acme.sms", Kind: "twilio", Consumer: "ann", Address: "+1555" + id,
		State: engine.Open, Owner: engine.OwnerBot, CreatedAt: at(0), LastAt: at(0),
	}
}

func message(id, conversation string, seq int64) engine.Message {
	return engine.Message{
		ID: id, Brand: "acme", Conversation: conversation, Consumer: "ann", Seq: seq, Author: engine.AuthorConsumer,
		Content: engine.Content{Text: "message " + id}, State: engine.Received, Channel: "acme.sms", At: at(int(seq)),
	}
}

func add[T any](items []T, fn func(T) error) error {
	for _, i := range items {
		if err := fn(i); err != nil {
			return err
		}
	}
	return nil
}

func ids[T any](items []T, id func(T) string) string {
	out := make([]string, len(items))
	for i, v := range items {
		out[i] = id(v)
	}
	return fmt.Sprint(out)
}
