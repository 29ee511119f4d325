package config_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/gateway/config"
)

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "parley.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestFlagsBeforeEnvironmentBeforeFile(t *testing.T) {
	t.Parallel()
	file := write(t, "addr: 127.0.0.1:1\ndata: /file\nlog_level: warn\negress_allow: [127.0.0.1:9, 10.0.0.0/8]\ntrusted_proxies: 127.0.0.1, fd00::/8\n")
	c, err := config.Load(map[string]string{"addr": "127.0.0.1:3"}, []string{"PARLEY_ADDR=127.0.0.1:2", "PARLEY_DATA=/env", "HOME=/root"}, file)
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != "127.0.0.1:3" || c.Data != "/env" || c.LogLevel != "warn" || c.LogFormat != "text" || len(c.EgressAllow) != 2 || len(c.TrustedProxies) != 2 {
		t.Errorf("got %+v", c)
	}
}

func TestKeepEvents(t *testing.T) {
	t.Parallel()
	for given, days := range map[string]int{"": 0, "forever": 0, "30": 30, "36500": 36500} {
		flags := map[string]string{}
		if given != "" {
			flags["keep_events"] = given
		}
		c, err := config.Load(flags, nil, "")
		if err != nil || c.KeepEvents != time.Duration(days)*24*time.Hour {
			t.Errorf("%q is %v, %v", given, c.KeepEvents, err)
		}
	}
}

func TestAnErrorNamesTheSetting(t *testing.T) {
	t.Parallel()
	bad := write(t, "adress: x\n")
	broken := write(t, "addr: [\n")
	nested := write(t, "addr: {a: 1}\n")
	for _, c := range []struct {
		name  string
		flags map[string]string
		env   []string
		file  string
		want  string
	}{
		{"a bad flag", map[string]string{"addr": "8080"}, nil, "", "--addr is not host:port"},
		{"a bad port", map[string]string{"addr": "x:99999"}, nil, "", "--addr is not a number from 0 to 65535"},
		{"a bad variable", nil, []string{"PARLEY_LOG_LEVEL=loud"}, "", "PARLEY_LOG_LEVEL is none of debug, info, warn, error"},
		{"a variable nearly of a command", nil, []string{"PARLEY_TOKENS=1"}, "", "PARLEY_TOKENS is no setting of parley; see parley --help"},
		{"a port that is no service's", nil, []string{"PARLEY_PORTS=tcp"}, "", "PARLEY_PORTS is no setting of parley; see parley --help"},
		{"an unknown variable", nil, []string{"PARLEY_PORT=1"}, "", "PARLEY_PORT is no setting of parley; see parley --help"},
		{"an unknown key", nil, nil, bad, bad + ": adress is no setting of parley; see parley --help"},
		{"a nested value", nil, nil, nested, nested + ": addr is not a plain value"},
		{"a missing file", nil, nil, "/nowhere.yaml", "/nowhere.yaml cannot be read"},
		{"no network", map[string]string{"trusted_proxies": "10.0.0.1, proxy"}, nil, "", `--trusted-proxies has "proxy", which is no address or network`},
		{"too few days", map[string]string{"keep_events": "29"}, nil, "", "--keep-events is neither a number of days from 30 to 36500 nor forever"},
		{"too many days", nil, []string{"PARLEY_KEEP_EVENTS=36501"}, "", "PARLEY_KEEP_EVENTS is neither a number of days from 30 to 36500 nor forever"},
		{"an empty folder", map[string]string{"data": ""}, nil, "", "--data is empty"},
		{"a URL with a query", map[string]string{"public_url": "https://x/?a=1"}, nil, "", "--public-url is not a plain http or https URL such as https://chat.shop.example"},
		{"a URL with a path", map[string]string{"public_url": "https://x/parley"}, nil, "", "--public-url is not a plain http or https URL such as https://chat.shop.example"},
		{"a URL with a password", map[string]string{"public_url": "https://a:b@x"}, nil, "", "--public-url is not a plain http or https URL such as https://chat.shop.example"},
	} {
		_, err := config.Load(c.flags, c.env, c.file)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := config.Load(nil, nil, broken); err == nil {
		t.Error("broken YAML was taken")
	}
}

func FuzzFile(f *testing.F) {
	f.Add("addr: 127.0.0.1:1\n")
	f.Add("egress_allow: [a, b]\nsenders: 3\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = config.Load(nil, nil, write(t, text)) // must not panic
	})
}

// What belongs to other commands or to a container's platform stops no server.
func TestVariablesOfOthers(t *testing.T) {
	t.Parallel()
	c, err := config.Load(nil, []string{
		"PARLEY_TOKEN=plt_x.y", "PARLEY_URL=https://chat.example", "PARLEY_CONFIG=x", "PARLEY_PORT=tcp://10.96.0.12:80", "PARLEY_PORT_80_TCP=tcp://10.96.0.12:80",
		"PARLEY_PORT_80_TCP_ADDR=10.96.0.12", "PARLEY_PORT_80_TCP_PORT=80", "PARLEY_PORT_80_TCP_PROTO=tcp", "PARLEY_SERVICE_HOST=10.96.0.12", "PARLEY_SERVICE_PORT=80",
		"PARLEY_SERVICE_PORT_HTTP=80", "PARLEY_NATS_SERVICE_HOST=10.96.0.13", "PARLEY_NATS_PORT=tcp://10.96.0.13:4222", "PARLEY_NATS_PORT_4222_TCP_ADDR=10.96.0.13",
		"PARLEY_TURNS=3", "PARLEYX=1",
	}, "")
	if err != nil || c.Turns != 3 {
		t.Errorf("%+v, %v", c, err)
	}
}
