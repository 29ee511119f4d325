package office

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"parley/engine"
	"parley/engine/erasure"
	"parley/gateway/signin"
)

// User is somebody to add. The brand may be left out when there is one.
type User struct {
	Brand      string         `json:"brand"`
	Email      string         `json:"email"`
	Name       string         `json:"name"`
	Role       engine.Role    `json:"role"`
	Skills     []string       `json:"skills"`
	Levels     map[string]int `json:"levels"`
	Languages  []string       `json:"languages"`
	Slots      float64        `json:"slots"`
	AutoAccept bool           `json:"auto_accept"`
}

// Added is what an operator tells the new user.
type Added struct {
	Email    string `json:"email"`
	Name     string `json:"name"`
	Password string `json:"password"`
}

// Token is an API token to make.
type Token struct {
	Brand   string      `json:"brand"`
	Name    string      `json:"name"`
	Role    engine.Role `json:"role"`
	Expires time.Time   `json:"expires"` // zero never
}

// Made is a new token; the secret is told this once.
type Made struct {
	ID     string `json:"id"`
	Brand  string `json:"brand"`
	Secret string `json:"secret"`
}

// Office does what an operator asks for. Folder is one, and Client is the
// office of a server that runs. Errors: Invalid names a flag; NotFound; Conflict.
type Office interface {
	AddUser(ctx context.Context, u User) (Added, error)
	NewPassword(ctx context.Context, email string) (Added, error)
	Disable(ctx context.Context, email string, disabled bool) error
	CreateToken(ctx context.Context, t Token) (Made, error)
	RevokeToken(ctx context.Context, brand, id string) error
	// Erase forgets a consumer, by id or address, for good.
	Erase(ctx context.Context, brand, who string) (Erased, error)
}

// Folder is the office over a store.
type Folder struct {
	Store engine.Store
	Clock engine.Clock
	// Eraser forgets consumers. On a folder that nobody serves its index is opened
	// for it.
	Eraser func(context.Context) (e erasure.Eraser, done func() error, err error)
}

// Erased is what was removed.
type Erased struct {
	Consumer      string `json:"consumer"`
	Conversations int    `json:"conversations"`
	Messages      int    `json:"messages"`
}

var _ Office = Folder{}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// Limits of what an operator may type.
const (
	maxEmail = 254 // what mail can carry
	maxName  = 80
	maxSlots = 100
)

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// brandOf gives the brand that was named, or the only one there is.
func brandOf(tx engine.Tx, given string) (string, error) {
	if given == "" {
		brands, err := tx.Brands().List()
		if err != nil {
			return "", err
		}
		if len(brands) != 1 {
			return "", engine.FieldError("--brand-id", "is needed: there are %d brands", len(brands))
		}
		return brands[0].ID, nil
	}
	if _, err := tx.Brands().Get(given); err != nil {
		return "", engine.FieldError("--brand-id", "names no brand: %q", given)
	}
	return given, nil
}

// check completes a new user.
func (u *User) check() error {
	u.Email = strings.ToLower(u.Email)
	local, domain, ok := strings.Cut(u.Email, "@")
	switch {
	case !ok || local == "" || domain == "" || len(u.Email) > maxEmail || strings.ContainsFunc(u.Email, unprintable) || strings.Contains(u.Email, " "):
		return engine.FieldError("EMAIL", "is not an e-mail address: %q", u.Email)
	case !u.Role.Allows(engine.RoleAgent):
		return engine.FieldError("--role", "is none of agent, supervisor and admin")
	case !(u.Slots > 0 && u.Slots <= maxSlots): // NaN is neither
		return engine.FieldError("--slots", "is not a number above 0, up to %d", maxSlots)
	case len(u.Name) > maxName || strings.ContainsFunc(u.Name, unprintable):
		return engine.FieldError("--name", "is longer than %d bytes or has characters that do not print", maxName)
	}
	if u.Name = strings.TrimSpace(u.Name); u.Name == "" {
		u.Name = local
	}
	return nil
}

// AddUser makes a user with a password.
func (f Folder) AddUser(ctx context.Context, u User) (Added, error) {
	if err := u.check(); err != nil {
		return Added{}, err
	}
	password := signin.NewPassword()
	hash, err := signin.Hash(password)
	if err != nil {
		return Added{}, err
	}
	err = f.Store.Update(ctx, func(tx engine.Tx) error {
		brand, err := brandOf(tx, u.Brand)
		if err != nil {
			return err
		}
		known, err := tx.Brands().Skills(brand)
		if err != nil {
			return err
		}
		for _, s := range u.Skills {
			if !slices.ContainsFunc(known, func(k engine.Skill) bool { return k.ID == s }) {
				return engine.FieldError("--skills", "names no skill of the brand: %q", s)
			}
		}
		now := f.Clock()
		return tx.Users().Save(engine.User{
			ID: newID(), Brand: brand, Email: u.Email, Name: u.Name, Role: u.Role, Skills: u.Skills, Levels: u.Levels, Languages: u.Languages,
			Slots: u.Slots, AutoAccept: u.AutoAccept, PasswordHash: hash, CreatedAt: now, Presence: engine.Offline, PresenceSince: now,
		})
	})
	return Added{Email: u.Email, Name: u.Name, Password: password}, err
}

