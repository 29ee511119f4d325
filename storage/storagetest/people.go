package storagetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"parley/engine"
)

func brand(id string) engine.Brand {
	return engine.Brand{
		ID: id, Name: "Brand " + id, Version: "hash", Example: id == "acme",
		Canary: engine.Canary{Version: "next", Share: 5}, Held: map[string]string{"bad": "failed too often"},
		Secrets: map[string]engine.BrandSecret{"CRM": {Value: "s3cret", Hosts: []string{"crm.example"}}},
		Settings: engine.BrandSettings{
			TimeZone: "Europe/Berlin", Languages: []string{"en", "de"}, DefaultSkill: "care",
			Hours:       engine.Hours{Shifts: []engine.Shift{{Days: []time.Weekday{time.Monday}, Span: engine.Span{From: 540, Until: 1020}}}, Closed: []string{"2026-12-25"}},
			EscapeWords: map[string][]string{"en": {"human"}}, HTTPHosts: []string{"*.acme.example"}, Texts: map[string]string{"stop": "Bye"}, Gather: 1.5,
			Patterns: []engine.Pattern{{Name: "order", Shape: "AC-#####"}}, Sentiment: engine.SentimentSettings{Priority: 2}, Loops: engine.LoopSettings{Burst: 7},
		},
	}
}

func testBrands(_ *testing.T, f fixture) {
	f.missing(func(t engine.Tx) error { _, err := t.Brands().Get("acme"); return err })
	f.update(func(t engine.Tx) error { return add([]engine.Brand{brand("beta"), brand("acme")}, t.Brands().Save) })
	acme, beta := brand("acme"), brand("beta")
	acme.Rev, beta.Rev = 1, 1
	f.equal(read(f, func(t engine.Tx) (engine.Brand, error) { return t.Brands().Get("acme") }), acme)
	changed := brand("acme")
	changed.Name, changed.Version, changed.Example, changed.Settings.Languages = "New", "other", false, []string{"fr"}
	changed.Canary, changed.Held, changed.Secrets = engine.Canary{}, nil, nil
	f.update(func(t engine.Tx) error { return t.Brands().Save(changed) })
	changed.Rev = 2
	list := read(f, func(t engine.Tx) ([]engine.Brand, error) { return t.Brands().List() })
	f.equal(list, []engine.Brand{changed, beta})
	f.equal(list[1].Secrets["CRM"].Value.Reveal(), "s3cret")
}

// testBrandRev: a brand counts what is written of it, of its channels and of its skills.
func testBrandRev(_ *testing.T, f fixture) {
	rev := func(t engine.Tx) (int64, error) {
		n, err := t.Brands().Rev("acme")
		b, gerr := t.Brands().Get("acme")
		if n != b.Rev {
			f.t.Errorf("it is %d alone, and %d with the brand", n, b.Rev)
		}
		return n, errors.Join(err, gerr)
	}
	f.missing(func(t engine.Tx) error { _, err := t.Brands().Rev("acme"); return err })
	given := brand("acme")
	given.Rev = 40
	f.update(func(t engine.Tx) error { return errors.Join(t.Brands().Save(brand("beta")), t.Brands().Save(given)) })
	f.equal(read(f, rev), int64(1))
	writes := []func(engine.Tx) error{
		func(t engine.Tx) error { return t.Brands().Save(given) },
		func(t engine.Tx) error {
			return t.Brands().SaveChannels("acme", []engine.Channel{channel("acme", "sms")})
		},
		func(t engine.Tx) error { return t.Brands().SaveChannels("acme", nil) },
		func(t engine.Tx) error { return t.Brands().SaveSkills("acme", []engine.Skill{{ID: "care"}}) },
		func(t engine.Tx) error { return t.Brands().SaveSkills("acme", nil) },
	}
	for i, write := range writes {
		f.update(write)
		f.equal(read(f, rev), int64(i+2))
	}
	f.update(func(t engine.Tx) error {
		for i, write := range writes {
			if err := write(t); err != nil {
				return err
			}
			n, err := rev(t)
			f.equal(n, int64(i+7))
			f.equal(read(f, rev), int64(6))
			if err != nil {
				return err
			}
		}
		return nil
	})
	f.equal(read(f, rev), int64(11))
	f.view(func(t engine.Tx) error {
		before, err := rev(t)
		f.update(writes[0])
		after, aerr := rev(t)
		f.equal(after, before)
		return errors.Join(err, aerr)
	})
	f.equal(read(f, rev), int64(12))

	// What fails, and what is given up, counts nothing.
	f.refuse(engine.Conflict, func(t engine.Tx) error {
		same := channel("acme", "sms")
		return errors.Join(writes[0](t), t.Brands().SaveChannels("acme", []engine.Channel{same, same}))
	})
	f.update(func(t engine.Tx) error {
		if err := t.Brands().SaveSkills("nobody", nil); engine.CodeOf(err) != engine.NotFound {
			f.t.Errorf("skills of nobody: %v", err)
		}
		return nil
	})
	f.equal(read(f, rev), int64(12))
	f.equal(read(f, func(t engine.Tx) (int64, error) { return t.Brands().Rev("beta") }), int64(1))

	// Of many at once none is lost.
	errs := concurrently(32, func(i int) error { return f.store.Update(context.Background(), writes[i%len(writes)]) })
	f.equal(errors.Join(errs...), nil)
	f.equal(read(f, rev), int64(44))
}

