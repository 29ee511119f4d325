package brandfolder

import (
	"strconv"
	"strings"

	"parley/engine"
)

// mostDays is the longest that a brand may say; never is longer.
const mostDays = 36_500

// retention reads for how long what is over is kept.
func (b *builder) retention(n node) engine.RetentionSettings {
	var s engine.RetentionSettings
	b.keys(n,
		key{"sends", into(&s.Sends, b.days)},
		key{"journals", into(&s.Journals, b.days)},
		key{"conversations", into(&s.Conversations, b.days)},
	)
	return s
}

// days reads a number of days such as 30d, or forever, which is -1.
func (b *builder) days(n node) int {
	s, ok := b.Text(n)
	if !ok {
		return 0
	}
	if s == "forever" {
		return -1
	}
	digits, unit := strings.CutSuffix(s, "d")
	days, err := strconv.Atoi(digits)
	if !unit || err != nil || days < 1 || days > mostDays {
		b.Problem(n.Line, "%s must be a number of days from 1d to %dd, or forever", n.Name, mostDays)
		return 0
	}
	return days
}
