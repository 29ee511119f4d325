package bench

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
)

// resident is the memory of this process in MB: what is resident where Linux
// tells, elsewhere what Go has taken from the system.
func resident() float64 {
	raw, err := os.ReadFile("/proc/self/status")
	if err == nil {
		if kb, ok := parseResident(raw); ok {
			return round(float64(kb)/1024, 1)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return round(float64(m.Sys)/(1<<20), 1)
}

// parseResident reads VmRSS, in kB, from /proc/PID/status.
func parseResident(status []byte) (kb int, ok bool) {
	_, rest, found := bytes.Cut(status, []byte("VmRSS:"))
	if !found {
		return 0, false
	}
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0, false
	}
	kb, err := strconv.Atoi(string(fields[0]))
	return kb, err == nil
}
