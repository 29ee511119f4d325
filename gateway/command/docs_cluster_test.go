package command_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"parley/gateway/command"
	"parley/gateway/config"
)

// example is a file of the guide for several nodes.
func example(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "cluster", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// started is the configuration that a node has by its command line and environment; file
// is that of --config.
func started(t *testing.T, args, environ []string, file string) config.Config {
	t.Helper()
	if err := command.Parse(args); err != nil {
		t.Fatalf("parley %s: %v", strings.Join(args, " "), err)
	}
	given := map[string]string{}
	for i := 1; i+1 < len(args); i += 2 {
		given[strings.ReplaceAll(strings.TrimPrefix(args[i], "--"), "-", "_")] = args[i+1]
	}
	cfg, err := config.Load(given, environ, file)
	if err != nil {
		t.Fatalf("parley %s: %v", strings.Join(args, " "), err)
	}
	return cfg
}

// service is what the example uses of a compose file.
type service struct {
	Image           string
	Build           map[string]string
	Command         []string
	Environment     map[string]string
	Volumes, Ports  []string
	Restart         string
	StopGracePeriod string                       `yaml:"stop_grace_period"`
	DependsOn       map[string]map[string]string `yaml:"depends_on"`
	Healthcheck     struct {
		Test              []string
		Interval, Timeout string
		StartPeriod       string `yaml:"start_period"`
	}
}

// TestComposeExample: the nodes of the compose file start with its settings, and the
// proxy and the nodes know each other.
func TestComposeExample(t *testing.T) {
	t.Parallel()
	text := regexp.MustCompile(`\$\{([A-Z_]+):\?\}`).ReplaceAllString(example(t, "compose.yaml"), "https://$1.example")
	if strings.Contains(strings.ReplaceAll(text, "${…}", ""), "$") {
		t.Errorf("a variable is left in %s", text)
	}
	var file struct {
		Name     string
		Node     service `yaml:"x-node"`
		Services map[string]service
		Networks map[string]struct {
			IPAM struct{ Config []map[string]string }
		}
		Volumes map[string]any
	}
	if err := yaml.UnmarshalWithOptions([]byte(text), &file, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	_, upstreams, _ := strings.Cut(example(t, "Caddyfile"), "{$NODES:")
	upstreams, _, _ = strings.Cut(upstreams, "}")
	var nodes []string
	for name, s := range file.Services {
		for on := range s.DependsOn {
			if len(file.Services[on].Healthcheck.Test) == 0 {
				t.Errorf("%s waits for the health of %s, which has no check", name, on)
			}
		}
		for _, v := range s.Volumes {
			from, _, _ := strings.Cut(v, ":")
			if _, ok := file.Volumes[from]; !ok && !strings.HasPrefix(from, "./") {
				t.Errorf("%s uses the volume %s, which is not declared", name, from)
			}
		}
		if s.Image != "parley" {
			continue
		}
		var environ []string
		for k, v := range s.Environment {
			environ = append(environ, k+"="+v)
		}
		cfg := started(t, s.Command, environ, "")
		_, port, err := net.SplitHostPort(cfg.Addr)
		if err != nil {
			t.Fatal(err)
		}
		nodes = append(nodes, name+":"+port)
		if check := "http://127.0.0.1:" + port + "/readyz"; !slices.Contains(s.Healthcheck.Test, check) {
			t.Errorf("%s is not asked at %s", name, check)
		}
		_, peer, err := net.SplitHostPort(s.Environment["PARLEY_CLUSTER_ADDR"])
		if err != nil || !slices.Contains(strings.Split(s.Environment["PARLEY_CLUSTER"], ","), name+":"+peer) {
			t.Errorf("%s is not in the list of nodes: %v", name, err)
		}
		if net := file.Networks["default"].IPAM.Config[0]["subnet"]; s.Environment["PARLEY_TRUSTED_PROXIES"] != net {
			t.Errorf("%s trusts %s, and the proxy is in %s", name, s.Environment["PARLEY_TRUSTED_PROXIES"], net)
		}
	}
	slices.Sort(nodes)
	if len(nodes) != 3 || strings.Join(nodes, " ") != upstreams {
		t.Errorf("the nodes are %q, and those of the proxy %q", nodes, upstreams)
	}
}

// TestUnitExample: the unit's files are there, a node starts with them, and systemd
// takes the unit where there is one.
func TestUnitExample(t *testing.T) {
	t.Parallel()
	unit := example(t, "parley@.service")
	var environ []string
	for _, m := range regexp.MustCompile(`(?m)^EnvironmentFile=/etc/parley/(.+)$`).FindAllStringSubmatch(unit, -1) {
		for line := range strings.Lines(example(t, strings.ReplaceAll(m[1], "%i", "1"))) {
			if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
				environ = append(environ, line)
			}
		}
	}
	m := regexp.MustCompile(`(?m)^ExecStart=/usr/local/bin/parley (.+)$`).FindStringSubmatch(unit)
	if m == nil {
		t.Fatal("the unit starts no parley")
	}
	args := strings.Fields(strings.ReplaceAll(m[1], "%i", "1"))
	at := slices.Index(args, "--config")
	if at < 0 || args[at+1] != "/etc/parley/parley.yaml" {
		t.Fatalf("the settings are not those of the example: %q", args)
	}
	args = slices.Delete(args, at, at+2)
	cfg := started(t, args, environ, filepath.Join("..", "..", "docs", "cluster", "parley.yaml"))
	if got, want := fmt.Sprint(cfg.Addr, cfg.Data, cfg.Brand), "10.0.0.1:8080/var/lib/parley/1/etc/parley/shop"; got != want {
		t.Errorf("it starts with %s, want %s", got, want)
	}

	systemd, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("there is no systemd to verify the unit")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "parley@1.service")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(unit, "/usr/local/bin/parley", self)), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.CommandContext(t.Context(), systemd, "verify", file).CombinedOutput(); err != nil || strings.Contains(string(said), "parley@") {
		t.Errorf("systemd says %v: %s", err, said)
	}
}
