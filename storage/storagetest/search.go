package storagetest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"parley/engine"
)

// Searching is a store with its searcher. Settle brings what the searcher reads
// up to what the store holds.
type Searching struct {
	Store    engine.Store
	Searcher engine.Searcher
	Settle   func()
}

// RunSearch exercises the contract of searches.
func RunSearch(t *testing.T, open func(t testing.TB) Searching) {
	for name, test := range map[string]func(*testing.T, searching){
		"words":   testSearchWords,
		"views":   testSearchViews,
		"pages":   testSearchPages,
		"changes": testSearchChanges,
		"cancel":  testSearchCancel,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			test(t, searching{fixture{t: t, store: s.Store}, s})
		})
	}
}

type searching struct {
	fixture
	on Searching
}

// find gives the ids that a search of acme finds.
func (f searching) find(q engine.SearchQuery) string {
	f.t.Helper()
	if q.Brand == "" {
		q.Brand = "acme"
	}
	if q.Limit == 0 {
		q.Limit = 50
	}
	page, err := f.on.Searcher.Search(context.Background(), q)
	if err != nil {
		f.t.Fatalf("%q: %v", q.Text, err)
	}
	if page.Next != "" && len(page.Conversations) < q.Limit {
		f.t.Fatalf("%q: there is more than %d", q.Text, len(page.Conversations))
	}
	out := ids(page.Conversations, func(c engine.Conversation) string { return c.ID })
	return strings.Trim(out, "[]")
}

// talk opens a conversation of somebody of its own, in which the texts are said.
func talk(t engine.Tx, c engine.Conversation, name string, texts ...string) error {
	c.Consumer = "p-" + c.ID
	p := engine.Consumer{ID: c.Consumer, Brand: c.Brand, Name: name, CreatedAt: at(0)}
	if err := t.Consumers().Add(p, engine.Identity{Brand: c.Brand, Kind: c.Kind, Address: c.Address, Consumer: p.ID}); err != nil {
		return err
	}
	c.LastSeq = int64(len(texts))
	if err := t.Conversations().Add(c); err != nil {
		return err
	}
	for i, text := range texts {
		m := message(fmt.Sprint("m-", c.ID, "-", i), c.ID, int64(i+1))
		m.Brand, m.Consumer, m.Content.Text = c.Brand, c.Consumer, text
		if err := t.Messages().Add(m); err != nil {
			return err
		}
	}
	return nil
}

