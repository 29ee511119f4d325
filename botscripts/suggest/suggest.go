package suggest

import (
	"fmt"
	"strings"
)

// longest bounds the names that are compared: the distance takes the product of both lengths.
const longest = 200

// Name is the known name that is nearest to name, "" when none is near. Case does not matter.
func Name(name string, known []string) string {
	if len(name) > longest {
		return ""
	}
	best, least := "", 3
	if len(name) >= 8 {
		least = 4
	}
	for _, k := range known {
		if d := Distance(strings.ToLower(name), strings.ToLower(k)); d < least && 2*d <= len(name) && len(k) <= longest {
			best, least = k, d
		}
	}
	return best
}

// Hint is what a message about an unknown name ends with: "; did you mean …?", or "".
func Hint(name string, known []string) string {
	if best := Name(name, known); best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	return ""
}

// Distance is how many bytes are missing, too much or others; two that changed places count once.
func Distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			cost := last[j]
			if a[i] != b[j] {
				cost++
			}
			row[j+1] = min(cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
