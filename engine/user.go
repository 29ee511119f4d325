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
	// SeenAt is the last sign of life; an online agent unseen for PresenceTTL gets nothing new.
	SeenAt time.Time
	// AssignedAt is when the last conversation was assigned.
	AssignedAt time.Time
}

// PresenceTTL is how long a silent agent counts as present.
const PresenceTTL = 60 * time.Second

// Available says whether the agent may get new conversations, capacity aside.
func (u User) Available(now time.Time) bool {
	return !u.Disabled && u.Presence == Online && now.Sub(u.SeenAt) < PresenceTTL
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
