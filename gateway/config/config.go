package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Config is what an operator may decide.
type Config struct {
	Data        string   // folder of the database
	DB          string   // URL of PostgreSQL; "" for SQLite in Data
	Addr        string   // host:port to listen on
	PublicURL   string   // as consumers and providers reach us, no trailing slash; "" is http://Addr
	Brand       string   // brand folder to push at start and at each change; "" for none
	Secrets     string   // list of the variables that brands may use; "" for what is kept in Data alone
	EgressAllow []string // private hosts that may be called
	// TrustedProxies are the networks whose X-Forwarded-For names the caller.
	TrustedProxies []netip.Prefix
	LogLevel       string        // debug, info, warn, error
	LogFormat      string        // text, json
	Senders        int           // provider sends at once
	Turns          int           // bot turns at once
	KeepEvents     time.Duration // of the log; 0 is forever
	Bus            Bus           // to other processes of this installation
}

// Setting is one row of the table.
type Setting struct {
	Key     string // YAML key; the flag has dashes, the variable is PARLEY_KEY
	Default string
	Doc     string
	set     func(*Config, string) error
}

// Private says that there is no flag: everybody on a machine sees command lines.
func (s Setting) Private() bool { return s.Key == clusterSecret }

// Flag is the setting's command-line name.
func (s Setting) Flag() string { return strings.ReplaceAll(s.Key, "_", "-") }

// Env is the setting's environment variable.
func (s Setting) Env() string { return "PARLEY_" + strings.ToUpper(s.Key) }

// forever is a time that has no end.
const forever = "forever"

// Settings is the table, in the order of the help.
func Settings() []Setting {
	return append([]Setting{
		{"data", "./parley-data", "folder of the database and everything else that is kept", func(c *Config, v string) error {
			c.Data = v
			return need(v)
		}},
		{"db", "", "postgres://… of a database that several processes may share (default SQLite in the data folder)", func(c *Config, v string) error {
			c.DB = v
			u, err := url.Parse(v)
			if v != "" && (err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql") { // not told: a password may be in it
				return fmt.Errorf("is no URL of PostgreSQL such as postgres://parley@db.example/parley")
			}
			return nil
		}},
		{"addr", "127.0.0.1:8080", "host:port to listen on", func(c *Config, v string) error {
			c.Addr = v
			_, port, err := net.SplitHostPort(v)
			if err != nil {
				return fmt.Errorf("is not host:port")
			}
			return number(port, 0, 65535, new(int))
		}},
		{"public_url", "", "URL under which consumers and providers reach parley (default http://ADDR)", func(c *Config, v string) error {
			c.PublicURL = strings.TrimRight(v, "/")
			if v == "" {
				return nil
			}
			u, err := url.Parse(v)
			if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Path != "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
				return fmt.Errorf("is not a plain http or https URL such as https://chat.shop.example")
			}
			return nil
		}},
		{"brand", "", "brand folder to load at start and again at each change", func(c *Config, v string) error {
			c.Brand = v
			return nil
		}},
		{"secrets", "", "file that lists the environment variables that brands may use (parley secrets --help)", func(c *Config, v string) error {
			c.Secrets = v
			return nil
		}},
		{"egress_allow", "", "private hosts that bots and connectors may call, as host:port or network[:port], separated by commas", func(c *Config, v string) error {
			c.EgressAllow = list(v)
			return nil
		}},
		{"trusted_proxies", "", "addresses or networks of proxies whose X-Forwarded-For is believed, separated by commas", func(c *Config, v string) error {
			for _, entry := range list(v) {
				prefix, err := netip.ParsePrefix(entry)
				if addr, aerr := netip.ParseAddr(entry); aerr == nil {
					prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
				}
				if err != nil {
					return fmt.Errorf("has %q, which is no address or network", entry)
				}
				c.TrustedProxies = append(c.TrustedProxies, prefix)
			}
			return nil
		}},
		{"log_level", "info", "debug, info, warn or error", func(c *Config, v string) error {
			c.LogLevel = v
			return oneOf(v, "debug", "info", "warn", "error")
		}},
		{"log_format", "text", "text or json", func(c *Config, v string) error {
			c.LogFormat = v
			return oneOf(v, "text", "json")
		}},
		{"senders", "64", "provider sends at once (1 to 256)", func(c *Config, v string) error { return number(v, 1, 256, &c.Senders) }},
		{"turns", "128", "bot turns at once (1 to 256)", func(c *Config, v string) error { return number(v, 1, 256, &c.Turns) }},
		{"keep_events", forever, "days for which the event log is kept (30 to 36500), or forever", func(c *Config, v string) error {
			days := 0
			if v != forever && number(v, 30, 36500, &days) != nil {
				return fmt.Errorf("is neither a number of days from 30 to 36500 nor %s", forever)
			}
			c.KeepEvents = time.Duration(days) * 24 * time.Hour
			return nil
		}},
	}, busSettings()...)
}