func channel(brand, name string) engine.Channel {
	return engine.Channel{
		Brand: brand, ID: brand + "." + name, Kind: "twilio", Name: name, Address: "+1555", Bot: "concierge",
		Config: map[string]string{"api_base": "http://127.0.0.1"}, Secrets: map[string]engine.Secret{"auth_token": "s3cret"},
	}
}

func testChannels(_ *testing.T, f fixture) {
	f.refuse(engine.NotFound, func(t engine.Tx) error {
		return t.Brands().SaveChannels("acme", []engine.Channel{channel("acme", "sms")})
	})
	f.update(func(t engine.Tx) error {
		if err := add([]engine.Brand{brand("acme"), brand("beta")}, t.Brands().Save); err != nil {
			return err
		}
		if err := t.Brands().SaveChannels("beta", []engine.Channel{channel("beta", "sms")}); err != nil {
			return err
		}
		return t.Brands().SaveChannels("acme", []engine.Channel{channel("acme", "web"), channel("acme", "sms")})
	})
	channels := func(t engine.Tx) ([]engine.Channel, error) { return t.Brands().Channels("acme") }
	f.equal(read(f, channels), []engine.Channel{channel("acme", "sms"), channel("acme", "web")})
	got := read(f, func(t engine.Tx) (engine.Channel, error) { return t.Brands().Channel("acme.sms") })
	f.equal(got, channel("acme", "sms"))
	f.equal(got.Secrets["auth_token"].Reveal(), "s3cret")

	bare := engine.Channel{Brand: "acme", ID: "acme.web", Kind: "webchat"}
	f.update(func(t engine.Tx) error { return t.Brands().SaveChannels("acme", []engine.Channel{bare}) })
	f.equal(read(f, channels), []engine.Channel{bare})
	f.missing(func(t engine.Tx) error { _, err := t.Brands().Channel("acme.sms"); return err })
	f.equal(len(read(f, func(t engine.Tx) ([]engine.Channel, error) { return t.Brands().Channels("beta") })), 1)

	stolen := channel("acme", "x")
	stolen.ID = "beta.sms"
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Brands().SaveChannels("acme", []engine.Channel{stolen}) })
	f.equal(read(f, channels), []engine.Channel{bare})
}

func testSkills(_ *testing.T, f fixture) {
	care := engine.Skill{
		Brand: "acme", ID: "care", Name: "Care", Priority: 2, Hours: &engine.Hours{TimeZone: "UTC"}, AcceptSeconds: 30, Weight: 0.5,
		Fallback: "sales", Outcomes: []string{"solved", "not solved"},
	}
	sales := engine.Skill{Brand: "acme", ID: "sales", Name: "Sales", Priority: 1}
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Brands().SaveSkills("acme", []engine.Skill{care}) })
	f.update(func(t engine.Tx) error {
		if err := t.Brands().Save(brand("acme")); err != nil {
			return err
		}
		return t.Brands().SaveSkills("acme", []engine.Skill{sales, care})
	})
	skills := func(t engine.Tx) ([]engine.Skill, error) { return t.Brands().Skills("acme") }
	f.equal(read(f, skills), []engine.Skill{care, sales})
	f.update(func(t engine.Tx) error { return t.Brands().SaveSkills("acme", []engine.Skill{sales}) })
	f.equal(read(f, skills), []engine.Skill{sales})
	f.equal(len(read(f, func(t engine.Tx) ([]engine.Skill, error) { return t.Brands().Skills("beta") })), 0)
}

