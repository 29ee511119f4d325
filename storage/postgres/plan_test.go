package postgres_test

import (
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/storage/postgres/postgrestest"
)

// go test ./storage/postgres -run Grown -conversations 2000000 -timeout 60m
var grownTo = flag.Int("conversations", 20_000, "how many conversations the tests of plans and times begin with")

// quick is what a person waits for without noticing it.
const quick = 50 * time.Millisecond

// asked is what people and workers ask of a store, and the index that answers it.
type asked struct {
	name, index string
	ask         func(engine.Tx) error
}

func theyAsk(n int) []asked {
	last, middle := fmt.Sprintf("c%08d", n-n/20-1), fmt.Sprintf("c%08d", n/2+1)
	at := func(of int) time.Time { return time.UnixMilli(int64(of) * 1000) }
	list := func(w engine.ConversationFilter) func(engine.Tx) error {
		w.Brand, w.Limit = "acme", 50
		return func(t engine.Tx) error { return some(t.Conversations().List(w)) }
	}
	count := func(w engine.ConversationFilter) func(engine.Tx) error {
		w.Brand = "acme"
		return func(t engine.Tx) error { _, err := t.Conversations().Count(w); return err }
	}
	log := func(w engine.EventFilter) func(engine.Tx) error {
		w.Limit = 100
		return func(t engine.Tx) error { return some(t.Events().List(w)) }
	}
	return []asked{
		{"all open ones", "conversations_open", list(engine.ConversationFilter{State: engine.Open})},
		{"the queue's", "conversations_open", list(engine.ConversationFilter{State: engine.Open, Owner: engine.OwnerQueue})},
		{"an agent's", "conversations_agent", list(engine.ConversationFilter{State: engine.Open, Owner: engine.OwnerAgent, Agent: "u16"})},
		{"closed ones", "conversations_closed", list(engine.ConversationFilter{State: engine.Closed})},
		{"closed ones, later pages", "conversations_closed", list(engine.ConversationFilter{State: engine.Closed, Before: at(n / 2)})},
		{"a consumer's", "conversations_consumer", list(engine.ConversationFilter{Consumer: fmt.Sprint("p", n/3)})},
		{"open ones, counted", "", count(engine.ConversationFilter{State: engine.Open})},
		{"an agent's, counted", "open_changes_key", count(engine.ConversationFilter{State: engine.Open, Owner: engine.OwnerAgent, Agent: "u16"})},
		{"what is ready", "conversations_ready", func(t engine.Tx) error { _, err := t.Ready().Any(time.UnixMilli(1)); return err }},
		{"agents' loads", "conversations_agent|conversations_open", func(t engine.Tx) error { _, err := t.Conversations().Load("acme"); return err }},
		{"a conversation", "conversations_id_key", func(t engine.Tx) error { _, err := t.Conversations().Get("acme", last); return err }},
		{"a transcript", "messages_seq", func(t engine.Tx) error { return some(t.Messages().List("acme", middle, 0, 100)) }},
		{"a thread", "conversations_consumer|messages_seq", func(t engine.Tx) error { return some(t.Messages().Thread("acme", fmt.Sprint("p", n/3), "", 50)) }},
		{"a provider's message", "messages_provider", func(t engine.Tx) error { _, err := t.Messages().ByProvider("acme.sms", "SM"+last+"1"); return err }},
		{"a conversation's events", "events_[0-9]+_conversation_seq_idx", log(engine.EventFilter{Brand: "acme", Conversation: last})},
		{"a consumer's events", "events_[0-9]+_conversation_seq_idx", log(engine.EventFilter{Brand: "acme", Consumer: fmt.Sprint("p", n/3)})},
		{"a brand's events", "events_[0-9]+_brand_seq_idx|events_[0-9]+_pkey", log(engine.EventFilter{Brand: "acme", After: engine.Cursor(n)})},
		{"a small brand's events", "events_[0-9]+_brand_seq_idx", log(engine.EventFilter{Brand: "beta", After: engine.Cursor(n)})},
		{"the log", "events_[0-9]+_pkey", log(engine.EventFilter{After: engine.Cursor(n)})},
		{"the end of the log", "events_[0-9]+_pkey", func(t engine.Tx) error { _, err := t.Events().Last(); return err }},
		{"created in an hour", "conversations_created", func(t engine.Tx) error {
			return some(t.History().Conversations("acme", at(n/2), at(n/2+3600), "", 100))
		}},
		{"waiting sessions", "sessions_waiting", func(t engine.Tx) error { return some(t.History().Waiting("acme", "s", 100)) }},
		{"a conversation's sessions", "sessions_conversation", func(t engine.Tx) error { return some(t.History().Sessions("acme", last)) }},
		{"sessions of a version", "sessions_version", func(t engine.Tx) error { _, _, err := t.History().Begun("acme", "v19", at(n-n/30)); return err }},
		{"closed ones by age", "conversations_over", func(t engine.Tx) error { _, _, err := t.Retention().Conversations("acme", at(n/3), 100); return err }},
		{"who waits, by skill", "", func(t engine.Tx) error { _, err := t.Queue().Waiting("acme"); return err }},
		{"the whole queue", "", func(t engine.Tx) error { return some(t.Queue().List("acme")) }},
	}
}

