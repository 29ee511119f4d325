package brandfolder

import "parley/engine"

// mostLoop is the highest limit of a loop: no brand goes without one.
const mostLoop = 1_000_000

// loops reads how much bots and one address exchange before a person looks at it.
func (b *builder) loops(n node) engine.LoopSettings {
	var s engine.LoopSettings
	for _, f := range b.Fields(n) {
		switch f.Key {
		case "same":
			s.Same = b.whole(f.Node, 2, mostLoop)
		case "burst":
			s.Burst = b.whole(f.Node, 1, mostLoop)
		case "answers":
			s.Answers = b.whole(f.Node, 1, mostLoop)
		case "conversations":
			s.Conversations = b.whole(f.Node, 1, mostLoop)
		case "unanswered":
			s.Unanswered = b.whole(f.Node, 1, mostLoop)
		case "follow_ups":
			s.Followups = b.whole(f.Node, 1, mostLoop)
		default:
			b.Unknown(f, "same", "burst", "answers", "conversations", "unanswered", "follow_ups")
		}
	}
	return s
}
