package webchat

import (
	"net/url"
	"regexp"
	"time"

	"parley/engine"
)

const (
	draftIssuer = "parley.draft" // apart from visitors' tokens, which the same key signs
	draftTTL    = 7 * 24 * time.Hour
)

var hashForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

func drafting() purpose {
	return purpose{draftIssuer, draftTTL, hashForm, "This link has ended. Ask for a new one."}
}

// DraftLink is the address of a chat page whose new visitors talk to a stored
// version of the bots that need not be active. Who has the link may use it
// until it ends.
func (s *Server) DraftLink(channel, version string) (link string, until time.Time, err error) {
	if !hashForm.MatchString(version) {
		return "", until, engine.FieldError("version", "is not the hash of a version")
	}
	token, until, err := s.tokens.make(drafting(), channel, version, claims{})
	return s.PublicURL + "/chat/" + url.PathEscape(channel) + "?draft=" + url.QueryEscape(token), until, err
}

// draft gives the version of a link's token, Unauthenticated when it is not
// valid here and now.
func (t tokens) draft(channel, raw string) (string, error) {
	c, err := t.read(drafting(), channel, raw, 0)
	return c.Subject, err
}
