package engine

import "time"

// Consumer is a person who writes to a brand.
type Consumer struct {
	ID         string
	Brand      string
	Name       string // "" until known
	Language   string // BCP 47, "" until known
	Attributes map[string]string
	CreatedAt  time.Time
}

// Identity ties an address of a channel kind to a consumer of a brand.
// (Brand, Kind, Address) is unique.
type Identity struct {
	Brand    string
	Kind     ChannelKind
	Address  string // E.164 number, visitor id, …
	Consumer string
}

// Consent is what a consumer allowed us on one channel address. The newest
// record of (Channel, Address) holds.
type Consent struct {
	Brand    string
	Channel  string
	Address  string
	OptedOut bool
	Source   string // the words that said so
	Message  string // the message that said so
	At       time.Time
}
