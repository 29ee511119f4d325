package desk_test

import (
	"encoding/json"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
)

func (w world) notices(agent string) []engine.Notice {
	w.t.Helper()
	return enginetest.Read(w.World, func(tx engine.Tx) ([]engine.Notice, error) { return tx.Notices().List(enginetest.Brand, agent) })
}

// TestTheOneWhoLosesItIsTold: who had a conversation learns who took it away and
// what became of it, and so does the log.
func TestTheOneWhoLosesItIsTold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		lua  string
		does func(w world, c engine.Conversation) error
		want engine.Notice
	}{
		"a supervisor takes it over": {passed, func(w world, c engine.Conversation) error {
			_, err := w.Desk.Take(w.t.Context(), w.sup, c.ID, c.Rev)
			return err
		}, engine.Notice{Kind: engine.NoticeTaken, By: "Name of sup", ByID: "sup", To: "Name of sup"}},
		"a supervisor gives it to a colleague": {passed, func(w world, c engine.Conversation) error {
			_, err := w.Desk.Transfer(w.t.Context(), w.sup, c.ID, c.Rev, toAgent("kim"), "yours")
			return err
		}, engine.Notice{Kind: engine.NoticeTransferred, By: "Name of sup", ByID: "sup", To: "Name of kim"}},
		"a supervisor gives it to a skill": {passed, func(w world, c engine.Conversation) error {
			_, err := w.Desk.Transfer(w.t.Context(), w.sup, c.ID, c.Rev, toSkill("sales"), "yours")
			return err
		}, engine.Notice{Kind: engine.NoticeTransferred, By: "Name of sup", ByID: "sup", To: "Sales"}},
		"a supervisor puts it back": {passed, func(w world, c engine.Conversation) error {
			_, err := w.Desk.Requeue(w.t.Context(), w.sup, c.ID, c.Rev, "")
			return err
		}, engine.Notice{Kind: engine.NoticeRequeued, By: "Name of sup", ByID: "sup", To: "Customer care"}},
		"a supervisor gives it back to the bot": {awaited, func(w world, c engine.Conversation) error {
			_, err := w.Desk.Return(w.t.Context(), w.sup, c.ID, c.Rev, "")
			return err
		}, engine.Notice{Kind: engine.NoticeToBot, By: "Name of sup", ByID: "sup"}},
		"a supervisor closes it": {passed, func(w world, c engine.Conversation) error {
			_, err := w.Desk.Close(w.t.Context(), w.sup, c.ID, c.Rev, "solved", "", nil)
			return err
		}, engine.Notice{Kind: engine.NoticeClosed, By: "Name of sup", ByID: "sup"}},
		"a supervisor closes it, and the bot has last words": {awaited, func(w world, c engine.Conversation) error {
			_, err := w.Desk.Close(w.t.Context(), w.sup, c.ID, c.Rev, "solved", "", nil)
			return err
		}, engine.Notice{Kind: engine.NoticeClosed, By: "Name of sup", ByID: "sup"}},
		"the consumer ends it": {passed, func(w world, c engine.Conversation) error {
			w.Write("STOP")
			return nil
		}, engine.Notice{Kind: engine.NoticeClosed}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tt.lua)
			c := w.mine()
			at := w.Cursor()
			if err := tt.does(w, c); err != nil {
				t.Fatal(err)
			}
			got := w.notices("sam")
			if len(got) != 1 {
				t.Fatalf("sam is told %+v", got)
			}
			tt.want.Brand, tt.want.Agent, tt.want.Conversation, tt.want.Consumer = enginetest.Brand, "sam", c.ID, enginetest.Address
			tt.want.N, tt.want.At = got[0].N, got[0].At
			w.equal(tt.want, got[0])
			told, from := 0, ""
			for _, e := range w.Events(c.ID) {
				var d engine.ConversationData
				switch {
				case engine.Cursor(e.Seq) <= at:
				case e.Kind == engine.EventNotice:
					told++
				case from == "" && (e.Kind == engine.EventOwner || e.Kind == engine.EventClosed):
					if err := json.Unmarshal(e.Data, &d); err != nil {
						t.Fatal(err)
					}
					from = d.From + " " + d.FromName
				}
			}
			w.equal(1, told)
			w.equal("sam Name of sam", from)
			w.equal(0, len(w.notices("sup")))
		})
	}
}

