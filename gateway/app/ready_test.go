package app_test

import (
	"net/http"
	"testing"
)

// BenchmarkReady starts the gateway with the example brand until it says that
// it is ready: on a fresh data folder, and on one that was served before.
//
//	go test -run ^$ -bench Ready ./gateway/app
func BenchmarkReady(b *testing.B) {
	for _, name := range []string{"fresh", "existing"} {
		b.Run(name, func(b *testing.B) {
			dir := b.TempDir()
			start(b, map[string]string{"data": dir}).stop()
			for b.Loop() {
				if name == "fresh" {
					b.StopTimer()
					dir = b.TempDir()
					b.StartTimer()
				}
				s := start(b, map[string]string{"data": dir})
				if got := s.ask(http.MethodGet, "/readyz", ""); got.status != http.StatusOK {
					b.Fatal(got)
				}
				b.StopTimer()
				s.stop()
				b.StartTimer()
			}
		})
	}
}
