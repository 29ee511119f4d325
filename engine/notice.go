package engine

import "time"

// Notice tells one agent something that must not be missed: it stays until the
// agent has dismissed it.
type Notice struct {
	Brand string     `json:"-"`
	Agent string     `json:"agent"` // whom it is for
	N     int64      `json:"n"`     // counts up for each agent
	Kind  NoticeKind `json:"kind"`
	// Conversation that the agent lost, with its consumer; "" when it is about none.
	Conversation string    `json:"conversation,omitempty"`
	Consumer     string    `json:"consumer,omitempty"` // as the team calls them
	By           string    `json:"by,omitempty"`       // name of who did it; "" for the gateway
	ByID         string    `json:"by_id,omitempty"`    // user id
	To           string    `json:"to,omitempty"`       // name of the skill or agent who has it now
	At           time.Time `json:"at"`
}

// NoticeKind says what happened.
type NoticeKind string

// Why an agent lost a conversation, or was set away.
const (
	NoticeTaken       NoticeKind = "taken"         // By took it over
	NoticeTransferred NoticeKind = "transferred"   // By gave it to To
	NoticeRequeued    NoticeKind = "requeued"      // By put it back into the queue
	NoticeToBot       NoticeKind = "to_bot"        // By gave it back to the bot
	NoticeClosed      NoticeKind = "closed"        // By, the consumer or the gateway ended it
	NoticeSignedOut   NoticeKind = "signed_out"    // back to the queue: the agent signed out
	NoticeOffline     NoticeKind = "offline"       // …: went offline
	NoticeLost        NoticeKind = "lost"          // …: had no connection for too long
	NoticeAway        NoticeKind = "away"          // …: was away for too long
	NoticeDisabled    NoticeKind = "disabled"      // …: the account was disabled
	NoticeSkill       NoticeKind = "skill"         // …: the skill was taken away from the agent
	NoticeLapsed      NoticeKind = "offers_lapsed" // set away: too many offers lapsed
)

// MaxNotices is how many an agent has at most; the oldest make room.
const MaxNotices = 100

// DeskSettings say how agents and conversations find each other and part. Zero
// takes the default; negative is never.
type DeskSettings struct {
	// LapsedOffers is how many offers in a row an agent may let expire before
	// the gateway sets her away.
	LapsedOffers int `json:"lapsed_offers,omitempty"`
	// LostSeconds is how long an agent's connection may be lost before her
	// conversations go back to the queue.
	LostSeconds float64 `json:"lost_seconds,omitempty"`
	// AwaySeconds is how long an agent may be away before they do.
	AwaySeconds float64 `json:"away_seconds,omitempty"`
	// TransferSeconds is how long a conversation waits for the one agent that it
	// was given to before anybody with the skill may take it.
	TransferSeconds float64 `json:"transfer_seconds,omitempty"`
}

// Defaults of DeskSettings.
const (
	DefaultLapsedOffers = 3
	DefaultLost         = 5 * time.Minute
	DefaultAway         = 2 * time.Hour
	DefaultTransferWait = 5 * time.Minute
)

// never is far enough away.
const never = 100 * 365 * 24 * time.Hour

// MaxLapses is LapsedOffers in effect.
func (d DeskSettings) MaxLapses() int {
	switch {
	case d.LapsedOffers == 0:
		return DefaultLapsedOffers
	case d.LapsedOffers < 0:
		return int(^uint(0) >> 1)
	}
	return d.LapsedOffers
}

// Lost is LostSeconds in effect.
func (d DeskSettings) Lost() time.Duration { return inEffect(d.LostSeconds, DefaultLost) }

// Away is AwaySeconds in effect.
func (d DeskSettings) Away() time.Duration { return inEffect(d.AwaySeconds, DefaultAway) }

// TransferWait is TransferSeconds in effect.
func (d DeskSettings) TransferWait() time.Duration {
	return inEffect(d.TransferSeconds, DefaultTransferWait)
}

func inEffect(seconds float64, usual time.Duration) time.Duration {
	switch {
	case seconds == 0:
		return usual
	case seconds < 0 || seconds > never.Seconds():
		return never
	}
	return time.Duration(seconds * float64(time.Second))
}
