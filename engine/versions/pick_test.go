package versions

import (
	"fmt"
	"testing"

	"parley/engine"
)

func TestPick(t *testing.T) {
	t.Parallel()
	b := engine.Brand{Version: "old"}
	if got := Pick(b, engine.Conversation{ID: "c"}); got != "old" {
		t.Errorf("without a canary it is %q", got)
	}
	if got := Pick(b, engine.Conversation{ID: "c", Draft: "draft"}); got != "draft" {
		t.Errorf("a draft is %q", got)
	}
	before := map[string]bool{}
	for _, share := range []int{1, 10, 50, 99} {
		b.Canary = engine.Canary{Version: "new", Share: share}
		const n = 20_000
		got := 0
		for i := range n {
			c := engine.Conversation{ID: fmt.Sprintf("01936a5e-%08d", i)}
			switch Pick(b, c) {
			case "new":
				got++
				before[c.ID] = true
			case "old":
				if before[c.ID] {
					t.Fatalf("a share of %d %% lost %s", share, c.ID)
				}
			}
		}
		if percent := float64(got) * 100 / n; percent < float64(share)-1 || percent > float64(share)+1 {
			t.Errorf("a share of %d %% took %.1f %%", share, percent)
		}
	}
	if got := Pick(b, engine.Conversation{ID: "c", Draft: "draft"}); got != "draft" {
		t.Errorf("the canary took a draft: %q", got)
	}
}
