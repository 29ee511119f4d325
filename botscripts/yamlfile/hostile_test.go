package yamlfile

import (
	"strings"
	"testing"
	"time"
)

// most is the size of the largest brand.yaml.
const most = 64 << 10

// Each of these fills the file with what is hard on a YAML parser. They end
// soon and without a panic.
func TestHostileYAML(t *testing.T) {
	t.Parallel()
	fill := func(s string) string { return strings.Repeat(s, most/len(s)) }
	tests := map[string]string{
		"brackets":        fill("["),
		"braces":          fill("{a: "),
		"dashes":          fill("- "),
		"question marks":  fill("? "),
		"questions later": "a: " + fill("? "),
		"colons":          fill("a: "),
		"tags":            fill("!!str "),
		"tags later":      "a: " + fill("!!map "),
		"anchors":         fill("&a "),
		"anchors later":   "a: " + fill("&a "),
		"aliases":         fill("*a "),
		"comments":        fill("#\n"),
		"documents":       fill("---\n"),
		"quotes":          fill("\""),
		"list":            fill("- a\n"),
		"keys":            fill("a:\n"),
		"flow list":       "a: [" + fill("a,")[:most-10] + "]",
		"indents":         staircase(),
		"literals":        fill("a: |\n "),
		"tabs":            fill("\t"),
		"newlines":        fill("\n"),
		"billion laughs":  "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c]\n",
	}
	for name, yaml := range tests {
		t.Run(name, func(t *testing.T) {

			begin := time.Now()
			r := Reader{File: "intents.yaml"}
			if root, ok := r.Parse([]byte(yaml)); ok {
				for _, f := range r.Fields(root) {
					r.List(f.Node)
				}
			}
			if took := time.Since(begin); took > 60*time.Second {
				t.Errorf("took %v", took)
			} else {
				t.Logf("took %v", took)
			}
		})
	}
}

func staircase() string {
	var b strings.Builder
	for i := 0; b.Len() < most-1000; i++ {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}
