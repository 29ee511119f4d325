package choice

import "testing"

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		Read(bikes(), "I have a question about the front wheel of my new bike", false)
	}
}
