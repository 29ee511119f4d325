package engine_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"parley/engine"
)

// Each topic's reach is decided, and not by having been forgotten.
func TestReach(t *testing.T) {
	t.Parallel()
	want := map[engine.Topic]engine.Reach{
		engine.TopicDialog: engine.Here, engine.TopicDelivery: engine.Here, engine.TopicRouting: engine.Here, engine.TopicTimers: engine.Here, engine.TopicMedia: engine.Here,
		engine.TopicBrand: engine.Everywhere, engine.TopicEvents: engine.Everywhere, engine.TopicPass: engine.Everywhere, engine.TopicArrival: engine.Everywhere,
		"weather": engine.Here,
	}
	for topic, reach := range want {
		if got := topic.Reach(); got != reach {
			t.Errorf("%s: %d, want %d", topic, got, reach)
		}
	}
	file, err := parser.ParseFile(token.NewFileSet(), "ports.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Topic" {
			return true
		}
		name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := want[engine.Topic(name)]; !ok {
			t.Errorf("how far does %s reach?", name)
		}
		return true
	})
}
