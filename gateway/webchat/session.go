package webchat

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"parley/engine"
	"parley/gateway/network"
)

type brandView struct {
	Name    string `json:"name"`
	Color   string `json:"color,omitempty"`
	BotName string `json:"bot_name,omitempty"`
}

type sessionView struct {
	Token     string    `json:"token"`
	ExpiresAt int64     `json:"expires_at"`
	Visitor   string    `json:"visitor"`
	Brand     brandView `json:"brand"`
	Languages []string  `json:"languages"`
}

// session exchanges a token for a fresh one, or makes a new visitor for who
// has none that could be exchanged; tabs that start at once with the same
// start are one visitor, however late each asks. With the token of a draft link it is
// a visitor who talks to that version and to no other, and without it one who
// talks to none.
func (s *Server) session(c echo.Context) error {
	var in struct {
		Token    string `json:"token"`
		Language string `json:"language"`
		Draft    string `json:"draft"`
		Start    string `json:"start"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	if in.Start != "" && !startForm.MatchString(in.Start) {
		return engine.FieldError("start", "must have 22 to 64 letters, digits, - or _")
	}
	p := placeOf(c)
	draft, err := "", error(nil)
	if in.Draft != "" {
		if draft, err = s.tokens.draft(p.ch.ID, in.Draft); err != nil {
			return err
		}
	}
	who, err := s.tokens.renewable(p.ch.ID, in.Token)
	limit, key := s.rates.other, who.address
	if in.Token == "" || err != nil || who.draft != draft {
		who = newVisitor()
		if in.Start != "" {
			who = s.tokens.visitorOf(p.ch.ID, draft, in.Start)
		}
		who.draft = draft
		limit, key = s.rates.sessions, network.Host(c.RealIP())
	}
	if err := s.allow(limit, key, "Too many chats were started from here. Try again in a moment."); err != nil {
		return err
	}
	b := p.entry.Brand
	if lang := spoken(in.Language, b.Settings.Languages); lang != "" {
		who.language = lang
	}
	token, until, err := s.tokens.sign(p.ch.ID, who)
	if err != nil {
		return err
	}
	languages := b.Settings.Languages
	if languages == nil {
		languages = []string{}
	}
	return c.JSON(http.StatusOK, sessionView{
		Token: token, ExpiresAt: until.UnixMilli(), Visitor: who.address, Languages: languages,
		Brand: brandView{b.Name, b.Settings.Color, b.Settings.BotName},
	})
}

// spoken is the brand's language that serves who wants this one: the same tag,
// else the same language ("de" for "de-AT"); "" when the brand speaks none such.
func spoken(want string, languages []string) string {
	base := func(tag string) string {
		b, _, _ := strings.Cut(tag, "-")
		return strings.ToLower(b)
	}
	best := ""
	for _, l := range languages {
		if strings.EqualFold(l, want) {
			return l
		}
		if best == "" && want != "" && base(l) == base(want) {
			best = l
		}
	}
	return best
}
