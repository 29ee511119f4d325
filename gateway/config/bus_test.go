package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/gateway/config"
)

const secret = "PARLEY_CLUSTER_SECRET=sixteen or more characters"

func TestTheBus(t *testing.T) {
	t.Parallel()
	file := write(t, "nats: [nats://a:4222, 'tls://gate:hush@b']\nnats_prefix: shop.one\n")
	private := write(t, "nats: embedded\ncluster_addr: 0.0.0.0:6222\ncluster: [parley-1:6222, parley-2:6222]\ncluster_secret: sixteen or more characters\n")
	for _, c := range []struct {
		name  string
		flags map[string]string
		env   []string
		file  string
		want  config.Bus
	}{
		{"alone", nil, nil, "", config.Bus{Prefix: "parley"}},
		{"servers", map[string]string{"nats": "nats://token@a:4222, tls://b"}, nil, "", config.Bus{Servers: []string{"nats://token@a:4222", "tls://b"}, Prefix: "parley"}},
		{"credentials", map[string]string{"nats": "nats://a", "nats_creds": "/etc/gate.creds"}, nil, "", config.Bus{Servers: []string{"nats://a"}, Creds: "/etc/gate.creds", Prefix: "parley"}},
		{"a file", nil, nil, file, config.Bus{Servers: []string{"nats://a:4222", "tls://gate:hush@b"}, Prefix: "shop.one"}},
		{"a node for itself", map[string]string{"nats": "embedded"}, nil, "", config.Bus{Node: true, Addr: "127.0.0.1:6222", Prefix: "parley"}},
		{"nodes on one machine", map[string]string{"nats": "embedded", "cluster_addr": "[::1]:7001", "cluster": "localhost:7000,[::1]:7001"}, nil, "",
			config.Bus{Node: true, Addr: "[::1]:7001", Peers: []string{"localhost:7000", "[::1]:7001"}, Prefix: "parley"}},
		{"nodes on many", map[string]string{"nats": "embedded", "cluster_addr": ":6222"}, []string{secret + "\n"}, "",
			config.Bus{Node: true, Addr: ":6222", Secret: "sixteen or more characters", Prefix: "parley"}},
		{"nodes by a file", nil, nil, private,
			config.Bus{Node: true, Addr: "0.0.0.0:6222", Peers: []string{"parley-1:6222", "parley-2:6222"}, Secret: "sixteen or more characters", Prefix: "parley"}},
	} {
		got, err := config.Load(c.flags, c.env, c.file)
		if diff := cmp.Diff(c.want, got.Bus, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("%s: %v %s", c.name, err, diff)
		}
	}
}

func TestABusThatCannotBe(t *testing.T) {
	t.Parallel()
	const need = " needs PARLEY_CLUSTER_SECRET (or cluster_secret in the settings file), the same on all nodes: without it anybody could join"
	for _, c := range []struct {
		flags map[string]string
		env   []string
		want  string
	}{
		{map[string]string{"nats": "http://a"}, nil, "--nats is neither embedded nor URLs such as nats://nats.shop.example:4222"},
		{nil, []string{"PARLEY_NATS=nats://gate:hu%sh@a"}, "PARLEY_NATS is neither embedded nor URLs such as nats://nats.shop.example:4222"},
		{map[string]string{"nats": "nats://a/x"}, nil, "--nats is neither embedded nor URLs such as nats://nats.shop.example:4222"},
		{map[string]string{"nats_prefix": "a..b"}, nil, "--nats-prefix is not words of letters, digits, - and _, with dots between them"},
		{map[string]string{"nats_prefix": ""}, nil, "--nats-prefix is not words of letters, digits, - and _, with dots between them"},
		{map[string]string{"nats_creds": "x"}, nil, "--nats-creds is only of use with URLs in --nats"},
		{map[string]string{"nats": "embedded", "nats_creds": "x"}, nil, "--nats-creds is only of use with URLs in --nats"},
		{map[string]string{"cluster": "a:1"}, nil, "--cluster is only of use with --nats embedded"},
		{map[string]string{"nats": "nats://a", "cluster_addr": ":6222"}, nil, "--cluster-addr is only of use with --nats embedded"},
		{nil, []string{secret}, "PARLEY_CLUSTER_SECRET is only of use with --nats embedded"},
		{map[string]string{"nats": "embedded", "cluster": "a:1,b"}, []string{secret}, `--cluster has "b", which is not host:port`},
		{map[string]string{"nats": "embedded", "cluster": ":1"}, []string{secret}, `--cluster has ":1", which is not host:port`},
		{map[string]string{"nats": "embedded", "cluster_addr": "6222"}, []string{secret}, "--cluster-addr is not host:port"},
		{map[string]string{"nats": "embedded"}, []string{"PARLEY_CLUSTER_SECRET=short \n\n\n\n\n\n\n\n\n\n\n\n\n"}, "PARLEY_CLUSTER_SECRET is shorter than 16 characters"},
		{map[string]string{"nats": "embedded", "cluster_addr": ":6222"}, nil, "--cluster-addr is open to other machines and" + need},
		{map[string]string{"nats": "embedded", "cluster_addr": "10.0.0.1:6222"}, nil, "--cluster-addr is open to other machines and" + need},
		{map[string]string{"nats": "embedded", "cluster": "10.0.0.2:6222"}, nil, "--cluster names other machines and" + need},
		// A command line is no place for a secret.
		{map[string]string{"nats": "embedded", "cluster_addr": ":6222", "cluster_secret": "sixteen or more characters"}, nil, "--cluster-addr is open to other machines and" + need},
	} {
		_, err := config.Load(c.flags, c.env, "")
		if err == nil || err.Error() != c.want {
			t.Errorf("%v %v: got %v, want %s", c.flags, c.env, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "hu%sh") {
			t.Errorf("%v tells a password", err)
		}
	}
}
