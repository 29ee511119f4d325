package webchat

import (
	"embed"
	"html/template"
	"net/http"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"parley/engine"
)

//go:embed page.html missing.html chat.css
var files embed.FS

func parsePages() *template.Template {
	return template.Must(template.ParseFS(files, "*.html")) // embedded, and a test parses them
}

type pageData struct {
	Lang, Brand, Color, Channel string
	Draft                       string // the token of a draft link; the widget shows it for a session
	Title, NoScript             string
}

var (
	colorForm = regexp.MustCompile(`^#[0-9a-fA-F]{3,8}$`)
	hostForm  = regexp.MustCompile(`^(\[[0-9a-fA-F:.]+\]|[0-9A-Za-z.-]+)(:[0-9]{1,5})?$`)
)

// page is the full chat page.
func (s *Server) page(c echo.Context) error {
	p, err := s.place(c)
	if engine.CodeOf(err) == engine.NotFound {
		return s.render(c, http.StatusNotFound, "missing.html", pageData{Lang: "en"})
	}
	if err != nil {
		return err
	}
	b := p.entry.Brand
	d := pageData{Lang: wanted(c.Request().Header.Get("Accept-Language"), b.Settings.Languages), Brand: b.Name, Channel: p.ch.ID}
	if colorForm.MatchString(b.Settings.Color) {
		d.Color = b.Settings.Color
	}
	if draft := c.QueryParam("draft"); len(draft) <= maxToken {
		d.Draft = draft
	}
	d.Title, d.NoScript = pageTexts(d.Lang, b.Name)
	return s.render(c, http.StatusOK, "page.html", d)
}

func (s *Server) render(c echo.Context, status int, name string, d pageData) error {
	var html strings.Builder
	if err := s.pages.ExecuteTemplate(&html, name, d); err != nil {
		return engine.Errorf(engine.Internal, "chat page").Because(err)
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", policy(c.Request().Host))
	h.Set("Cache-Control", "no-cache")
	h.Add("Vary", "Accept-Language")
	return c.HTML(status, html.String())
}

// policy allows the page its own script, style and connections, and pictures
// from the web. Some browsers do not count sockets as 'self'.
func policy(host string) string {
	sockets := ""
	if hostForm.MatchString(host) {
		sockets = " ws://" + host + " wss://" + host
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'" + sockets +
		"; img-src 'self' https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
}

func (s *Server) css(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "public, max-age=300")
	body, err := files.ReadFile("chat.css")
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", body)
}

// wanted is the first language of the header that the brand speaks, else the brand's first.
func wanted(header string, languages []string) string {
	if len(header) <= 1024 {
		for part := range strings.SplitSeq(header, ",") { // browsers list the best first
			tag, _, _ := strings.Cut(part, ";")
			if l := spoken(strings.TrimSpace(tag), languages); l != "" {
				return l
			}
		}
	}
	if len(languages) > 0 {
		return languages[0]
	}
	return "en"
}

func pageTexts(lang, brand string) (title, noScript string) {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	switch base {
	case "de":
		return "Chat mit " + brand, "Dieser Chat braucht JavaScript. Bitte schalten Sie es ein und laden Sie die Seite neu."
	case "es":
		return "Chat con " + brand, "Este chat necesita JavaScript. Actívelo y vuelva a cargar la página."
	case "fr":
		return "Discuter avec " + brand, "Cette discussion a besoin de JavaScript. Activez-le et rechargez la page."
	}
	return "Chat with " + brand, "This chat needs JavaScript. Please turn it on and reload the page."
}
