package webchat

import (
	_ "embed"
	"html"
	"net/http"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"parley/engine"
)

// The pages are filled in without a template engine: one keeps the linker from leaving
// out methods that nobody calls, a tenth of the program.
var (
	//go:embed page.html
	pageHTML string
	//go:embed missing.html
	missingHTML string
	//go:embed chat.css
	chatCSS []byte
)

var (
	colorForm = regexp.MustCompile(`^#[0-9a-fA-F]{3,8}$`)
	hostForm  = regexp.MustCompile(`^(\[[0-9a-fA-F:.]+\]|[0-9A-Za-z.-]+)(:[0-9]{1,5})?$`)
)

// page is the full chat page.
func (s *Server) page(c echo.Context) error {
	p, err := s.place(c)
	if engine.CodeOf(err) == engine.NotFound {
		return render(c, http.StatusNotFound, missingHTML)
	}
	if err != nil {
		return err
	}
	b := p.entry.Brand
	lang := wanted(c.Request().Header.Get("Accept-Language"), b.Settings.Languages)
	theme, draft := "", ""
	if colorForm.MatchString(b.Settings.Color) {
		theme = "\n<meta name=\"theme-color\" content=\"" + b.Settings.Color + "\">"
	}
	if d := c.QueryParam("draft"); d != "" && len(d) <= maxToken { // the widget shows it for a session
		draft = ` draft="` + html.EscapeString(d) + `"`
	}
	title, noScript := pageTexts(lang, b.Name)
	return render(c, http.StatusOK, strings.NewReplacer("{{lang}}", html.EscapeString(lang), "{{theme}}", theme, "{{title}}", html.EscapeString(title),
		"{{channel}}", html.EscapeString(p.ch.ID), "{{draft}}", draft, "{{no script}}", html.EscapeString(noScript)).Replace(pageHTML))
}

func render(c echo.Context, status int, page string) error {
	h := c.Response().Header()
	h.Set("Content-Security-Policy", policy(c.Request().Host))
	h.Set("Cache-Control", "no-cache")
	h.Add("Vary", "Accept-Language")
	return c.HTML(status, page)
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
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", chatCSS)
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