func testBundles(_ *testing.T, f fixture) {
	b := engine.Bundle{Hash: "h1", Model: "m1", Brand: "acme", Files: map[string]string{"bots/a.lua": "return 1"}, CreatedAt: at(1)}
	f.update(func(t engine.Tx) error { return t.Bundles().Add(b) })
	again := b
	again.Files = map[string]string{"bots/a.lua": "other"}
	f.update(func(t engine.Tx) error { return t.Bundles().Add(again) })
	f.equal(read(f, func(t engine.Tx) (engine.Bundle, error) { return t.Bundles().Get("acme", "h1") }), b)
	f.equal(read(f, func(t engine.Tx) ([]engine.Bundle, error) { return t.Bundles().List("acme", 9) }), []engine.Bundle{{Hash: "h1", Model: "m1", Brand: "acme", CreatedAt: at(1)}})
	f.missing(func(t engine.Tx) error { _, err := t.Bundles().Get("beta", "h1"); return err })
	f.missing(func(t engine.Tx) error { _, err := t.Bundles().Get("acme", "h2"); return err })
}

func user(id string) engine.User {
	return engine.User{
		ID: id, Brand: "acme", Email: id + "@acme.example", Name: "Name " + id, Role: engine.RoleAgent, PasswordHash: "$argon2id$",
		Skills: []string{"care", "sales"}, Levels: map[string]int{"care": 3}, Languages: []string{"en", "de"}, Slots: 2.5, AutoAccept: true, CreatedAt: at(0), Presence: engine.Offline,
	}
}

func testUsers(_ *testing.T, f fixture) {
	f.update(func(t engine.Tx) error { return add([]engine.User{user("b"), user("a")}, t.Users().Save) })
	f.equal(read(f, func(t engine.Tx) (engine.User, error) { return t.Users().Get("acme", "a") }), user("a"))
	f.equal(read(f, func(t engine.Tx) (engine.User, error) { return t.Users().ByEmail("b@acme.example") }), user("b"))
	f.equal(read(f, func(t engine.Tx) ([]engine.User, error) { return t.Users().List("acme") }), []engine.User{user("a"), user("b")})
	f.missing(func(t engine.Tx) error { _, err := t.Users().Get("beta", "a"); return err })
	f.missing(func(t engine.Tx) error { _, err := t.Users().ByEmail("c@acme.example"); return err })
	f.equal(len(read(f, func(t engine.Tx) ([]engine.User, error) { return t.Users().List("beta") })), 0)

	taken := user("c")
	taken.Email, taken.Brand = "a@acme.example", "beta"
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Users().Save(taken) })
	foreign := user("a")
	foreign.Brand = "beta"
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Users().Save(foreign) })

	changed := user("a")
	changed.Name, changed.Email, changed.Skills, changed.Disabled, changed.Role = "Zoe", "zoe@acme.example", nil, true, engine.RoleAdmin
	changed.Levels, changed.Languages = nil, nil
	f.update(func(t engine.Tx) error { return t.Users().Save(changed) })
	f.equal(read(f, func(t engine.Tx) ([]engine.User, error) { return t.Users().List("acme") }), []engine.User{user("b"), changed})

	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Users().Remove("beta", "a") })
	f.update(func(t engine.Tx) error { return t.Users().Remove("acme", "a") })
	f.missing(func(t engine.Tx) error { _, err := t.Users().Get("acme", "a"); return err })
}