func testSearchWords(_ *testing.T, f searching) {
	f.update(func(t engine.Tx) error {
		a, b, c, d, e := conversation("c1"), conversation("c2"), conversation("c3"), conversation("c4"), conversation("c5")
		a.Address, b.Address, c.Address, d.Address = "+4930123456", "maya.burns@shop.example", "v-sales-77", "+15550100777"
		e.Brand, e.Channel = "beta", "beta.sms"
		for _, err := range []error{
			talk(t, a, "Mesut Özil", "Hello from MÜNCHEN", "I want a refund for the bike."),
			talk(t, b, "Maya Burns", "", "Where is my order A12345?"),
			talk(t, c, "", "我要申请退款，谢谢", "👍"),
			talk(t, d, "王小明", "call (030) 123-456 78"),
			talk(t, e, "Mesut Özil", "refund"),
		} {
			if err != nil {
				return err
			}
		}
		return t.Messages().Add(engine.Message{
			ID: "note", Brand: "acme", Conversation: "c3", Consumer: "p-c3", Seq: 9, Author: engine.AuthorAgent, Note: true, At: at(9), Channel: "acme.sms",
			Content: engine.Content{Text: "is a VIP", Media: []engine.Media{{Kind: "file", Name: "Rechnung-77.pdf"}}, Picked: &engine.Choice{ID: "x", Label: "Blue frame"}},
		})
	})
	f.on.Settle()
	for text, want := range map[string]string{
		"özil": "c1", "OZIL": "c1", "Özil": "c1", "o\u0308zil": "c1", "muenchen": "c1", "MÜN": "c1", "munchen refund": "c1",
		"refund": "c1", "özil refund bike": "c1", "refund maya": "", "esut": "c1", "efund": "",
		"+49 30 123456": "c1", "030/123456": "c4 c1", "0049 (0)30 123456": "c1", "555 010": "c4", "0100777": "c4", "03012345678": "c4", "123": "c4 c2 c1",
		"urns@sho": "c2", "maya.burns@shop.example": "c2", "12345": "c4 c2 c1", "a12345": "c2", "V-SALES": "c3", "退款": "c3", "退": "c3", "小明": "c4", "👍": "c3",
		"vip": "c3", "rechnung": "c3", "blue fr": "c3",
		"": "", "%": "", "*": "", `"`: "", `refund" OR "order`: "", "refund OR order": "", "tokens:refund": "", "NEAR(refund)": "", "' or 1=1 --": "",
	} {
		if got := f.find(engine.SearchQuery{Text: text}); got != want {
			f.t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := f.find(engine.SearchQuery{Brand: "beta", Text: "özil refund"}); got != "c5" {
		f.t.Errorf("the other brand: got %q", got)
	}
	if got := f.find(engine.SearchQuery{Brand: "gamma", Text: "refund"}); got != "" {
		f.t.Errorf("no brand: got %q", got)
	}
}

func testSearchViews(_ *testing.T, f searching) {
	f.update(func(t engine.Tx) error {
		for i, change := range []func(*engine.Conversation){
			func(*engine.Conversation) {},
			func(c *engine.Conversation) { c.Owner, c.Skill = engine.OwnerQueue, "care" },
			func(c *engine.Conversation) { c.Owner, c.Agent = engine.OwnerAgent, "u1" },
			func(c *engine.Conversation) { c.Owner, c.Agent = engine.OwnerAgent, "u2" },
			func(c *engine.Conversation) { c.State, c.Owner = engine.Closed, engine.OwnerNone },
		} {
			c := conversation(fmt.Sprint("c", i))
			change(&c)
			if err := talk(t, c, "Ann", "hello"); err != nil {
				return err
			}
		}
		return nil
	})
	f.on.Settle()
	for want, q := range map[string]engine.SearchQuery{
		"c4 c3 c2 c1 c0": {},
		"c3 c2 c1 c0":    {State: engine.Open},
		"c4":             {State: engine.Closed},
		"c1":             {Owner: engine.OwnerQueue},
		"c2":             {Owner: engine.OwnerAgent, Agent: "u1"},
		"c3 c0":          {Among: []string{"c0", "c3", "none"}},
		"":               {Among: []string{}},
	} {
		q.Text = "hello ann"
		if got := f.find(q); got != want {
			f.t.Errorf("%+v: got %q, want %q", q, got, want)
		}
	}
}

// testSearchPages finds everything once, however the pages are cut and whatever
// is written meanwhile.
func testSearchPages(_ *testing.T, f searching) {
	const n = 60
	f.update(func(t engine.Tx) error {
		for i := range n {
			texts := []string{"common hello", "common again", fmt.Sprint("number ", i)}
			if i%7 == 0 {
				texts = append(texts, "rare bird")
			}
			if err := talk(t, conversation(fmt.Sprintf("c%02d", i)), "Ann", texts...); err != nil {
				return err
			}
		}
		return nil
	})
	f.on.Settle()
	for text, each := range map[string]int{"common": 1, "rare": 7, "common rare ann": 7, "again bird": 7} {
		for _, limit := range []int{1, 4, 9, n, 200} {
			var want, got []string
			for i := n - 1; i >= 0; i-- {
				if i%each == 0 {
					want = append(want, fmt.Sprintf("c%02d", i))
				}
			}
			for next, pages := "", 0; ; pages++ {
				page, err := f.on.Searcher.Search(context.Background(), engine.SearchQuery{Brand: "acme", Text: text, After: next, Limit: limit})
				if err != nil || len(page.Conversations) > limit || pages > 2*n {
					f.t.Fatalf("%d: %v", len(page.Conversations), err)
				}
				for _, c := range page.Conversations {
					got = append(got, c.ID)
				}
				if next = page.Next; next == "" {
					break
				}
				if pages == 0 && limit == 9 { // a newer one, and news in an older one
					f.update(func(t engine.Tx) error {
						id := fmt.Sprint("later-", len(text))
						m := message("m"+id, "c00", 100+int64(len(text)))
						m.Content.Text = "common again"
						if err := t.Messages().Add(m); err != nil {
							return err
						}
						return talk(t, conversation(id), "Ann", "nothing of it")
					})
					f.on.Settle()
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				f.t.Errorf("%q in pages of %d: got %v, want %v", text, limit, got, want)
			}
		}
	}
	if _, err := f.on.Searcher.Search(context.Background(), engine.SearchQuery{Brand: "acme", Text: "common", After: "?", Limit: 1}); engine.CodeOf(err) != engine.Invalid {
		f.t.Errorf("got %v", err)
	}
}

// testSearchChanges: a name that becomes known finds what was said before, and
// the old one does not any more.
func testSearchChanges(_ *testing.T, f searching) {
	f.update(func(t engine.Tx) error { return talk(t, conversation("c1"), "", "hello") })
	f.on.Settle()
	rename := func(name string) {
		f.update(func(t engine.Tx) error {
			p, err := t.Consumers().Get("acme", "p-c1")
			if err != nil {
				return err
			}
			p.Name = name
			return t.Consumers().Save(p)
		})
		f.on.Settle()
	}
	rename("Zoë Quinn")
	if got := f.find(engine.SearchQuery{Text: "zoe hello"}); got != "c1" {
		f.t.Errorf("got %q", got)
	}
	rename("Anna Quinn")
	if got := f.find(engine.SearchQuery{Text: "zoe"}) + f.find(engine.SearchQuery{Text: "anna quin"}); got != "c1" {
		f.t.Errorf("got %q", got)
	}
	f.update(func(t engine.Tx) error {
		m := message("m2", "c1", 2)
		m.Content.Text = "and a refund"
		return t.Messages().Add(m)
	})
	f.on.Settle()
	if got := f.find(engine.SearchQuery{Text: "refund quinn hello"}); got != "c1" {
		f.t.Errorf("got %q", got)
	}
}

func testSearchCancel(_ *testing.T, f searching) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := f.on.Searcher.Search(ctx, engine.SearchQuery{Brand: "acme", Text: "x", Limit: 1}); err == nil {
		f.t.Error("a search of nobody found something")
	}
}
