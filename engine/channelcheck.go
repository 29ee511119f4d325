package engine

import (
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Problems finds everything in a channel that would keep it from working: Invalid
// errors that name a setting, at most one each. What stands for a variable of the
// environment is passed over, because nobody knows yet what it will be.
func (s ChannelSpec) Problems(ch Channel) (all []*Error) {
	add := func(p *Error) {
		known := slices.ContainsFunc(all, func(o *Error) bool { return o.Field == p.Field })
		if !known && !hasVariable(ch.value(p.Field)) {
			all = append(all, p)
		}
	}
	for _, set := range s.Takes() {
		switch value := ch.value(set.Name); {
		case value != "":
			if !set.fits(value) {
				add(FieldError(set.Name, "must be %s", set.Form()))
			}
		case set.Required && set.Unless == "":
			add(FieldError(set.Name, "is missing"))
		case set.Required && ch.value(set.Unless) == "":
			add(FieldError(set.Name, "is missing, and %s, too", set.Unless))
		case set.With != "" && ch.value(set.With) != "":
			add(FieldError(set.Name, "is missing beside %s", set.With))
		}
	}
	if s.Check != nil {
		for _, p := range s.Check(ch) {
			add(p)
		}
	}
	return all
}

// value is what a channel has for a setting; it may be a secret.
func (ch Channel) value(setting string) string {
	if setting == AddressSetting {
		return ch.Address
	}
	if secret, ok := ch.Secrets[setting]; ok {
		return secret.Reveal()
	}
	return ch.Config[setting]
}

func hasVariable(value string) bool {
	return slices.ContainsFunc(strings.Split(value, ","), func(part string) bool {
		_, ok := Variable(part)
		return ok
	})
}

// Form is what a value must be, in words.
func (s Setting) Form() string {
	if s.Words != "" {
		return s.Words
	}
	switch s.Type {
	case SettingBool:
		return "true or false"
	case SettingNumber:
		return fmt.Sprintf("a number from %s to %s", s.Least, s.Most)
	case SettingDuration:
		return fmt.Sprintf("a time from %s to %s, such as 90s, 30m or 24h", s.Least, s.Most)
	case SettingChoice:
		return strings.Join(s.Values, " or ")
	case SettingURL:
		return "a plain URL that begins with https://"
	case SettingEmail:
		return "an e-mail address"
	case SettingPhone:
		return "a telephone number such as +14155550100"
	}
	return "text"
}

// fits says whether a value, or every one of a list, is what the setting takes.
func (s Setting) fits(value string) bool {
	if !s.List {
		return s.fitsOne(value)
	}
	for part := range strings.SplitSeq(value, ",") {
		if !s.fitsOne(strings.TrimSpace(part)) {
			return false
		}
	}
	return true
}

func (s Setting) fitsOne(value string) bool {
	if s.Pattern != "" {
		return matches(s.Pattern, value)
	}
	switch s.Type {
	case SettingBool:
		return value == "true" || value == "false"
	case SettingNumber:
		n, err := strconv.ParseFloat(value, 64)
		least, _ := strconv.ParseFloat(s.Least, 64) // connectortest checks the bounds
		most, _ := strconv.ParseFloat(s.Most, 64)
		return err == nil && n >= least && n <= most
	case SettingDuration:
		d, err := time.ParseDuration(value)
		least, _ := time.ParseDuration(s.Least)
		most, _ := time.ParseDuration(s.Most)
		return err == nil && d >= least && d <= most
	case SettingChoice:
		return slices.Contains(s.Values, value)
	case SettingURL:
		return IsPlainURL(value)
	case SettingEmail:
		a, err := mail.ParseAddress(value)
		return err == nil && a.Address == value
	case SettingPhone:
		return matches(`\+[1-9][0-9]{6,14}`, value)
	}
	return true
}

func matches(pattern, value string) bool {
	re, err := regexp.Compile(`^(?:` + pattern + `)$`)
	return err == nil && re.MatchString(value)
}

// IsPlainURL tells a URL without user, query and fragment. Plain http would show
// credentials to everybody on the way, so only this machine may have it.
func IsPlainURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && IsLoopback(u.Hostname())
}

// IsLoopback tells the names and addresses of this machine.
func IsLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// Targets are the hosts to which a channel's setting is sent: those of the
// settings that say where, as they are written, so that what goes to a variable
// is allowed for that variable. The setting that says where is sent nowhere.
func (s ChannelSpec) Targets(setting string, ch Channel) (hosts []string) {
	for _, target := range s.Takes() {
		if !target.Target {
			continue
		}
		if target.Name == setting {
			return nil
		}
		base := ch.Config[target.Name]
		if base == "" {
			base = target.Default
		}
		u, err := url.Parse(base)
		switch {
		case base == "":
			continue
		case err != nil || u.Host == "":
			hosts = append(hosts, strings.ToLower(base))
		case u.Scheme == "https":
			hosts = append(hosts, strings.TrimSuffix(strings.ToLower(u.Host), ":443"))
		default:
			hosts = append(hosts, strings.ToLower(u.Host))
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}