// TestNobodyIsToldOfTheirOwnMoves, nor when nobody loses anything.
func TestNobodyIsToldOfTheirOwnMoves(t *testing.T) {
	t.Parallel()
	w := newWorld(t, passed)
	c := w.mine()
	c = w.ok(w.Desk.Transfer(t.Context(), w.sam, c.ID, c.Rev, toAgent("kim"), "yours"))
	c = w.Assign(c.ID, w.kim)
	c = w.ok(w.Desk.Requeue(t.Context(), w.kim, c.ID, c.Rev, ""))
	c = w.ok(w.Desk.Take(t.Context(), w.sam, c.ID, c.Rev))
	w.ok(w.Desk.Close(t.Context(), w.sam, c.ID, c.Rev, "solved", "", nil))
	w.equal(0, len(w.notices("sam"))+len(w.notices("kim")))
}

// TestTakeFromWhoIsNotThere: any agent with the skill may.
func TestTakeFromWhoIsNotThere(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*engine.User, time.Time)
		who    string
		want   engine.Code
	}{
		"she is there":             {func(*engine.User, time.Time) {}, "kim", engine.Conflict},
		"away is there":            {func(u *engine.User, _ time.Time) { u.Presence = engine.Away }, "kim", engine.Conflict},
		"her connection is lost":   {func(u *engine.User, now time.Time) { u.LeftAt = now }, "kim", ""},
		"silent for a minute":      {func(u *engine.User, now time.Time) { u.SeenAt = now.Add(-time.Minute) }, "kim", ""},
		"disabled":                 {func(u *engine.User, _ time.Time) { u.Disabled = true }, "kim", ""},
		"without the skill":        {func(u *engine.User, now time.Time) { u.LeftAt = now }, "lee", engine.Forbidden},
		"a supervisor needs none":  {func(u *engine.User, now time.Time) { u.LeftAt = now }, "sup", ""},
		"a supervisor may anyway":  {func(*engine.User, time.Time) {}, "sup", ""},
		"no skill, and she's here": {func(*engine.User, time.Time) {}, "lee", engine.Conflict},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, passed)
			people := map[string]engine.User{"kim": w.kim, "sup": w.sup, "lee": w.Agent("lee", engine.RoleAgent, "sales")}
			c := w.mine()
			w.Update(func(tx engine.Tx) error {
				u, err := tx.Users().Get(enginetest.Brand, "sam")
				if err != nil {
					return err
				}
				tt.change(&u, w.Clock.Now())
				return tx.Users().Save(u)
			})
			got, err := w.Desk.Take(t.Context(), people[tt.who], c.ID, c.Rev)
			w.code(tt.want, err)
			if tt.want == "" {
				w.equal(tt.who, got.Agent)
				w.equal(engine.NoticeTaken, w.notices("sam")[0].Kind)
			}
		})
	}
}

// TestRequeueKeepsThePlace: the consumer does not pay for it.
func TestRequeueKeepsThePlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, passed)
	id := w.Say("hi").ID
	before, _ := w.Queued(id)
	w.Clock.Advance(time.Hour)
	c := w.Assign(id, w.sam)
	w.Clock.Advance(time.Hour)
	c = w.ok(w.Desk.Requeue(t.Context(), w.sam, c.ID, c.Rev, ""))
	e, _ := w.Queued(id)
	w.equal(before.EnteredAt, e.EnteredAt)
	w.equal(w.Clock.Now().UnixMilli(), e.ReturnedAt.UnixMilli())
	c = w.Assign(id, w.kim)
	w.ok(w.Desk.Transfer(t.Context(), w.kim, c.ID, c.Rev, toSkill("sales"), "for you"))
	e, _ = w.Queued(id)
	w.equal(w.Clock.Now().UnixMilli(), e.EnteredAt.UnixMilli()) // another matter
}