func testPresence(_ *testing.T, f fixture) {
	f.update(func(t engine.Tx) error {
		u := t.Users()
		if err := u.Save(user("a")); err != nil {
			return err
		}
		if err := u.SetPresence("acme", "a", engine.Online, at(1)); err != nil {
			return err
		}
		if err := u.Seen("acme", "a", at(2)); err != nil {
			return err
		}
		return u.Assigned("acme", "a", at(3))
	})
	want := user("a")
	want.Presence, want.PresenceSince, want.SeenAt, want.AssignedAt = engine.Online, at(1), at(2), at(3)
	get := func(t engine.Tx) (engine.User, error) { return t.Users().Get("acme", "a") }
	f.equal(read(f, get), want)
	f.update(func(t engine.Tx) error { return t.Users().Seen("acme", "a", time.Time{}) })
	want.SeenAt = time.Time{}
	f.equal(read(f, get), want)
	want.Presence, want.PresenceReason, want.Lapses, want.LeftAt = engine.Away, engine.PresenceLapsed, 3, at(8)
	f.update(func(t engine.Tx) error { return t.Users().Save(want) })
	f.equal(read(f, get), want)
	f.update(func(t engine.Tx) error { return t.Users().SetPresence("acme", "a", engine.Online, at(1)) })
	want.Presence, want.PresenceReason, want.Lapses = engine.Online, "", 0 // what she says herself ends it
	f.equal(read(f, get), want)
	f.update(func(t engine.Tx) error { return t.Users().Seen("acme", "a", at(9)) })
	want.SeenAt, want.LeftAt = at(9), time.Time{}
	f.equal(read(f, get), want)
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Users().SetPresence("beta", "a", engine.Away, at(9)) })
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Users().Seen("beta", "a", at(9)) })
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Users().Assigned("beta", "a", at(9)) })
	f.equal(read(f, get), want)
}

func testAttendance(_ *testing.T, f fixture) {
	last := func(brand, user string) time.Time {
		return read(f, func(t engine.Tx) (time.Time, error) { return t.Attendance().Last(brand, user) })
	}
	f.equal(last("acme", "a"), time.Time{})
	here := func(user, process string, when time.Time) {
		f.update(func(t engine.Tx) error { return t.Attendance().Here("acme", user, process, when) })
	}
	left := func(brand, user, process string) {
		f.update(func(t engine.Tx) error { return t.Attendance().Left(brand, user, process) })
	}
	here("a", "one", at(1))
	here("a", "two", at(3))
	here("a", "one", at(2))
	here("b", "one", at(9))
	f.equal(last("acme", "a"), at(3))
	f.equal(last("beta", "a"), time.Time{})
	left("beta", "a", "two")
	f.equal(last("acme", "a"), at(3))
	left("acme", "a", "two")
	f.equal(last("acme", "a"), at(2))
	left("acme", "a", "one")
	left("acme", "a", "one")
	f.equal(last("acme", "a"), time.Time{})
	f.equal(last("acme", "b"), at(9))
	here("b", "two", at(10).Add(25*time.Hour)) // what a process that died left is gone
	left("acme", "b", "two")
	f.equal(last("acme", "b"), time.Time{})
}

func testNotices(_ *testing.T, f fixture) {
	list := func(brand, agent string) []engine.Notice {
		return read(f, func(t engine.Tx) ([]engine.Notice, error) { return t.Notices().List(brand, agent) })
	}
	addTo := func(agent string, count int) (out []engine.Notice) {
		f.update(func(t engine.Tx) error {
			out = nil
			for i := range count {
				n := engine.Notice{Brand: "acme", Agent: agent, Kind: engine.NoticeTaken, Conversation: "c", Consumer: "Zoe", By: "Kim", ByID: "k", To: "Care", At: at(i)}
				if err := t.Notices().Add(&n); err != nil {
					return err
				}
				out = append(out, n)
			}
			return nil
		})
		return out
	}
	two := addTo("a", 2)
	f.equal(list("acme", "a"), two)
	f.equal(two[1].N > two[0].N, true)
	f.equal(len(list("beta", "a")), 0)
	f.equal(len(list("acme", "b")), 0)
	f.update(func(t engine.Tx) error { return t.Notices().Dismiss("beta", "a", two[0].N, two[1].N) })
	f.equal(list("acme", "a"), two)
	f.update(func(t engine.Tx) error { return t.Notices().Dismiss("acme", "a", two[1].N, 12345) })
	f.equal(list("acme", "a"), two[:1])
	f.equal(addTo("a", 1)[0].N > two[0].N, true)
	many := addTo("b", engine.MaxNotices+7)
	f.equal(list("acme", "b"), many[7:])
}

