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
	// Outreach is when messages began that the consumer had not asked for, on any channel,
	// in ms, the oldest first: the last MostOutreach of a week. Consumers.Reached writes it.
	Outreach []int64
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
// record of (Channel, Address) holds; the earlier ones are kept as the proof.
type Consent struct {
	Brand    string
	Channel  string
	Address  string
	OptedOut bool
	Source   string // the words that said so
	Message  string // the message that said so, "" for none
	// By recorded it: "consumer" for their own words, "system" for the provider's, or
	// "agent:<id>" for somebody whom they told.
	By string
	At time.Time
}