// some wants an answer that is not empty.
func some[T any](found []T, err error) error {
	if err == nil && len(found) == 0 {
		err = engine.Errorf(engine.NotFound, "nothing is found")
	}
	return err
}

var (
	usedIndex = regexp.MustCompile(`(?:using|Bitmap Index Scan on) (\w+)`)
	wholeScan = regexp.MustCompile(`Seq Scan on (conversations|messages|events_0|sessions|outbox|consumers|identities|search)\b`)
)

// TestGrown: what people wait for is answered by the index that was made for it, and
// quickly, in a database of some size.
func TestGrown(t *testing.T) {
	t.Parallel()
	cluster := postgrestest.New(t, postgrestest.Settings{More: []string{
		"session_preload_libraries=auto_explain", "auto_explain.log_min_duration=0", "shared_buffers=512MB", "max_wal_size=8GB",
	}})
	url, n := cluster.Open(t), *grownTo
	c := connect(t, url)
	exec(t, c, `set auto_explain.log_min_duration = -1`)
	grown(t, c, n)
	db := openURL(t, url)
	for _, a := range theyAsk(n) {
		before := len(cluster.Log(t))
		took := timed(t, a.name, func() error { return db.View(t.Context(), a.ask) })
		for number(t, c, `select count(*) from pg_stat_activity where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`) > 0 {
		} // a plan is told when its transaction ends
		plans := cluster.Log(t)[before:]
		var used []string
		for _, m := range usedIndex.FindAllStringSubmatch(plans, -1) {
			used = append(used, m[1])
		}
		slices.Sort(used)
		used = slices.Compact(used)
		if whole := wholeScan.FindString(plans); whole != "" {
			t.Errorf("%s: %s\n%s", a.name, whole, lastOf(plans))
		}
		if want := regexp.MustCompile(`^(?:` + a.index + `)$`); a.index != "" && !slices.ContainsFunc(used, want.MatchString) {
			t.Errorf("%s: used %v, want %s\n%s", a.name, used, a.index, lastOf(plans))
		}
		t.Logf("%-28s %8s  %s", a.name, took.Round(10*time.Microsecond), strings.Join(used, " "))
	}
	x := openIndex(t, db)
	for _, q := range []engine.SearchQuery{
		{Text: "w1"}, {Text: "w40000"}, {Text: "w12345 w2"}, {Text: "w2 w3"}, {Text: "w1 w2 w3 w4"}, {Text: "w49999 w49998"}, {Text: "nowhere"}, {Text: "w1 nowhere"},
		{Text: fmt.Sprintf("+1555%08d", n/4)}, {Text: "visitor"}, {Text: "visitor w17"}, {Text: "w1", State: engine.Closed}, {Text: "w5", State: engine.Open, Owner: engine.OwnerAgent, Agent: "u16"},
	} {
		q.Brand, q.Limit = "acme", 50
		var found int
		took := timed(t, q.Text, func() error {
			page, err := x.Search(t.Context(), q)
			found = len(page.Conversations)
			return err
		})
		t.Logf("search %-21s %8s  %d found", q.Text, took.Round(10*time.Microsecond), found)
	}
}

// lastOf is the plan of the last statement.
func lastOf(plans string) string { return plans[max(0, strings.LastIndex(plans, "LOG: ")):] }

// timed gives the best time of a few, after the first, and refuses one that is not quick.
func timed(t *testing.T, name string, do func() error) (best time.Duration) {
	t.Helper()
	for i := range 6 {
		began := time.Now()
		if err := do(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(began); i == 1 || took < best {
			best = took
		}
	}
	if best > quick && *grownTo >= 100_000 { // times of a small one, in a busy machine, prove nothing
		t.Errorf("%s takes %s", name, best)
	}
	return best
}
