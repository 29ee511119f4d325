package engine_test

import (
	"slices"
	"testing"

	"parley/engine"
)

func TestSettingsTakeWhatTheirTypeSays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		set       engine.Setting
		good, bad []string
	}{
		{engine.Setting{Type: engine.SettingText}, []string{"x", "a,b"}, nil},
		{engine.Setting{Type: engine.SettingBool}, []string{"true", "false"}, []string{"yes", "True", "1"}},
		{engine.Setting{Type: engine.SettingNumber, Least: "1", Most: "10"}, []string{"1", "2.5", "10"}, []string{"0.9", "11", "NaN", "x"}},
		{engine.Setting{Type: engine.SettingDuration, Least: "1m", Most: "24h"}, []string{"1m", "90s", "24h"}, []string{"59s", "25h", "90", "soon"}},
		{engine.Setting{Type: engine.SettingChoice, Values: []string{"a", "b"}}, []string{"a", "b"}, []string{"A", "a,b"}},
		{
			engine.Setting{Type: engine.SettingURL},
			[]string{"https://a.example", "https://a.example:8443/v2", "http://localhost:1", "http://127.0.0.1", "http://[::1]/x"},
			[]string{"http://a.example", "https://u:p@a.example", "https://a.example?x", "https://a.example?", "https://a.example#x", "a.example", "ftp://a.example", "https://"},
		},
		{engine.Setting{Type: engine.SettingEmail}, []string{"ana@acme.example"}, []string{"ana", "Ana <ana@acme.example>", "ana@acme.example, bo@acme.example"}},
		{engine.Setting{Type: engine.SettingPhone}, []string{"+14155550100"}, []string{"14155550100", "+04155550100", "+1 415 555 0100", "+123"}},
		{engine.Setting{Type: engine.SettingPhone, Pattern: `[0-9]{5}|\+[0-9]+`}, []string{"72275", "+1"}, []string{"722751", "x72275", ""}},
		{engine.Setting{Type: engine.SettingEmail, List: true}, []string{"a@x.example", "a@x.example, b@x.example"}, []string{"a@x.example,b"}},
		{engine.Setting{Type: engine.SettingBool, List: true}, []string{"true,${A}", "${A}"}, []string{"true,$A"}},
	} {
		tt.set.Name = "it"
		spec := engine.ChannelSpec{Served: true, Settings: []engine.Setting{tt.set}}
		for _, value := range append(slices.Clone(tt.good), tt.bad...) {
			if value == "" {
				continue
			}
			found := spec.Problems(engine.Channel{Config: map[string]string{"it": value}})
			if good := slices.Contains(tt.good, value); (len(found) == 0) != good {
				t.Errorf("%s %q: %v", tt.set.Type, value, found)
			}
		}
	}
}

func TestTargets(t *testing.T) {
	t.Parallel()
	blobs := engine.APIBase("https://blobs.example")
	blobs.Name = "blob_base"
	spec := engine.ChannelSpec{Settings: []engine.Setting{engine.APIBase("https://API.example:443/v2"), blobs, {Name: "token", Type: engine.SettingSecret}}}
	for _, tt := range []struct {
		setting, base string
		want          []string
	}{
		{"token", "", []string{"api.example", "blobs.example"}},
		{"token", "http://127.0.0.1:80", []string{"127.0.0.1:80", "blobs.example"}},
		{"token", "${BASE}", []string{"${base}", "blobs.example"}},
		{"api_base", "", nil},
	} {
		got := spec.Targets(tt.setting, engine.Channel{Config: map[string]string{"api_base": tt.base}})
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s with %q goes to %q, want %q", tt.setting, tt.base, got, tt.want)
		}
	}
}
