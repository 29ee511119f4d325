package bench

import (
	"bytes"
	"os"
	"strconv"
	"time"
)

// machineTime is what all processes of this machine have used of its processors, where
// Linux tells: /proc/stat in hundredths of a second, all but idle, iowait and steal.
func machineTime() time.Duration {
	raw, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	line, _, _ := bytes.Cut(raw, []byte("\n"))
	var ticks int64
	for i, field := range bytes.Fields(line) {
		if i == 0 || i == 4 || i == 5 || i > 7 { // cpu, idle, iowait, steal and guests
			continue
		}
		n, err := strconv.ParseInt(string(field), 10, 64)
		if err != nil {
			return 0
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
