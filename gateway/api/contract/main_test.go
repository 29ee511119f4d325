package main

import (
	"os"
	"strings"
	"testing"
)

// What the gateway goes by is what the contract says.
func TestOperationsAreFresh(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want, err := write(raw)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../operations.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("operations.gen.go is stale: go generate ./gateway/api")
	}
}

// What a contract leaves open is no contract.
func TestContractsThatAreRefused(t *testing.T) {
	t.Parallel()
	const good = `
paths:
  /things/{id}:
    parameters: [{name: id, in: path, schema: {type: string, maxLength: 40, x-refusal: There is none.}}]
    get: {operationId: getThing, x-role: agent}
`
	if _, err := write([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, now, want string }{
		{", x-role: agent", "", `GET /things/{id}: x-role is "", none of public, agent, supervisor and admin`},
		{"x-role: agent", "x-role: anybody", `GET /things/{id}: x-role is "anybody", none of public, agent, supervisor and admin`},
		{", x-refusal: There is none.", "", "GET /things/{id}: the path's id needs an x-refusal"},
		{"paths:", "paths: [", ""},
	} {
		if _, err := write([]byte(strings.Replace(good, c.old, c.now, 1))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q instead of %q: %v", c.now, c.old, err)
		}
	}
}
