package versions

import (
	"crypto/sha256"
	"encoding/binary"

	"parley/engine"
)

// Pick gives the version that a new session of the conversation runs: its
// draft, the canary for the canary's share of conversations, else the active
// one. The same conversation always gets the same answer.
func Pick(b engine.Brand, c engine.Conversation) string {
	if c.Draft != "" {
		return c.Draft
	}
	if t := b.Canary; t.Version != "" && bucket(t.Version, c.ID) < t.Share {
		return t.Version
	}
	return b.Version
}

// bucket is a number below 100 that a conversation keeps as long as the canary
// is the same: a greater share takes more conversations, and loses none.
func bucket(version, conversation string) int {
	sum := sha256.Sum256([]byte(version + "\n" + conversation))
	return int(binary.BigEndian.Uint64(sum[:8]) % 100)
}
