package command_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestSecrets(t *testing.T) {
	t.Setenv("CANARY_CRM", "canary-value")
	t.Setenv("CANARY_OTHER", "canary-other")
	dir, data := shop(t, "hello", map[string]string{"hello": greeter}), t.TempDir()
	file := filepath.Join(dir, "brand.yaml")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write := func(hosts, variable string) {
		t.Helper()
		text := regexp.MustCompile(`(?m)^http: .*\n`).ReplaceAllString(string(raw), "") + "http:\n  hosts: [crm.example]\n  secrets:\n    CRM: {value: \"${" + variable + "}\", hosts: [" + hosts + "]}\n"
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	do := func(code int, says, in string, args ...string) {
		t.Helper()
		r := typed(t, in, append(args, "--data", data)...)
		if r.code != code || !strings.Contains(r.out+r.err, says) || strings.Contains(r.out+r.err, "canary-") {
			t.Errorf("parley %s: %d, want %d and %q\n%s%s", strings.Join(args, " "), r.code, code, says, r.out, r.err)
		}
	}
	write("crm.example", "CANARY_CRM")
	do(0, "Nothing is allowed yet", "", "secrets", "list")
	do(1, "nothing was changed", "\n", "secrets", "allow", dir)
	do(0, "CANARY_CRM as http.secrets.CRM.value, sent to crm.example", "y\n", "secrets", "allow", dir)
	do(0, "no variable that is not allowed already", "", "secrets", "allow", dir)
	do(0, "http.secrets.CRM.value  CANARY_CRM  crm.example", "", "secrets", "list")
	write("evil.example", "CANARY_CRM")
	do(0, "Calls with it are refused. http.secrets.CRM.value: the variable CANARY_CRM is not allowed here to be sent to evil.example", "/quit\n", "chat", dir)
	write("crm.example", "CANARY_OTHER")
	do(0, "parley secrets allow --brand-id shop --field http.secrets.CRM.value --variable CANARY_OTHER --host crm.example", "/quit\n", "chat", dir)
	do(0, "CANARY_OTHER", "", "secrets", "allow", "--brand-id", "acme", "--field", "http.secrets.CRM.value", "--variable", "CANARY_OTHER", "--host", "CRM.example")
	do(0, "No longer allowed:\n  CANARY_CRM as", "", "secrets", "revoke", "--variable", "CANARY_CRM")
	do(1, "nothing that was allowed", "", "secrets", "revoke", "--variable", "CANARY_CRM")
	do(2, "say what to take back", "", "secrets", "revoke")
	do(2, "DIR is missing", "", "secrets", "allow", "--brand-id", "acme")
	do(2, "is no name of a variable", "", "secrets", "allow", "--brand-id", "acme", "--field", "f", "--variable", "A=b")
	do(2, "not both", "", "secrets", "allow", dir, "--brand-id", "acme")
	do(2, "cannot be opened", "", "secrets", "allow", filepath.Join(dir, "nowhere"))
	list := filepath.Join(t.TempDir(), "allowed.yaml")
	if err := os.WriteFile(list, []byte("- brand: [x]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	do(2, "the list of allowed variables cannot be used", "", "serve", "--addr", "127.0.0.1:0", "--secrets", list)
}