// Error names the setting at fault and where it was given.
type Error struct {
	Source string // "--addr", "PARLEY_ADDR", "parley.yaml: addr"
	Reason string
}

func (e *Error) Error() string { return e.Source + " " + e.Reason }

// Load merges the sources. flags holds what was given on the command line by
// setting key; environ is os.Environ's form; file is the YAML file's path, ""
// for none.
func Load(flags map[string]string, environ []string, file string) (Config, error) {
	var c Config
	fromFile, err := readFile(file)
	if err != nil {
		return c, err
	}
	fromEnv, err := readEnv(environ)
	if err != nil {
		return c, err
	}
	sources := map[string]string{}
	for _, s := range Settings() {
		value, source := s.Default, "default of "+s.Key
		if v, ok := fromFile[s.Key]; ok {
			value, source = v, file+": "+s.Key
		}
		if v, ok := fromEnv[s.Env()]; ok {
			value, source = v, s.Env()
		}
		if v, ok := flags[s.Key]; ok && !s.Private() {
			value, source = v, "--"+s.Flag()
		}
		if err := s.set(&c, value); err != nil {
			return c, &Error{source, err.Error()}
		}
		sources[s.Key] = source
	}
	if key, reason := c.Bus.problem(); key != "" {
		return c, &Error{sources[key], reason}
	}
	return c, nil
}

// ConfigEnv names the settings file when --config does not.
const ConfigEnv = "PARLEY_CONFIG"

// Variables of commands that work on a server over its API. They are no
// settings, and a server started in the same shell leaves them alone.
const (
	TokenEnv = "PARLEY_TOKEN"
	URLEnv   = "PARLEY_URL"
)

// fromCluster says whether a variable was set by a container's platform: for
// services named parley or parley-nats they set their addresses, among them
// PARLEY_PORT=tcp://10.0.0.1:80 and PARLEY_NATS_SERVICE_HOST.
func fromCluster(name, value string) bool {
	if strings.Contains(name, "_SERVICE_HOST") || strings.Contains(name, "_SERVICE_PORT") {
		return true
	}
	_, rest, ok := strings.Cut(name, "_PORT")
	if !ok {
		return false
	}
	return strings.HasPrefix(value, "tcp://") || strings.HasPrefix(value, "udp://") || strings.HasPrefix(value, "sctp://") ||
		strings.Contains(rest, "_TCP") || strings.Contains(rest, "_UDP") || strings.Contains(rest, "_SCTP")
}

func readEnv(environ []string) (map[string]string, error) {
	known := map[string]bool{ConfigEnv: true, TokenEnv: true, URLEnv: true}
	for _, s := range Settings() {
		known[s.Env()] = true
	}
	values := map[string]string{}
	for _, kv := range environ {
		k, v, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(k, "PARLEY_") || fromCluster(k, v) {
			continue
		}
		if !known[k] {
			return nil, &Error{k, "is no setting of parley; see parley --help"}
		}
		values[k] = v
	}
	return values, nil
}

// maxFile bounds the settings file.
const maxFile = 64 << 10

func readFile(file string) (map[string]string, error) {
	if file == "" {
		return nil, nil
	}
	info, err := os.Stat(file)
	if err != nil {
		return nil, &Error{file, "cannot be read"}
	}
	if info.Size() > maxFile {
		return nil, &Error{file, "is larger than 64 KiB"}
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, &Error{file, "cannot be read"}
	}
	var doc map[string]any
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		return nil, &Error{file, "is not valid YAML: " + strings.TrimSpace(yaml.FormatError(err, false, false))}
	}
	known := map[string]bool{}
	for _, s := range Settings() {
		known[s.Key] = true
	}
	values := map[string]string{}
	for k, v := range doc {
		if !known[k] {
			return nil, &Error{file + ": " + k, "is no setting of parley; see parley --help"}
		}
		switch v := v.(type) {
		case []any:
			parts := make([]string, len(v))
			for i := range v {
				parts[i] = fmt.Sprint(v[i])
			}
			values[k] = strings.Join(parts, ",")
		case map[string]any:
			return nil, &Error{file + ": " + k, "is not a plain value"}
		case nil:
			values[k] = ""
		default:
			values[k] = fmt.Sprint(v)
		}
	}
	return values, nil
}

// list splits at commas and blanks.
func list(v string) []string {
	return strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
}

func need(v string) error {
	if v == "" {
		return fmt.Errorf("is empty")
	}
	return nil
}

func oneOf(v string, all ...string) error {
	if !slices.Contains(all, v) {
		return fmt.Errorf("is none of %s", strings.Join(all, ", "))
	}
	return nil
}

func number(v string, low, high int, to *int) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < low || n > high {
		return fmt.Errorf("is not a number from %d to %d", low, high)
	}
	*to = n
	return nil
}
