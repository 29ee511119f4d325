package sqlite

import (
	"time"

	"parley/engine"
)

type users struct{ c *conn }

const userColumns = `id, brand, email, name, role, password_hash, skills, slots, auto_accept, disabled, created_at, presence, presence_since, seen_at, assigned_at, levels, languages, presence_reason, lapses, left_at`

func scanUser(r *rows) engine.User {
	u := engine.User{
		ID: r.text(0), Brand: r.text(1), Email: r.text(2), Name: r.text(3), Role: engine.Role(r.text(4)), PasswordHash: r.text(5), Slots: r.float(7),
		AutoAccept: r.bool(8), Disabled: r.bool(9), CreatedAt: r.time(10), Presence: engine.Presence(r.text(11)), PresenceSince: r.time(12),
		SeenAt: r.time(13), AssignedAt: r.time(14), PresenceReason: r.text(17), Lapses: int(r.int(18)), LeftAt: r.time(19),
	}
	r.json(6, &u.Skills)
	r.json(15, &u.Levels)
	r.json(16, &u.Languages)
	return u
}

func (f users) Get(brand, id string) (engine.User, error) {
	return one(f.c.query(`select `+userColumns+` from users where id = $1 and brand = $2`, id, brand), "user", scanUser)
}

func (f users) ByEmail(email string) (engine.User, error) {
	return one(f.c.query(`select `+userColumns+` from users where email = $1`, email), "user", scanUser)
}

func (f users) List(brand string) ([]engine.User, error) {
	return all(f.c.query(`select `+userColumns+` from users where brand = $1 order by name, id`, brand), scanUser)
}

// Save updates or inserts. Another brand's id and another user's e-mail are
// both taken.
func (f users) Save(u engine.User) error {
	skills, err := encodeList(u.Skills)
	if err != nil {
		return err
	}
	levels, err := encodeMap(u.Levels)
	if err != nil {
		return err
	}
	languages, err := encodeList(u.Languages)
	if err != nil {
		return err
	}
	n, err := f.c.number(`select count(*) from users where (email = $1 and id <> $2) or (id = $2 and brand <> $3)`, u.Email, u.ID, u.Brand)
	if err != nil {
		return err
	}
	if n > 0 {
		e := engine.Errorf(engine.Conflict, "this e-mail address is taken")
		e.Field = "email"
		return e
	}
	// Who knew the old password is out, and so is who may no longer sign in.
	_, err = f.c.exec(`delete from logins where user_id = $1 and exists
		(select 1 from users where id = $1 and (password_hash <> $2 or $3 = 1))`, u.ID, u.PasswordHash, flag(u.Disabled))
	if err != nil {
		return err
	}
	_, err = f.c.exec(
		`insert into users (`+userColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
		on conflict (id) do update set email = excluded.email, name = excluded.name, role = excluded.role, password_hash = excluded.password_hash,
			skills = excluded.skills, slots = excluded.slots, auto_accept = excluded.auto_accept, disabled = excluded.disabled, created_at = excluded.created_at,
			presence = excluded.presence, presence_since = excluded.presence_since, seen_at = excluded.seen_at, assigned_at = excluded.assigned_at,
			levels = excluded.levels, languages = excluded.languages, presence_reason = excluded.presence_reason, lapses = excluded.lapses,
			left_at = excluded.left_at`,
		u.ID, u.Brand, u.Email, u.Name, string(u.Role), u.PasswordHash, skills, u.Slots, flag(u.AutoAccept), flag(u.Disabled), ms(u.CreatedAt),
		string(u.Presence), ms(u.PresenceSince), ms(u.SeenAt), ms(u.AssignedAt), levels, languages, u.PresenceReason, int64(u.Lapses), ms(u.LeftAt))
	return err
}

func (f users) SetPresence(brand, id string, p engine.Presence, at time.Time) error {
	return f.c.execOne("user", `update users set presence = $3, presence_since = $4, presence_reason = '', lapses = 0 where id = $1 and brand = $2`, id, brand, string(p), ms(at))
}

func (f users) Seen(brand, id string, at time.Time) error {
	return f.c.execOne("user", `update users set seen_at = $3, left_at = 0 where id = $1 and brand = $2`, id, brand, ms(at))
}

func (f users) Assigned(brand, id string, at time.Time) error {
	return f.c.execOne("user", `update users set assigned_at = $3 where id = $1 and brand = $2`, id, brand, ms(at))
}

// Remove signs the user out everywhere, too.
func (f users) Remove(brand, id string) error {
	return f.c.execOne("user", `delete from users where id = $1 and brand = $2`, id, brand)
}

type logins struct{ c *conn }

func (f logins) Add(l engine.Login) error {
	n, err := f.c.number(`select count(*) from users where id = $1 and brand = $2`, l.User, l.Brand)
	if err != nil {
		return err
	}
	if n == 0 {
		return notFound("user")
	}
	// Sessions that have ended go when the user signs in again, so the table does not grow for ever.
	if _, err := f.c.exec(`delete from logins where user_id = $1 and expires_at < $2`, l.User, ms(l.CreatedAt)); err != nil {
		return err
	}
	return f.c.insert("login", `insert into logins (token_hash, user_id, brand, created_at, used_at, expires_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
		l.TokenHash, l.User, l.Brand, ms(l.CreatedAt), ms(l.UsedAt), ms(l.ExpiresAt))
}

func (f logins) Get(tokenHash string) (engine.Login, error) {
	return one(f.c.query(`select token_hash, user_id, brand, created_at, used_at, expires_at from logins where token_hash = $1`, tokenHash), "login",
		func(r *rows) engine.Login {
			return engine.Login{TokenHash: r.text(0), User: r.text(1), Brand: r.text(2), CreatedAt: r.time(3), UsedAt: r.time(4), ExpiresAt: r.time(5)}
		})
}

func (f logins) Used(hash string, at time.Time) error {
	err := f.c.execOne("login", `update logins set used_at = $2 where token_hash = $1`, hash, ms(at))
	if engine.CodeOf(err) == engine.NotFound {
		err = f.c.execOne("token", `update tokens set used_at = $2 where id = $1`, hash, ms(at))
	}
	return err
}

func (f logins) Remove(tokenHash string) error {
	return f.c.execOne("login", `delete from logins where token_hash = $1`, tokenHash)
}

const tokenColumns = `id, brand, name, role, secret_hash, created_by, created_at, expires_at, used_at`

func scanToken(r *rows) engine.Token {
	return engine.Token{
		ID: r.text(0), Brand: r.text(1), Name: r.text(2), Role: engine.Role(r.text(3)), SecretHash: r.text(4), CreatedBy: r.text(5),
		CreatedAt: r.time(6), ExpiresAt: r.time(7), UsedAt: r.time(8),
	}
}

func (f logins) AddToken(t engine.Token) error {
	return f.c.insert("token", `insert into tokens (`+tokenColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
		t.ID, t.Brand, t.Name, string(t.Role), t.SecretHash, t.CreatedBy, ms(t.CreatedAt), ms(t.ExpiresAt), ms(t.UsedAt))
}

func (f logins) Token(id string) (engine.Token, error) {
	return one(f.c.query(`select `+tokenColumns+` from tokens where id = $1`, id), "token", scanToken)
}

func (f logins) Tokens(brand string) ([]engine.Token, error) {
	return all(f.c.query(`select `+tokenColumns+` from tokens where brand = $1 order by id`, brand), scanToken)
}

func (f logins) RemoveToken(brand, id string) error {
	return f.c.execOne("token", `delete from tokens where id = $1 and brand = $2`, id, brand)
}