func (f Folder) change(ctx context.Context, email string, fn func(*engine.User)) error {
	return f.Store.Update(ctx, func(tx engine.Tx) error {
		u, err := tx.Users().ByEmail(strings.ToLower(email))
		if engine.CodeOf(err) == engine.NotFound {
			return engine.Errorf(engine.NotFound, "There is nobody with the e-mail %s.", email)
		}
		if err != nil {
			return err
		}
		fn(&u)
		return tx.Users().Save(u)
	})
}

// NewPassword replaces somebody's password.
func (f Folder) NewPassword(ctx context.Context, email string) (Added, error) {
	out := Added{Password: signin.NewPassword()}
	hash, err := signin.Hash(out.Password)
	if err != nil {
		return Added{}, err
	}
	err = f.change(ctx, email, func(u *engine.User) {
		u.PasswordHash = hash
		out.Email, out.Name = u.Email, u.Name
	})
	return out, err
}

// Disable refuses somebody from now on, or allows them again.
func (f Folder) Disable(ctx context.Context, email string, disabled bool) error {
	return f.change(ctx, email, func(u *engine.User) { u.Disabled = disabled })
}

// CreateToken makes an API token.
func (f Folder) CreateToken(ctx context.Context, t Token) (Made, error) {
	if t.Name = strings.TrimSpace(t.Name); t.Name == "" || len(t.Name) > maxName || strings.ContainsFunc(t.Name, unprintable) {
		return Made{}, engine.FieldError("NAME", "is empty, longer than %d bytes, or has characters that do not print", maxName)
	}
	if !t.Role.Allows(engine.RoleAgent) {
		return Made{}, engine.FieldError("--role", "is none of agent, supervisor and admin")
	}
	if !t.Expires.IsZero() && !t.Expires.After(f.Clock()) {
		return Made{}, engine.FieldError("--expires", "is in the past")
	}
	var out Made
	err := f.Store.Update(ctx, func(tx engine.Tx) error {
		brand, err := brandOf(tx, t.Brand)
		if err != nil {
			return err
		}
		made, secret, err := signin.AddToken(tx, engine.Token{
			ID: newID(), Brand: brand, Name: t.Name, Role: t.Role, CreatedBy: "operator", CreatedAt: f.Clock(), ExpiresAt: t.Expires,
		})
		out = Made{ID: made.ID, Brand: brand, Secret: secret}
		return err
	})
	return out, err
}

// RevokeToken ends a token.
func (f Folder) RevokeToken(ctx context.Context, brand, id string) error {
	return f.Store.Update(ctx, func(tx engine.Tx) error {
		brand, err := brandOf(tx, brand)
		if err != nil {
			return err
		}
		err = tx.Logins().RemoveToken(brand, id)
		if engine.CodeOf(err) == engine.NotFound {
			return engine.Errorf(engine.NotFound, "The brand %s has no API token %s.", brand, fmt.Sprintf("%.60q", id))
		}
		return err
	})
}

// Erase forgets a consumer.
func (f Folder) Erase(ctx context.Context, brand, who string) (out Erased, err error) {
	err = f.Store.View(ctx, func(tx engine.Tx) error {
		if brand, err = brandOf(tx, brand); err != nil {
			return err
		}
		out.Consumer, err = consumerOf(tx, brand, who)
		return err
	})
	if err != nil {
		return out, err
	}
	e, done, err := f.Eraser(ctx)
	if err != nil {
		return out, err
	}
	n, err := e.Consumer(ctx, brand, out.Consumer, "system")
	out.Conversations, out.Messages = n.Conversations, n.Messages
	return out, errors.Join(err, done())
}

// consumerOf finds a consumer by id, or by an address on one of the brand's channels.
func consumerOf(tx engine.Tx, brand, who string) (string, error) {
	c, err := tx.Consumers().Get(brand, who)
	if err == nil {
		return c.ID, nil
	}
	if engine.CodeOf(err) != engine.NotFound {
		return who, nil // its row is damaged; an erasure takes that, too
	}
	channels, err := tx.Brands().Channels(brand)
	if err != nil {
		return "", err
	}
	for _, ch := range channels {
		c, err := tx.Consumers().ByAddress(brand, ch.Kind, who)
		if err == nil {
			return c.ID, nil
		}
		if engine.CodeOf(err) != engine.NotFound {
			return "", err
		}
	}
	return "", engine.Errorf(engine.NotFound, "%s is no consumer's id or address in %s", who, brand)
}
