package memory

import (
	"cmp"
	"time"

	"parley/engine"
)

type users struct{ *tx }

func (f users) Get(brand, id string) (engine.User, error) { return found(f.look(brand, id), "user") }

func (f users) look(brand, id string) *engine.User {
	if u := f.users.look(key{a: id}); u != nil && u.Brand == brand {
		return u
	}
	return nil
}

func (f users) ByEmail(email string) (engine.User, error) {
	return found(first(f.users.all(), func(u *engine.User) bool { return u.Email == email }), "user")
}

func (f users) List(brand string) ([]engine.User, error) {
	byName := func(a, b *engine.User) int { return cmp.Compare(a.Name, b.Name) }
	return copies(pick(f.users.all(), func(u *engine.User) bool { return u.Brand == brand }, byName), -1), nil
}

func (f users) Save(u engine.User) error {
	taken := func(o *engine.User) bool {
		return o.Email == u.Email && o.ID != u.ID || o.ID == u.ID && o.Brand != u.Brand
	}
	if first(f.users.all(), taken) != nil {
		e := engine.Errorf(engine.Conflict, "this e-mail address is taken")
		e.Field = "email"
		return e
	}
	if old := f.users.look(key{a: u.ID}); old != nil && (old.PasswordHash != u.PasswordHash || u.Disabled) {
		if err := f.signOut(u.ID); err != nil {
			return err
		}
	}
	return f.users.put(f.tx, key{a: u.ID}, u)
}

func (f users) signOut(id string) error {
	_, err := f.logins.drop(f.tx, func(l *engine.Login) bool { return l.User == id })
	return err
}

func (f users) change(brand, id string, fn func(*engine.User)) error {
	if f.look(brand, id) == nil {
		return missing("user")
	}
	return f.users.change(f.tx, key{a: id}, "user", fn)
}

func (f users) SetPresence(brand, id string, p engine.Presence, at time.Time) error {
	return f.change(brand, id, func(u *engine.User) {
		u.Presence, u.PresenceSince, u.PresenceReason, u.Lapses = p, at, "", 0
	})
}

func (f users) Seen(brand, id string, at time.Time) error {
	return f.change(brand, id, func(u *engine.User) { u.SeenAt, u.LeftAt = at, time.Time{} })
}

func (f users) Assigned(brand, id string, at time.Time) error {
	return f.change(brand, id, func(u *engine.User) { u.AssignedAt = at })
}

func (f users) Remove(brand, id string) error {
	if f.look(brand, id) == nil {
		return missing("user")
	}
	if err := f.signOut(id); err != nil {
		return err
	}
	return f.users.remove(f.tx, key{a: id}, "user")
}

type logins struct{ *tx }

func (f logins) Add(l engine.Login) error {
	if users(f).look(l.Brand, l.User) == nil {
		return missing("user")
	}
	_, err := f.logins.drop(f.tx, func(o *engine.Login) bool { return o.User == l.User && o.ExpiresAt.Before(l.CreatedAt) })
	if err != nil {
		return err
	}
	return f.logins.add(f.tx, key{a: l.TokenHash}, l, "login")
}

func (f logins) Get(hash string) (engine.Login, error) { return f.logins.get(key{a: hash}, "login") }

func (f logins) Used(id string, at time.Time) error {
	if f.logins.look(key{a: id}) != nil {
		return f.logins.change(f.tx, key{a: id}, "login", func(l *engine.Login) { l.UsedAt = at })
	}
	return f.tokens.change(f.tx, key{a: id}, "token", func(t *engine.Token) { t.UsedAt = at })
}

func (f logins) Remove(hash string) error { return f.logins.remove(f.tx, key{a: hash}, "login") }

func (f logins) AddToken(t engine.Token) error { return f.tokens.add(f.tx, key{a: t.ID}, t, "token") }

func (f logins) Token(id string) (engine.Token, error) { return f.tokens.get(key{a: id}, "token") }

func (f logins) Tokens(brand string) ([]engine.Token, error) {
	return copies(pick(f.tokens.all(), func(t *engine.Token) bool { return t.Brand == brand }, nil), -1), nil
}

func (f logins) RemoveToken(brand, id string) error {
	if t := f.tokens.look(key{a: id}); t == nil || t.Brand != brand {
		return missing("token")
	}
	return f.tokens.remove(f.tx, key{a: id}, "token")
}