func testLogins(_ *testing.T, f fixture) {
	l := engine.Login{TokenHash: "h", User: "a", Brand: "acme", CreatedAt: at(1), UsedAt: at(1), ExpiresAt: at(100)}
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Logins().Add(l) })
	f.update(func(t engine.Tx) error {
		if err := t.Users().Save(user("a")); err != nil {
			return err
		}
		return t.Logins().Add(l)
	})
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Logins().Add(l) })
	get := func(t engine.Tx) (engine.Login, error) { return t.Logins().Get("h") }
	f.equal(read(f, get), l)
	f.update(func(t engine.Tx) error { return t.Logins().Used("h", at(5)) })
	l.UsedAt = at(5)
	f.equal(read(f, get), l)
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Logins().Used("x", at(5)) })
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Logins().Remove("x") })
	f.update(func(t engine.Tx) error { return t.Logins().Remove("h") })
	f.missing(func(t engine.Tx) error { _, err := get(t); return err })

	f.update(func(t engine.Tx) error { return t.Logins().Add(l) })
	later := engine.Login{TokenHash: "later", User: "a", Brand: "acme", CreatedAt: at(101), UsedAt: at(101), ExpiresAt: at(200)}
	f.update(func(t engine.Tx) error { return t.Logins().Add(later) })
	f.missing(func(t engine.Tx) error { _, err := get(t); return err }) // it had ended
	f.equal(read(f, func(t engine.Tx) (engine.Login, error) { return t.Logins().Get("later") }), later)
	changed := user("a")
	changed.Name = "Another name"
	f.update(func(t engine.Tx) error { return t.Users().Save(changed) })
	f.equal(read(f, func(t engine.Tx) (engine.Login, error) { return t.Logins().Get("later") }), later)
	changed.PasswordHash = "another password"
	f.update(func(t engine.Tx) error { return t.Users().Save(changed) })
	f.missing(func(t engine.Tx) error { _, err := t.Logins().Get("later"); return err })
	f.update(func(t engine.Tx) error { return t.Logins().Add(later) })
	changed.Disabled = true
	f.update(func(t engine.Tx) error { return t.Users().Save(changed) })
	f.missing(func(t engine.Tx) error { _, err := t.Logins().Get("later"); return err })
	f.update(func(t engine.Tx) error { return t.Logins().Add(later) })
	f.update(func(t engine.Tx) error { return t.Users().Remove("acme", "a") })
	f.missing(func(t engine.Tx) error { _, err := t.Logins().Get("later"); return err }) // gone with its user
}

func testTokens(_ *testing.T, f fixture) {
	k := engine.Token{ID: "k1", Brand: "acme", Name: "crm", Role: engine.RoleAdmin, SecretHash: "h", CreatedBy: "a", CreatedAt: at(1)}
	f.update(func(t engine.Tx) error { return t.Logins().AddToken(k) })
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Logins().AddToken(k) })
	f.equal(read(f, func(t engine.Tx) (engine.Token, error) { return t.Logins().Token("k1") }), k)
	f.equal(read(f, func(t engine.Tx) ([]engine.Token, error) { return t.Logins().Tokens("acme") }), []engine.Token{k})
	f.equal(len(read(f, func(t engine.Tx) ([]engine.Token, error) { return t.Logins().Tokens("beta") })), 0)
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Logins().RemoveToken("beta", "k1") })
	f.update(func(t engine.Tx) error { return t.Logins().Used("k1", at(7)) })
	k.UsedAt = at(7)
	f.equal(read(f, func(t engine.Tx) (engine.Token, error) { return t.Logins().Token("k1") }), k)
	f.update(func(t engine.Tx) error { return t.Logins().RemoveToken("acme", "k1") })
	f.missing(func(t engine.Tx) error { _, err := t.Logins().Token("k1"); return err })
}

