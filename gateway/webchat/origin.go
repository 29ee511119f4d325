package webchat

import (
	"net/url"
	"slices"
	"strings"
)

type site int

const (
	otherSite site = iota
	sameSite
	listedSite
)

// judge says what the page of this origin may do. Programs send none.
func judge(origin, host, publicURL string, listed []string) site {
	if origin == "" {
		return sameSite
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return otherSite
	}
	if p, err := url.Parse(publicURL); err == nil && strings.EqualFold(origin, p.Scheme+"://"+p.Host) {
		return sameSite
	}
	if strings.EqualFold(u.Host, host) && (u.Scheme == "http" || u.Scheme == "https") {
		return sameSite
	}
	if slices.Contains(listed, origin) {
		return listedSite
	}
	return otherSite
}
