package brandfolder

import (
	"parley/engine"
)

// mostLoop is the highest limit of a loop: no brand goes without one.
const mostLoop = 1_000_000

// loops reads how much bots and one address exchange before a person looks at it.
func (b *builder) loops(n node) engine.LoopSettings {
	var s engine.LoopSettings
	limit := b.whole(1, mostLoop)
	b.keys(n,
		key{"same", into(&s.Same, b.whole(2, mostLoop))},
		key{"burst", into(&s.Burst, limit)},
		key{"answers", into(&s.Answers, limit)},
		key{"conversations", into(&s.Conversations, limit)},
		key{"unanswered", into(&s.Unanswered, limit)},
		key{"follow_ups", into(&s.Followups, limit)},
	)
	return s
}
