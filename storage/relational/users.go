package relational

import (
	"time"

	"parley/engine"
)

type users struct{ C *Conn }

const userColumns = `id, brand, email, name, role, password_hash, skills, slots, auto_accept, disabled, created_at, presence, presence_since, seen_at, assigned_at, levels, languages, presence_reason, lapses, left_at`

var putUser = Replacement("users", "id", userColumns)

func userFields(u *engine.User, to []any) []any {
	return append(to,
		&u.ID, &u.Brand, &u.Email, &u.Name, (*string)(&u.Role), &u.PasswordHash, inJSON(&u.Skills), &u.Slots, &u.AutoAccept, &u.Disabled, &u.CreatedAt,
		(*string)(&u.Presence), &u.PresenceSince, &u.SeenAt, &u.AssignedAt, inJSON(&u.Levels), inJSON(&u.Languages), &u.PresenceReason, &u.Lapses, &u.LeftAt,
	)
}

func (f users) Get(brand, id string) (engine.User, error) {
	return One(f.C.Query(`select `+userColumns+` from users where id = $1 and brand = $2`+Keep, id, brand), "user", userFields)
}

func (f users) ByEmail(email string) (engine.User, error) {
	return One(f.C.Query(`select `+userColumns+` from users where email = $1`+Keep, email), "user", userFields)
}

func (f users) List(brand string) ([]engine.User, error) {
	return All(f.C.Query(`select `+userColumns+` from users where brand = $1 order by name, id`, brand), userFields)
}

// Save updates or inserts. Another brand's id and another user's e-mail are
// both taken.
func (f users) Save(u engine.User) error {
	n, err := f.C.Number(`select count(*) from users where (email = $1 and id <> $2) or (id = $2 and brand <> $3)`, u.Email, u.ID, u.Brand)
	if err != nil {
		return err
	}
	if n > 0 {
		e := engine.Errorf(engine.Conflict, "this e-mail address is taken")
		e.Field = "email"
		return e
	}
	// Who knew the old password is out, and so is who may no longer sign in.
	err = f.C.Run(`delete from logins where user_id = $1 and exists
		(select 1 from users where id = $1 and (password_hash <> $2 or $3 = 1))`, u.ID, u.PasswordHash, u.Disabled)
	if err != nil {
		return err
	}
	return f.C.Run(putUser, userFields(&u, f.C.list)...)
}

func (f users) SetPresence(brand, id string, p engine.Presence, at time.Time) error {
	return f.C.ExecOne("user", `update users set presence = $3, presence_since = $4, presence_reason = '', lapses = 0 where id = $1 and brand = $2`, id, brand, string(p), at)
}

func (f users) Seen(brand, id string, at time.Time) error {
	return f.C.ExecOne("user", `update users set seen_at = $3, left_at = 0 where id = $1 and brand = $2`, id, brand, at)
}

func (f users) Assigned(brand, id string, at time.Time) error {
	return f.C.ExecOne("user", `update users set assigned_at = $3 where id = $1 and brand = $2`, id, brand, at)
}

// Remove signs the user out everywhere, too.
func (f users) Remove(brand, id string) error {
	return f.C.ExecOne("user", `delete from users where id = $1 and brand = $2`, id, brand)
}

type logins struct{ C *Conn }

const loginColumns = `token_hash, user_id, brand, created_at, used_at, expires_at`

var addLogin = Insertion("logins", loginColumns)

func loginFields(l *engine.Login, to []any) []any {
	return append(to, &l.TokenHash, &l.User, &l.Brand, &l.CreatedAt, &l.UsedAt, &l.ExpiresAt)
}

func (f logins) Add(l engine.Login) error {
	n, err := f.C.Number(`select count(*) from users where id = $1 and brand = $2`, l.User, l.Brand)
	if err != nil {
		return err
	}
	if n == 0 {
		return NotFound("user")
	}
	// Sessions that have ended go when the user signs in again, so the table does not grow for ever.
	if err := f.C.Run(`delete from logins where user_id = $1 and expires_at < $2`, l.User, l.CreatedAt); err != nil {
		return err
	}
	return f.C.Insert("login", addLogin, loginFields(&l, f.C.list)...)
}

func (f logins) Get(tokenHash string) (engine.Login, error) {
	return One(f.C.Query(`select `+loginColumns+` from logins where token_hash = $1`+Keep, tokenHash), "login", loginFields)
}

func (f logins) Used(hash string, at time.Time) error {
	err := f.C.ExecOne("login", `update logins set used_at = $2 where token_hash = $1`, hash, at)
	if engine.CodeOf(err) == engine.NotFound {
		err = f.C.ExecOne("token", `update tokens set used_at = $2 where id = $1`, hash, at)
	}
	return err
}

func (f logins) Remove(tokenHash string) error {
	return f.C.ExecOne("login", `delete from logins where token_hash = $1`, tokenHash)
}

const tokenColumns = `id, brand, name, role, secret_hash, created_by, created_at, expires_at, used_at`

var addToken = Insertion("tokens", tokenColumns)

func tokenFields(t *engine.Token, to []any) []any {
	return append(to, &t.ID, &t.Brand, &t.Name, (*string)(&t.Role), &t.SecretHash, &t.CreatedBy, &t.CreatedAt, &t.ExpiresAt, &t.UsedAt)
}

func (f logins) AddToken(t engine.Token) error {
	return f.C.Insert("token", addToken, tokenFields(&t, f.C.list)...)
}

func (f logins) Token(id string) (engine.Token, error) {
	return One(f.C.Query(`select `+tokenColumns+` from tokens where id = $1`+Keep, id), "token", tokenFields)
}

func (f logins) Tokens(brand string) ([]engine.Token, error) {
	return All(f.C.Query(`select `+tokenColumns+` from tokens where brand = $1 order by id`, brand), tokenFields)
}

func (f logins) RemoveToken(brand, id string) error {
	return f.C.ExecOne("token", `delete from tokens where id = $1 and brand = $2`, id, brand)
}
