package dialog_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts"
	"parley/botscripts/sandbox"
	"parley/engine"
	"parley/engine/desk"
	"parley/engine/enginetest"
	"parley/storage/sqlite/sqlitetest"
)

// open gives an empty store on disk that ends with the test.
func open(t testing.TB) engine.Store {
	t.Helper()
	store := sqlitetest.Open(t)
	return store
}

// with makes a world whose bot is this Lua.
func with(t testing.TB, lua string) *enginetest.World {
	t.Helper()
	return on(t, open(t), lua)
}

func on(t testing.TB, store engine.Store, lua string) *enginetest.World {
	t.Helper()
	limits := sandbox.DefaultLimits()
	limits.Wall = time.Minute // a slow test machine must not look like a slow bot
	w := enginetest.New(t, store, botscripts.New(botscripts.Config{Limits: limits}))
	return w.Seed(map[string]string{"bots/main.lua": lua})
}

// script is a runtime whose only bot is this function.
type script func(engine.Turn) (engine.Outcome, error)

func (s script) Traits(string) engine.Traits { return 0 }

func (s script) Bot(string, string, func() (engine.Bundle, error)) (engine.Bot, error) { return s, nil }
func (s script) Step(t engine.Turn) (engine.Outcome, error)                            { return s(t) }

func scripted(t testing.TB, s script) *enginetest.World {
	t.Helper()
	return enginetest.New(t, open(t), s).Seed(nil)
}

func equal(t testing.TB, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("expected (-), got (+):\n%s", diff)
	}
}

// is checks where a conversation is.
func is(t testing.TB, c engine.Conversation, state engine.State, owner engine.Owner) {
	t.Helper()
	if c.State != state || c.Owner != owner {
		t.Fatalf("the conversation is %s with %s, want %s with %s", c.State, c.Owner, state, owner)
	}
}

func text(s string) *engine.Content { return &engine.Content{Text: s} }

func deskTarget(skill, agent string) desk.Target { return desk.Target{Skill: skill, Agent: agent} }
