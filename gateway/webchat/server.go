package webchat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	connector "parley/connectors/webchat"
	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/log"
	"parley/engine/receive"
)

// Deps of a Server. All are required.
type Deps struct {
	Store     engine.Store
	Bus       engine.Bus
	Clock     engine.Clock
	NewID     engine.NewID
	Receiver  *receive.Receiver
	Hub       *log.Hub
	Catalog   *catalog.Catalog
	Key       []byte // signs visitors' tokens, 32 random bytes
	PublicURL string
	Log       *slog.Logger
}

// Server serves /chat. Use New, then Register.
type Server struct {
	Deps
	tokens   tokens
	rates    rates
	pace     pace
	sockets  *sockets
	arrivals *arrivals
	closing  context.Context
	stop     context.CancelFunc
	deaf     func() // ends listening for arrivals
}

const (
	maxBody  = 16 << 10
	bodyTime = 15 * time.Second
)

// New makes a server.
func New(d Deps) *Server {
	s := &Server{
		Deps: d, tokens: tokens{key: d.Key, clock: d.Clock, newID: d.NewID}, rates: newRates(), pace: usualPace(),
		sockets: newSockets(usualPace().full), arrivals: newArrivals(),
	}
	s.closing, s.stop = context.WithCancel(context.Background())
	s.deaf = d.Bus.Subscribe(engine.TopicArrival, func(sig engine.Signal) { s.arrivals.tell(sig.Key) })
	return s
}

// Close ends all sockets and long polls and waits for them. Closing twice does nothing.
func (s *Server) Close() {
	s.deaf()
	s.stop()
	s.sockets.close()
}

// Register adds the routes.
func (s *Server) Register(e *echo.Echo) {
	e.GET("/chat.css", s.css)
	e.Match([]string{http.MethodGet, http.MethodHead}, "/chat/:channel", s.page)
	g := e.Group("/chat/:channel", s.guard)
	g.POST("/session", s.session)
	g.GET("/messages", s.signed(s.listMessages))
	g.POST("/messages", s.signed(s.postMessage))
	g.POST("/typing", s.signed(s.postTyping))
	g.POST("/receipts", s.signed(s.postReceipts))
	g.GET("/events", s.signed(s.events))
	g.GET("/live", s.live)
	for _, path := range []string{"/session", "/messages", "/typing", "/receipts", "/events"} {
		g.OPTIONS(path, preflight)
	}
}

// place is where a request happens.
type place struct {
	ch    engine.Channel
	entry catalog.Entry
}

const placeKey = "webchat.place" // in the echo context

func placeOf(c echo.Context) place {
	p, _ := c.Get(placeKey).(place) // guard has set it
	return p
}

func (s *Server) place(c echo.Context) (place, error) {
	ch, entry, err := s.Catalog.Channel(c.Request().Context(), c.Param("channel"))
	if err != nil && engine.CodeOf(err) != engine.NotFound {
		return place{}, err
	}
	if err != nil || ch.Kind != connector.Kind {
		return place{}, engine.Errorf(engine.NotFound, "There is no such chat.")
	}
	return place{ch, entry}, nil
}

// guard finds the channel and refuses pages of sites that may not embed it.
func (s *Server) guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Cache-Control", "no-store")
		h.Add("Vary", "Origin")
		origin := c.Request().Header.Get("Origin")
		p, err := s.place(c)
		if err != nil {
			return tell(c, origin, err)
		}
		c.Set(placeKey, p)
		switch judge(origin, c.Request().Host, s.PublicURL, connector.Origins(p.ch)) {
		case sameSite:
		case listedSite:
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Expose-Headers", "Retry-After, X-Request-Id")
		default:
			return tell(c, origin, engine.Errorf(engine.Forbidden, "%s is not in allowed_origins of this channel.", origin))
		}
		return next(c)
	}
}

// tell refuses so that the page can read why, whichever it is. Without this
// its browser would report a network error, and the widget could only try again.
func tell(c echo.Context, origin string, err error) error {
	if origin != "" {
		c.Response().Header().Set("Access-Control-Allow-Origin", origin)
	}
	if c.Request().Method == http.MethodOptions {
		return preflight(c)
	}
	return err
}

func preflight(c echo.Context) error {
	h := c.Response().Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
	h.Set("Access-Control-Max-Age", "600")
	return c.NoContent(http.StatusNoContent)
}

// visit is a request of a visitor who has shown a token.
type visit struct {
	place
	visitor
}

// signed lets pass who holds a valid token, within the visitor's rate.
func (s *Server) signed(next func(echo.Context, visit) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		p := placeOf(c)
		who, err := s.tokens.verify(p.ch.ID, bearer(c.Request()))
		if err != nil {
			return err
		}
		// Messages have a bucket of their own.
		if c.Request().Method != http.MethodPost || c.Path() != "/chat/:channel/messages" {
			if err := s.allow(s.rates.other, who.address, "Too many requests. Try again in a moment."); err != nil {
				return err
			}
		}
		return next(c, visit{p, who})
	}
}

// decode reads a body of one JSON object and nothing else.
func decode(c echo.Context, to any) error {
	req := c.Request()
	rc := http.NewResponseController(c.Response())
	_ = rc.SetReadDeadline(time.Now().Add(bodyTime)) // not every connection has one
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), req.Body, maxBody))
	_ = rc.SetReadDeadline(time.Time{})
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return engine.Errorf(engine.TooLarge, "The request is larger than %d bytes.", large.Limit)
	case err != nil:
		return engine.Errorf(engine.Invalid, "The body cannot be read.").Because(err)
	}
	return parse(body, to)
}

func parse(body []byte, to any) error {
	if !utf8.Valid(body) {
		return engine.Errorf(engine.Invalid, "The body is not valid UTF-8.")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	var kind *json.UnmarshalTypeError
	switch err := dec.Decode(to); {
	case errors.As(err, &kind):
		return engine.FieldError(kind.Field, "must be a %s", kind.Type).Because(err)
	case err != nil:
		return engine.Errorf(engine.Invalid, "The body is not what this address takes.").Because(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return engine.Errorf(engine.Invalid, "The body has more than one JSON value.")
	}
	return nil
}

// consumerOf finds the visitor's consumer; "" before the first message.
func consumerOf(tx engine.Tx, v visit) (string, error) {
	c, err := tx.Consumers().ByAddress(v.ch.Brand, v.ch.Kind, v.address)
	if engine.CodeOf(err) == engine.NotFound {
		return "", nil
	}
	return c.ID, err
}
