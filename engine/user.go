package engine

import "time"

// Role of a user.
type Role string

const (
	RoleAgent      Role = "agent"
	RoleSupervisor Role = "supervisor"
	RoleAdmin      Role = "admin"
)

// Allows says whether the role includes what the other may do.
func (r Role) Allows(need Role) bool { return r.rank() >= need.rank() && need.rank() > 0 }

func (r Role) rank() int {
	switch r {
	case RoleAgent:
		return 1
	case RoleSupervisor:
		return 2
	case RoleAdmin:
		return 3
	}
	return 0
}

// Presence is what an agent says of himself.
type Presence string

const (
	Online   Presence = "online"
	BackSoon Presence = "back_soon"
	Away     Presence = "away"
	Offline  Presence = "offline"
)

// User is somebody who signs in: an agent, a supervisor, an admin.
type User struct {
	ID           string
	Brand        string
	Email        string // lower case, unique over all brands
	Name         string // as consumers see it
	Role         Role
	PasswordHash string // argon2id, PHC string
	Skills       []string
	Levels       map[string]int // by skill, 1 … 10; a skill without one counts as 1
	Languages    []string       // BCP 47; none means all
	Slots        float64
	AutoAccept   bool
	Disabled     bool
	CreatedAt    time.Time

	Presence      Presence
	PresenceSince time.Time
	// PresenceReason is why the gateway set Presence: a Presence… constant below,
	// or "" for what the agent said himself.
	PresenceReason string
	// SeenAt is the last sign of life; an agent unseen for PresenceTTL is not
	// there and gets nothing new.
	SeenAt time.Time
	// LeftAt is when the last connection ended; zero while there is one.
	LeftAt time.Time
	// AssignedAt is when the last conversation was assigned.
	AssignedAt time.Time
	// Lapses is how many offers in a row the agent let expire.
	Lapses int
}

// Why the gateway set somebody's presence.
const (
	PresenceLapsed    = "offers_lapsed" // away: offers expired again and again
	PresenceSignedOut = "signed_out"    // offline, until the next sign-in
)

// PresenceTTL is how long a silent agent counts as present.
const PresenceTTL = 60 * time.Second

// Available says whether the agent may get new conversations, capacity aside.
func (u User) Available(now time.Time) bool {
	return !u.Disabled && u.Presence == Online && u.There(now)
}

// There says whether the agent's workspace is connected.
func (u User) There(now time.Time) bool {
	return u.LeftAt.IsZero() && now.Sub(u.SeenAt) < PresenceTTL
}

// LostAt is when the agent was there last, as far as anybody knows.
func (u User) LostAt() time.Time {
	if u.LeftAt.IsZero() {
		return u.SeenAt
	}
	return u.LeftAt
}

// Login is a signed-in browser. The token itself is never stored.
type Login struct {
	TokenHash string // hex SHA-256
	User      string
	Brand     string
	CreatedAt time.Time
	UsedAt    time.Time
	ExpiresAt time.Time
}

// Token is an API token. The secret itself is never stored.
type Token struct {
	ID         string
	Brand      string
	Name       string
	Role       Role
	SecretHash string // hex SHA-256
	CreatedBy  string
	CreatedAt  time.Time
	ExpiresAt  time.Time // zero: never
	UsedAt     time.Time
}