func testConsumers(_ *testing.T, f fixture) {
	ann := engine.Consumer{ID: "ann", Brand: "acme", Name: "Ann", Language: "en", Attributes: map[string]string{"tier": "gold"}, CreatedAt: at(1)}
	phone := engine.Identity{Brand: "acme", Kind: "twilio", Address: "+1555", Consumer: "ann"}
	f.update(func(t engine.Tx) error { return t.Consumers().Add(ann, phone) })
	f.equal(read(f, func(t engine.Tx) (engine.Consumer, error) { return t.Consumers().Get("acme", "ann") }), ann)
	f.equal(read(f, func(t engine.Tx) (engine.Consumer, error) { return t.Consumers().ByAddress("acme", "twilio", "+1555") }), ann)
	f.equal(read(f, func(t engine.Tx) ([]engine.Identity, error) { return t.Consumers().Identities("acme", "ann") }), []engine.Identity{phone})
	f.missing(func(t engine.Tx) error { _, err := t.Consumers().Get("beta", "ann"); return err })
	f.missing(func(t engine.Tx) error { _, err := t.Consumers().ByAddress("beta", "twilio", "+1555"); return err })
	f.missing(func(t engine.Tx) error { _, err := t.Consumers().ByAddress("acme", "webchat", "+1555"); return err })
	f.equal(len(read(f, func(t engine.Tx) ([]engine.Identity, error) { return t.Consumers().Identities("beta", "ann") })), 0)

	// The same address is another person in another brand, and a taken one here.
	other := engine.Consumer{ID: "bob", Brand: "acme"}
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Consumers().Add(other, phone) })
	f.missing(func(t engine.Tx) error { _, err := t.Consumers().Get("acme", "bob"); return err })
	other.Brand = "beta"
	f.update(func(t engine.Tx) error {
		return t.Consumers().Add(other, engine.Identity{Brand: "beta", Kind: "twilio", Address: "+1555", Consumer: "bob"})
	})

	ann.Name, ann.Attributes = "Anna", nil
	f.update(func(t engine.Tx) error { return t.Consumers().Save(ann) })
	f.equal(read(f, func(t engine.Tx) (engine.Consumer, error) { return t.Consumers().Get("acme", "ann") }), ann)
	// What is told of outreach stays when somebody saves what they read before it.
	reached := []int64{at(1).UnixMilli(), at(2).UnixMilli()}
	f.update(func(t engine.Tx) error { return t.Consumers().Reached("acme", "ann", reached) })
	f.update(func(t engine.Tx) error { return t.Consumers().Save(ann) })
	ann.Outreach = reached
	f.equal(read(f, func(t engine.Tx) (engine.Consumer, error) { return t.Consumers().Get("acme", "ann") }), ann)
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Consumers().Reached("beta", "ann", reached) })
	ann.Brand = "beta"
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Consumers().Save(ann) })
}

func testConsent(_ *testing.T, f fixture) {
	c := engine.Consent{Brand: "acme", Channel: "acme.sms", Address: "+1", OptedOut: true, Source: "STOP", Message: "m1", At: at(1)}
	get := func(t engine.Tx) (engine.Consent, error) { return t.Consumers().Consent("acme", "acme.sms", "+1") }
	f.missing(func(t engine.Tx) error { _, err := get(t); return err })
	f.update(func(t engine.Tx) error { return t.Consumers().AddConsent(c) })
	f.equal(read(f, get), c)
	again := c
	again.OptedOut, again.Source, again.Message = false, "START", "m2" // in the same millisecond
	f.update(func(t engine.Tx) error { return t.Consumers().AddConsent(again) })
	f.equal(read(f, get), again)
	old := c
	old.At = at(0)
	f.update(func(t engine.Tx) error { return t.Consumers().AddConsent(old) })
	f.equal(read(f, get), again)
	f.missing(func(t engine.Tx) error { _, err := t.Consumers().Consent("beta", "acme.sms", "+1"); return err })
	f.missing(func(t engine.Tx) error { _, err := t.Consumers().Consent("acme", "acme.sms", "+2"); return err })
	// The ledger has all addresses of a consumer, and nobody else's.
	mail := engine.Consent{Brand: "acme", Channel: "acme.mail", Address: "a@x.example", Source: "said so", By: "agent:ana", At: at(2)}
	f.update(func(t engine.Tx) error {
		for _, i := range []engine.Identity{{Kind: "twilio", Address: "+1", Consumer: "c1"}, {Kind: "twilio", Address: "+2", Consumer: "c2"}} {
			if err := t.Consumers().Add(engine.Consumer{ID: i.Consumer, Brand: "acme", CreatedAt: at(0)}, i); err != nil {
				return err
			}
		}
		other := c
		other.Address = "+2"
		if err := t.Consumers().AddConsent(other); err != nil {
			return err
		}
		return t.Consumers().AddConsent(mail)
	})
	list := func(limit int) []engine.Consent {
		return read(f, func(t engine.Tx) ([]engine.Consent, error) { return t.Consumers().Consents("acme", "c1", limit) })
	}
	f.equal(list(9), []engine.Consent{again, c, old})
	f.equal(list(1), []engine.Consent{again})
	f.equal(read(f, func(t engine.Tx) ([]engine.Consent, error) { return t.Consumers().Consents("beta", "c1", 9) }), []engine.Consent(nil))
	f.equal(read(f, func(t engine.Tx) (engine.Consent, error) {
		return t.Consumers().Consent("acme", "acme.mail", "a@x.example")
	}), mail)
}
