package sqlite

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/engine"
)

func testDB(t testing.TB) *DB {
	t.Helper()
	db, err := Open(context.Background(), Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// TestPlans: no query that runs for each message, timer or poll reads a whole table.
func TestPlans(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_000_000)
	polls := func(t engine.Tx) error {
		o := engine.OutboxItem{ID: "o", State: engine.OutboxPending}
		c := benchConversation(1, now)
		_ = t.Conversations().Add(c)
		_ = t.Conversations().Save(&c)
		_, _ = t.Conversations().Get("b", "c")
		_, _ = t.Conversations().OpenByAddress("ch", "a")
		_, _ = t.Ready().List(10)
		_, _ = t.Ready().Any(now)
		_, _ = t.Ready().Claim(now, now, 10)
		_, _ = t.Conversations().Load("b")
		for _, w := range []engine.ConversationFilter{{}, {Owner: engine.OwnerAgent, Agent: "a"}, {State: engine.Closed, Before: now}, {Consumer: "p"}} {
			w.Brand, w.Limit = "b", 10
			_, _ = t.Conversations().List(w)
			_, _ = t.Conversations().Count(w)
		}
		_ = t.Messages().Add(engine.Message{ID: "m"})
		_, _ = t.Messages().Get("b", "m")
		_, _ = t.Messages().ByProvider("ch", "x")
		_, _ = t.Messages().ByClient("c", "x")
		_, _ = t.Messages().List("b", "c", 0, 10)
		_, _ = t.Messages().Thread("b", c.Consumer, "", 10)
		_ = t.Messages().SetState("b", "m", engine.Sent, "")
		_ = t.Messages().Mark("b", "m", engine.MessageMarks{EditedAt: 1})
		_ = t.Messages().Move("b", "m", engine.Queued, engine.Sent)
		_, _ = t.Inbox().List("c")
		_ = t.Inbox().Remove("c", 1)
		_, _ = t.Sessions().Current("c")
		_, _ = t.Sessions().Journal("s")
		_ = t.Outbox().Add(&o)
		_, _ = t.Outbox().Claim(now, now, 10)
		_, _ = t.Outbox().Stale(now, 10)
		_, _ = t.Outbox().Next()
		_ = t.Outbox().Save(o)
		_ = t.Outbox().Expire(now)
		_, _ = t.Outbox().ByProvider("ch", "x")
		_, _ = t.Sends().Of("m")
		_, _ = t.Sends().Waiting("c", 10)
		_, _ = t.Sends().Overdue("ch", now, 10)
		_ = t.Sends().Hurry("ch", now, now)
		_ = t.Circuits().Save(engine.Circuit{Channel: "ch"})
		_, _ = t.Circuits().Get("ch")
		_, _ = t.Circuits().List("b")
		_ = t.Circuits().Remove("ch")
		_, _ = t.Leases().Take("routing", "p", now, now)
		_ = t.Leases().Release("routing", "p")
		_, _ = t.Marks().Get("k")
		_ = t.Marks().Set("k", now)
		_, _ = t.Marks().Expire(now, 10)
		_, _ = t.Keys().Get("visitors")
		_, _ = t.Queue().List("b")
		_ = t.Queue().Put(engine.QueueEntry{Conversation: "c"})
		_, _ = t.Queue().Position("c")
		_, _ = t.Values().Get("b", "k", now)
		for _, v := range []engine.Value{{}, {Version: 2}} {
			v.Brand, v.Key = "b", "k"
			_, _ = t.Values().Put(v, false, now)
			_, _ = t.Values().Put(v, true, now)
		}
		_, _ = t.Values().Count("b")
		_, _ = t.Values().Expire(now, 10)
		_ = t.Followups().Add(engine.Followup{ID: "f"})
		_, _ = t.Followups().Due(now, 10)
		_, _ = t.Followups().Count("b", "p")
		_, _ = t.Followups().Next()
		_, _ = t.VersionChanges().List("b", 10)
		_ = t.Faults().Record(engine.FaultGroup{Brand: "b", ID: "g"}, "c")
		_ = t.Faults().Record(engine.FaultGroup{Brand: "b", ID: "g"}, "c")
		_, _ = t.Faults().List("b", now, 10)
		_, _ = t.Faults().Conversations("b", "g", 10)
		_ = t.Sessions().Save(engine.Session{ID: "s"})
		_, _ = t.History().Waiting("b", "s", 10)
		_, _ = t.History().Sessions("b", "c")
		_, _ = t.History().Conversations(c.Brand, now, now, "", 10)
		_, _ = t.History().Conversations(c.Brand, now, now, c.ID, 10)
		_, _ = t.History().Figures("b", now)
		_, _, _ = t.History().Begun("b", "h", now)
		_ = t.Utterances().Add(&engine.Utterance{Brand: "b"})
		_ = t.Utterances().Save(engine.Utterance{Brand: "b", N: 1})
		_ = t.Utterances().Drop("b", 1)
		_, _ = t.Utterances().Find("b", "c", "t")
		_, _ = t.Utterances().List(engine.UtteranceFilter{Brand: "b", Limit: 10})
		_, _ = t.Utterances().List(engine.UtteranceFilter{Brand: "b", State: engine.UtteranceOpen, Below: 9, Limit: 10})
		_, _ = t.Retention().Sends("b", now, 10)
		_, _ = t.Retention().Journals("b", now, 10)
		_, _, _ = t.Retention().Conversations("b", now, 10)
		_ = t.Retention().Reached("b", engine.RetentionMark{At: now, N: 1})
		_, _ = t.Timers().Due(now, 10)
		_, _ = t.Timers().Next()
		_ = t.Timers().RemoveSession("s")
		_, _ = t.Events().List(engine.EventFilter{Brand: "b", Conversation: "c", Limit: 10})
		_, _ = t.Events().List(engine.EventFilter{Brand: "b", Consumer: "p", Limit: 10})
		_, _ = t.Events().List(engine.EventFilter{After: 1, Kinds: []engine.EventKind{engine.EventOwner, engine.EventClosed}, Limit: 10})
		_, _ = t.Events().Last()
		for range 2 {
			_ = t.Events().Add(&engine.Event{At: now})
		}
		if n, err := t.Events().Drop(now.Add(1), 10); n != 1 || err != nil {
			return fmt.Errorf("%d events went: %w", n, err)
		}
		_, _ = t.Events().Gone()
		_, _ = t.Projections().Position("p")
		_ = t.Projections().Move("p", engine.Position{Version: 1}, engine.Position{Version: 1, At: 2})
		_, _ = t.Projections().Row("p", "k")
		_, _ = t.Projections().Rows("p", "a", "b", 10)
		_ = t.Projections().Clear("p")
		_, _ = t.Consumers().ByAddress("b", "k", "a")
		_, _ = t.Consumers().Consent("b", "ch", "a")
		_, _ = t.Brands().Rev("b")
		_, _ = t.Logins().Get("h")
		_, err := t.Users().ByEmail("e")
		return err
	}
	db := testDB(t)
	if err := db.Update(context.Background(), polls); engine.CodeOf(err) != engine.NotFound {
		t.Fatal(err)
	}
	checked := 0
	err := db.Update(context.Background(), func(tx engine.Tx) error {
		c := db.writer.conn
		var queries []string
		for q := range c.stmts {
			if strings.HasPrefix(q, "select") || strings.HasPrefix(q, "update") || strings.HasPrefix(q, "delete") || strings.HasPrefix(strings.TrimSpace(q), "with") {
				queries = append(queries, q)
			}
		}
		for _, q := range queries {
			plan, err := explain(c, q)
			if err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
			checked++
			for _, step := range plan {
				if scans(step) {
					t.Errorf("%s\n  reads a whole table: %s", q, step)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if checked < 60 {
		t.Errorf("only %d queries checked", checked)
	}
}

// scans says whether the step of a plan reads a table from end to end. Reading
// an index in its order up to a limit is fine, and so are results of the query
// itself.
func scans(step string) bool {
	return strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, " USING ") && !strings.Contains(step, "CONSTANT ROW") &&
		step != "SCAN projections" && !strings.HasPrefix(step, "SCAN gates") && !strings.HasPrefix(step, "SCAN held") && !strings.HasPrefix(step, "SCAN chain") && !strings.HasPrefix(step, "SCAN versions") && !strings.HasPrefix(step, "SCAN newest") && !strings.HasPrefix(step, "SCAN (")
}

// TestNamedPlans: what lists, history and readers of the log ask is answered by
// the index that was made for it, and by no other.
func TestNamedPlans(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_000_000)
	list := func(w engine.ConversationFilter) func(engine.Tx) error {
		w.Brand, w.Limit = "b", 10
		return func(t engine.Tx) error {
			_, err := t.Conversations().List(w)
			if err != nil {
				return err
			}
			_, err = t.Conversations().Count(w)
			return err
		}
	}
	count := func(w engine.ConversationFilter) func(engine.Tx) error {
		w.Brand, w.State = "b", engine.Open
		return func(t engine.Tx) error { _, err := t.Conversations().Count(w); return err }
	}
	rows := func(w engine.ConversationFilter) func(engine.Tx) error { // their number comes from elsewhere
		w.Brand, w.Limit = "b", 10
		return func(t engine.Tx) error { _, err := t.Conversations().List(w); return err }
	}
	const ofConsumer = "conversations USING INDEX conversations_consumer (consumer=? AND brand=?)"
	for _, p := range []struct {
		name, want string
		ask        func(engine.Tx) error
	}{
		{"waiting sessions", "s USING INDEX sessions_waiting (brand=? AND id>?)",
			func(t engine.Tx) error { _, err := t.History().Waiting("b", "s", 10); return err }},
		{"figures", "s USING INDEX sessions_version (brand=? AND version=? AND created_at>?)",
			func(t engine.Tx) error { _, err := t.History().Figures("b", now); return err }},
		{"begun", "sessions USING COVERING INDEX sessions_version (brand=? AND version=? AND created_at>?)",
			func(t engine.Tx) error { _, _, err := t.History().Begun("b", "h", now); return err }},
		{"created", "conversations USING INDEX conversations_created (brand=? AND created_at>? AND created_at<?)",
			func(t engine.Tx) error { _, err := t.History().Conversations("b", now, now, "", 10); return err }},
		{"a consumer's", ofConsumer, list(engine.ConversationFilter{Consumer: "p"})},
		{"a consumer's pulse", ofConsumer, func(t engine.Tx) error { _, err := t.Consumers().Pulse("b", "p"); return err }},
		{"a consumer's closed ones", ofConsumer, list(engine.ConversationFilter{Consumer: "p", State: engine.Closed})},
		{"a consumer's with an agent", ofConsumer, list(engine.ConversationFilter{Consumer: "p", State: engine.Open, Owner: engine.OwnerAgent, Agent: "a", Before: now})},
		{"closed ones by age", "conversations USING INDEX conversations_over (brand=? AND closed_at>? AND closed_at<?)",
			func(t engine.Tx) error { _, _, err := t.Retention().Conversations("b", now, 10); return err }},
		{"open ones, counted", "open_counts USING PRIMARY KEY (brand=?)", count(engine.ConversationFilter{})},
		{"an agent's, counted", "open_counts USING PRIMARY KEY (brand=? AND owner=? AND agent=?)",
			count(engine.ConversationFilter{Owner: engine.OwnerAgent, Agent: "a"})},
		{"how many wait", "queue_counts USING PRIMARY KEY (brand=?)", func(t engine.Tx) error { _, err := t.Queue().Waiting("b"); return err }},
		{"what is meant for an agent", "queue USING INDEX queue_agent (brand=? AND agent=?)",
			func(t engine.Tx) error { _, err := t.Queue().Meant("b", "a"); return err }},
		{"what is offered to an agent", "queue USING INDEX queue_offered (brand=? AND offered_to=?)",
			func(t engine.Tx) error { _, err := t.Queue().Meant("b", "a"); return err }},
		{"sends by age", "outbox USING INTEGER PRIMARY KEY (rowid>?)",
			func(t engine.Tx) error { _, err := t.Retention().Sends("b", now, 10); return err }},
		{"a small brand's log", "e USING INDEX events_brand (brand=? AND rowid>?)",
			func(t engine.Tx) error {
				_, err := t.Events().List(engine.EventFilter{Brand: "b", After: 5, Limit: 10})
				return err
			}},
		{"the whole log", "e USING INTEGER PRIMARY KEY (rowid>?)",
			func(t engine.Tx) error {
				_, err := t.Events().List(engine.EventFilter{After: 5, Limit: 10})
				return err
			}},
		{"the log's beginning", "events USING INTEGER PRIMARY KEY (rowid<?)",
			func(t engine.Tx) error { _, err := t.Events().Drop(now, 10); return err }},
		{"open ones by owner", "conversations USING INDEX conversations_open (brand=? AND owner=?)", rows(engine.ConversationFilter{State: engine.Open, Owner: engine.OwnerQueue})},
		{"an agent's", "conversations USING INDEX conversations_agent (brand=? AND agent=?)",
			rows(engine.ConversationFilter{State: engine.Open, Owner: engine.OwnerAgent, Agent: "a"})},
		{"closed ones", "conversations USING INDEX conversations_closed (brand=?)", rows(engine.ConversationFilter{State: engine.Closed})},
		{"open by address", "conversations USING INDEX conversations_address (channel=? AND address=?)",
			func(t engine.Tx) error { return absent(t.Conversations().OpenByAddress("ch", "a")) }},
		{"a transcript", "messages USING INDEX messages_seq (conversation=? AND seq>?)",
			func(t engine.Tx) error { _, err := t.Messages().List("b", "c", 3, 10); return err }},
		{"a provider's message", "messages USING INDEX messages_provider (channel=? AND provider_id=?)",
			func(t engine.Tx) error { return absent(t.Messages().ByProvider("ch", "x")) }},
		{"a writer's message", "messages USING INDEX messages_client (conversation=? AND client_id=?)",
			func(t engine.Tx) error { return absent(t.Messages().ByClient("c", "x")) }},
		{"judged ones", "messages USING INDEX messages_judged (brand=?)", func(t engine.Tx) error { _, err := t.Tones().Judged("b", 10); return err }},
		{"the current session", "sessions USING INDEX sessions_conversation (conversation=?)",
			func(t engine.Tx) error { return absent(t.Sessions().Current("c")) }},
		{"a conversation's sessions", "sessions USING INDEX sessions_conversation (conversation=?)",
			func(t engine.Tx) error { _, err := t.History().Sessions("b", "c"); return err }},
		{"timers that are due", "timers USING INDEX timers_at (at<?)", func(t engine.Tx) error { _, err := t.Timers().Due(now, 10); return err }},
		{"a session's timers", "timers USING INDEX timers_session (session=?)", func(t engine.Tx) error { return t.Timers().RemoveSession("s") }},
		{"follow-ups that are due", "followups USING INDEX followups_at (at<?)", func(t engine.Tx) error { _, err := t.Followups().Due(now, 10); return err }},
		{"a consumer's addresses", "identities USING INDEX identities_consumer (consumer=? AND brand=?)",
			func(t engine.Tx) error { _, err := t.Consumers().Identities("b", "p"); return err }},
		{"a consent", "consents USING INDEX consents_address (channel=? AND address=?)",
			func(t engine.Tx) error { return absent(t.Consumers().Consent("b", "ch", "a")) }},
		{"a consumer's consents", "consents USING INDEX consents_brand (brand=? AND address=?)",
			func(t engine.Tx) error { _, err := t.Consumers().Consents("b", "p", 10); return err }},
		{"the queue", "queue USING INDEX queue_order (brand=?)", func(t engine.Tx) error { _, err := t.Queue().List("b"); return err }},
		{"a brand's team", "users USING INDEX users_brand (brand=?)", func(t engine.Tx) error { _, err := t.Users().List("b"); return err }},
		{"versions", "version_changes USING INDEX version_changes_brand (brand=?)", func(t engine.Tx) error { _, err := t.VersionChanges().List("b", 10); return err }},
		{"faults", "faults USING INDEX faults_last (brand=? AND last_at>?)", func(t engine.Tx) error { _, err := t.Faults().List("b", now, 10); return err }},
		{"a fault's conversations", "fault_conversations USING INDEX fault_conversations_at (brand=? AND fault=?)",
			func(t engine.Tx) error { _, err := t.Faults().Conversations("b", "g", 10); return err }},
		{"utterances by state", "utterances USING INDEX utterances_state (brand=? AND state=? AND n<?)",
			func(t engine.Tx) error {
				_, err := t.Utterances().List(engine.UtteranceFilter{Brand: "b", State: engine.UtteranceOpen, Below: 9, Limit: 10})
				return err
			}},
		{"utterances by text", "utterances USING INDEX utterances_text (conversation=? AND text=?)",
			func(t engine.Tx) error { return absent(t.Utterances().Find("b", "c", "t")) }},
	} {
		t.Run(p.name, func(t *testing.T) {
			for q, plan := range plansOf(t, testDB(t), p.ask) {
				if strings.Contains(q, " retention ") {
					continue // its mark, by the primary key
				}
				if !strings.Contains(plan, "SEARCH "+p.want) && !strings.Contains(strings.ReplaceAll(plan, " COVERING ", " "), "SEARCH "+p.want) {
					t.Errorf("%s\n%s\ndoes not search %s", q, plan, p.want)
				}
			}
		})
	}
}

// absent is the error of a look-up that may find nothing.
func absent[T any](_ T, err error) error {
	if engine.CodeOf(err) == engine.NotFound {
		return nil
	}
	return err
}

// plansOf gives the plan of each query that ask makes.
func plansOf(t *testing.T, db *DB, ask func(engine.Tx) error) map[string]string {
	t.Helper()
	plans := map[string]string{}
	err := db.Update(context.Background(), func(tx engine.Tx) error {
		c := db.writer.conn
		before := maps.Clone(c.stmts)
		if err := ask(tx); err != nil {
			return err
		}
		for q := range maps.Clone(c.stmts) { // explaining prepares more
			if _, known := before[q]; known {
				continue
			}
			plan, err := explain(c, q)
			if err != nil {
				return err
			}
			plans[q] = strings.Join(plan, "\n")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(plans) == 0 {
		t.Fatal("no query")
	}
	return plans
}

// TestOutboxPlans: what waits, for its time or behind another, costs a claim nothing.
func TestOutboxPlans(t *testing.T) {
	t.Parallel()
	db, now := testDB(t), time.UnixMilli(1_000_000)
	const due, line = "INDEX outbox_due (gate=? AND due_at<?)", "INDEX outbox_line (conversation=? AND kind=?)"
	for name, tt := range map[string]struct {
		want []string // one of these, in each query
		ask  func(engine.Tx) error
	}{
		"claim": {[]string{"INDEX outbox_due", "SCAN gates", "SEARCH c USING PRIMARY KEY (channel=?)", "circuits USING PRIMARY KEY", "INTEGER PRIMARY KEY"}, func(t engine.Tx) error {
			_, err := t.Outbox().Claim(now, now, 10)
			return err
		}},
		"next":    {[]string{"INDEX outbox_due", "SCAN gates", "SEARCH c USING PRIMARY KEY (channel=?)", "INDEX outbox_unsure", "SCAN CONSTANT ROW"}, func(t engine.Tx) error { _, err := t.Outbox().Next(); return err }},
		"stale":   {[]string{"INDEX outbox_leased (lease_until<?)", "INDEX outbox_unsure (due_at<?)"}, func(t engine.Tx) error { _, err := t.Outbox().Stale(now, 10); return err }},
		"overdue": {[]string{due}, func(t engine.Tx) error { _, err := t.Sends().Overdue("ch", now, 10); return err }},
		"hurry":   {[]string{"INDEX outbox_due (gate=? AND due_at>? AND due_at<?)"}, func(t engine.Tx) error { return t.Sends().Hurry("ch", now, now) }},
		"waiting": {[]string{line}, func(t engine.Tx) error { _, err := t.Sends().Waiting("c", 10); return err }},
		"of":      {[]string{"(id>? AND id<?)", "TEMP B-TREE"}, func(t engine.Tx) error { _, err := t.Sends().Of("m"); return err }},
		"save": {[]string{"sqlite_autoindex_outbox_1 (id=?)", line, "INTEGER PRIMARY KEY", "SCALAR SUBQUERY"}, func(t engine.Tx) error {
			o := engine.OutboxItem{ID: "plan", Conversation: "c", Kind: engine.OutboxMessage, Channel: "ch", State: engine.OutboxPending, DueAt: now.Add(time.Hour)}
			_ = t.Outbox().Add(&o)
			o.State = engine.OutboxDone
			return t.Outbox().Save(o)
		}},
	} {
		err := db.Update(context.Background(), func(tx engine.Tx) error {
			// Two gates, one of them waiting for a probe, so that every query is asked.
			for i, channel := range []string{"ch", "ch2"} {
				o := engine.OutboxItem{
					ID: fmt.Sprint(name, i), Conversation: fmt.Sprint(name, i), Kind: engine.OutboxMessage, Channel: channel, State: engine.OutboxPending, DueAt: now,
				}
				if err := tx.Outbox().Add(&o); err != nil {
					return err
				}
			}
			if err := tx.Circuits().Save(engine.Circuit{Channel: "ch2", ProbeAt: now}); err != nil {
				return err
			}
			c := db.writer.conn
			before := maps.Clone(c.stmts)
			if err := tt.ask(tx); err != nil {
				return err
			}
			for q := range maps.Clone(c.stmts) {
				if _, known := before[q]; known || strings.HasPrefix(q, "insert") {
					continue
				}
				plan, err := explain(c, q)
				if err != nil {
					return err
				}
				for _, step := range plan {
					if !strings.HasPrefix(step, "SEARCH") && !strings.HasPrefix(step, "SCAN") && !strings.HasPrefix(step, "USE") {
						continue
					}
					if !slices.ContainsFunc(tt.want, func(want string) bool { return strings.Contains(step, want) }) {
						t.Errorf("%s: %s\n%s\n%q is none of %q", name, q, strings.Join(plan, "\n"), step, tt.want)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Error(name, err)
		}
	}
}

// TestWindowReadsItsEvents: of a long conversation only what lies in the window is
// read: the links that the query goes through are counted.
func TestWindowReadsItsEvents(t *testing.T) {
	t.Parallel()
	db, at := testDB(t), time.UnixMilli(1_000_000)
	const life, recent = 5000, 10
	err := db.Update(context.Background(), func(t engine.Tx) error {
		if err := t.Conversations().Add(benchConversation(1, at)); err != nil {
			return err
		}
		for i := range life {
			e := engine.Event{At: at.Add(time.Duration(i) * time.Second), Brand: "acme", Conversation: benchID("c", 1), Kind: engine.EventOwner, Data: []byte("{}")}
			if err := t.Events().Add(&e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	since := at.Add((life - recent) * time.Second)
	var asked string
	err = db.Update(context.Background(), func(tx engine.Tx) error {
		c := db.writer.conn
		for _, s := range c.stmts {
			s.Close()
		}
		clear(c.stmts)
		clear(c.places)
		got, err := tx.Events().List(engine.EventFilter{Brand: "acme", Conversation: benchID("c", 1), Since: since, Limit: 1000})
		if err != nil || len(got) != recent {
			t.Errorf("got %d, %v", len(got), err)
		}
		for q := range c.stmts {
			if strings.HasPrefix(q, "with recursive chain") {
				asked = q
			}
		}
		i := strings.Index(asked, ") select e.seq")
		n, err := c.Number(asked[:i]+") select count(*) from chain", benchID("c", 1), int64(0), int64(0), since.UnixMilli())
		if err != nil || n > recent+1 {
			t.Errorf("it went through %d events, %v", n, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
