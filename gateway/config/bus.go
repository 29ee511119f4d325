package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
)

// Bus says how the processes of one installation reach each other. The zero value
// is a process that is alone.
type Bus struct {
	Servers []string // URLs of NATS servers, with credentials if they need some
	Creds   string   // file with a NATS user's credentials
	Prefix  string   // of the subjects
	Node    bool     // this process is a NATS server itself
	Addr    string   // host:port where other nodes reach it
	Peers   []string // host:port of other nodes
	Secret  string   // that all nodes share
}

// Used says whether there may be other processes.
func (b Bus) Used() bool { return b.Node || len(b.Servers) > 0 }

const (
	embedded      = "embedded"
	clusterSecret = "cluster_secret"
	clusterAddr   = "127.0.0.1:6222" // where a node listens when nothing else is said
	minSecret     = 16
)

var prefixForm = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

func busSettings() []Setting {
	return []Setting{
		{"nats", "", "NATS servers that carry wake-ups to other processes on the same database, nats:// or tls:// URLs separated by commas; or " + embedded + ": a server in this process", func(c *Config, v string) error {
			if v == embedded {
				c.Bus.Node = true
				return nil
			}
			c.Bus.Servers = list(v)
			for _, s := range c.Bus.Servers {
				u, err := url.Parse(s)
				if err != nil || (u.Scheme != "nats" && u.Scheme != "tls") || u.Hostname() == "" || (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" {
					// It may hold a password, and is not repeated.
					return fmt.Errorf("is neither %s nor URLs such as nats://nats.shop.example:4222", embedded)
				}
			}
			return nil
		}},
		{"nats_creds", "", "file with the credentials of a NATS user (.creds)", func(c *Config, v string) error {
			c.Bus.Creds = v
			return nil
		}},
		{"nats_prefix", "parley", "begin of the NATS subjects; another one for each installation on the same servers", func(c *Config, v string) error {
			c.Bus.Prefix = v
			if !prefixForm.MatchString(v) || len(v) > 100 {
				return errors.New("is not words of letters, digits, - and _, with dots between them")
			}
			return nil
		}},
		{"cluster", "", "with --nats " + embedded + ": other nodes as host:port, separated by commas; this one may be among them", func(c *Config, v string) error {
			c.Bus.Peers = list(v)
			for _, p := range c.Bus.Peers {
				if err := address(p, 1); err != nil {
					return fmt.Errorf("has %q, which is not host:port", p)
				}
			}
			return nil
		}},
		{"cluster_addr", "", "with --nats " + embedded + ": host:port where other nodes reach this one (default " + clusterAddr + "); beyond this machine PARLEY_CLUSTER_SECRET must be set", func(c *Config, v string) error {
			c.Bus.Addr = v
			if v == "" {
				return nil
			}
			return address(v, 0)
		}},
		{clusterSecret, "", "secret that all nodes share", func(c *Config, v string) error {
			c.Bus.Secret = strings.TrimSpace(v) // one that was made by echo has a line end
			if v != "" && len(c.Bus.Secret) < minSecret {
				return fmt.Errorf("is shorter than %d characters", minSecret)
			}
			return nil
		}},
	}
}

func address(v string, lowest int) error {
	host, port, err := net.SplitHostPort(v)
	if err != nil {
		return errors.New("is not host:port")
	}
	if host == "" && lowest > 0 {
		return errors.New("has no host")
	}
	return number(port, lowest, 65535, new(int))
}

// problem names a setting that does not go with the others, "" for none, and fills
// in what follows from them.
func (b *Bus) problem() (key, reason string) {
	if !b.Node {
		const alone = "is only of use with --nats " + embedded
		switch {
		case len(b.Peers) > 0:
			return "cluster", alone
		case b.Addr != "":
			return "cluster_addr", alone
		case b.Secret != "":
			return clusterSecret, alone
		case b.Creds != "" && len(b.Servers) == 0:
			return "nats_creds", "is only of use with URLs in --nats"
		}
		return "", ""
	}
	if b.Creds != "" {
		return "nats_creds", "is only of use with URLs in --nats"
	}
	if b.Addr == "" {
		b.Addr = clusterAddr
	}
	if b.Secret != "" {
		return "", ""
	}
	const need = "needs PARLEY_CLUSTER_SECRET (or cluster_secret in the settings file), the same on all nodes: without it anybody could join"
	if !here(b.Addr) {
		return "cluster_addr", "is open to other machines and " + need
	}
	for _, p := range b.Peers {
		if !here(p) {
			return "cluster", "names other machines and " + need
		}
	}
	return "", ""
}

// here says whether an address is reached from this machine alone.
func here(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || (ip != nil && ip.IsLoopback()))
}
