package faq

import (
	"net/url"
	"regexp"
	"strings"

	"parley/botscripts/suggest"
)

// Limits of what an entry carries.
const (
	maxLinks   = 10
	maxCards   = 10
	maxSeeAlso = 10
	maxAbout   = 20  // channels
	maxLabel   = 200 // bytes
)

// These are never written.
var (
	languagePattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	linkPattern     = regexp.MustCompile(`^\[([^\]]+)\]\(([^()\s]+)\)`)
)

// about reads a line such as "Language: de" right below a heading. It is false
// for any other line.
func (p *parser) about(n int, s string) bool {
	key, value, ok := strings.Cut(s, ":")
	if !ok {
		return false
	}
	value = strings.TrimSpace(value)
	e := p.entry
	switch strings.ToLower(key) {
	case "language":
		if e.Language = value; !languagePattern.MatchString(value) {
			p.fail(n, "%q is not a language; write it as en or pt-BR", value)
		}
	case "channel", "channels":
		for c := range strings.SplitSeq(value, ",") {
			if c = strings.TrimSpace(c); c == "" || strings.ContainsAny(c, " \t") || len(e.Channels) == maxAbout {
				p.fail(n, "write the channels as: Channels: web, sms")
				break
			}
			e.Channels = append(e.Channels, c)
		}
	case "link", "links":
		for _, part := range p.parts(n, value) {
			if l, ok := p.link(n, part); ok {
				e.Links = append(e.Links, l)
			}
		}
		if len(e.Links) > maxLinks {
			p.fail(n, "a question has at most %d links", maxLinks)
		}
	case "card":
		e.Cards = append(e.Cards, p.card(n, value))
		if len(e.Cards) > maxCards {
			p.fail(n, "a question has at most %d cards", maxCards)
		}
	case "see also":
		e.SeeAlso = append(e.SeeAlso, p.parts(n, value)...)
		if len(e.SeeAlso) > maxSeeAlso {
			p.fail(n, "a question names at most %d others", maxSeeAlso)
		}
	default:
		if known := misspelt(key); p.strict && known != "" {
			p.fail(n, "%q is not known here; did you mean %q?", key, known)
			return true
		}
		return false
	}
	return true
}

// misspelt is the key that one was probably meant to be: one with the same letters but for one or two.
func misspelt(key string) string {
	key = strings.ToLower(strings.TrimSpace(key))
	for _, known := range []string{"Language", "Channel", "Channels", "Link", "Links", "Card", "See also"} {
		most := 1
		if len(known) > 6 {
			most = 2
		}
		if d := suggest.Distance(key, strings.ToLower(known)); d > 0 && d <= most && len(key) > 3 {
			return known
		}
	}
	return ""
}

// parts splits at | and holds that none is empty.
func (p *parser) parts(n int, value string) (out []string) {
	for part := range strings.SplitSeq(value, "|") {
		if part = strings.TrimSpace(part); part == "" || len(part) > maxQuestion {
			p.fail(n, "between two | must be something, of at most %d bytes", maxQuestion)
			continue
		}
		out = append(out, part)
	}
	return out
}

// link reads [label](url), or a URL alone.
func (p *parser) link(n int, s string) (Link, bool) {
	l := Link{Label: s, URL: s}
	if m := linkPattern.FindStringSubmatch(s); m != nil && m[0] == s {
		l = Link{Label: strings.TrimSpace(m[1]), URL: m[2]}
	}
	u, err := url.Parse(l.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "mailto" && u.Scheme != "tel" || u.Host+u.Opaque == "" || l.Label == "" || len(l.Label) > maxLabel {
		p.fail(n, "%q is not a link; write it as [label](https://…)", s)
		return Link{}, false
	}
	return l, true
}

// card reads title | subtitle | https image | [label](url) | …; all but the
// title may be left out.
func (p *parser) card(n int, value string) Card {
	var c Card
	for i, part := range p.parts(n, value) {
		switch {
		case i == 0:
			if c.Title = part; len(part) > maxLabel {
				p.fail(n, "a card's title is longer than %d bytes", maxLabel)
			}
		case strings.HasPrefix(part, "["):
			if l, ok := p.link(n, part); ok {
				c.Links = append(c.Links, l)
			}
		case strings.HasPrefix(part, "https://") && c.Image == "":
			c.Image = part
		case c.Subtitle == "":
			c.Subtitle = part
		default:
			p.fail(n, "a card is: title | subtitle | https://image | [label](https://…)")
		}
	}
	if len(c.Links) > 4 {
		p.fail(n, "a card has at most 4 links")
	}
	return c
}
