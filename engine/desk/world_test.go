package desk_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"time"

	"parley/botscripts"
	"parley/botscripts/sandbox"
	"parley/engine"
	"parley/engine/enginetest"
	"parley/storage/sqlite/sqlitetest"
)

// world is a world whose bot hands over at once, and goes on when it is awaited.
type world struct {
	*enginetest.World
	t             *testing.T
	sam, kim, sup engine.User // two agents for care, and a supervisor without skills
}

func newWorld(t *testing.T, lua string) world {
	t.Helper()
	store := sqlitetest.Open(t)
	limits := sandbox.DefaultLimits()
	limits.Wall = time.Minute
	w := enginetest.New(t, store, botscripts.New(botscripts.Config{Limits: limits}))
	w.Seed(map[string]string{"bots/main.lua": lua})
	return world{
		World: w, t: t, sam: w.Agent("sam", engine.RoleAgent, "care"), kim: w.Agent("kim", engine.RoleAgent, "care", "sales"),
		sup: w.Agent("sup", engine.RoleSupervisor),
	}
}

// awaited hands over and waits for the outcome; passed hands over and ends.
const (
	awaited = `return function(chat) chat:handoff { skill = "care", reason = "asked", summary = "brakes", facts = { order = "7" } } chat:ask "Score?" end`
	passed  = `return function(chat) chat:transfer { skill = "care" } end`
)

// mine is a conversation that sam has.
func (w world) mine() engine.Conversation {
	w.t.Helper()
	return w.Assign(w.Say("hi").ID, w.sam)
}

func (w world) equal(want, got any) {
	w.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Fatalf("expected (-), got (+):\n%s", diff)
	}
}

// code checks an error's code and gives the error.
func (w world) code(want engine.Code, err error) *engine.Error {
	w.t.Helper()
	if engine.CodeOf(err) != want {
		w.t.Fatalf("got %v, want the code %q", err, want)
	}
	var e *engine.Error
	errors.As(err, &e)
	return e
}

func (w world) ok(c engine.Conversation, err error) engine.Conversation {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}
