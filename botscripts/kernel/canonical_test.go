package kernel

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCanonical pins the encoding: hashes of it are in journals.
func TestCanonical(t *testing.T) {
	t.Parallel()
	encoded := appendCanonical(nil, Fields{
		"z": 1, "a": []any{true, nil, 1.5, 3.0, "q\"\\\n\x01<ü>"},
		"m": map[string]string{"k2": "v", "k1": ""}, "f": Fields{}, "big": 1e300,
	})
	const want = `{"a":[true,null,1.5,3,"q\"\\\n\u0001<ü>"],"big":1e+300,"f":{},"m":{"k1":"","k2":"v"},"z":1}`
	if diff := cmp.Diff(want, string(encoded)); diff != "" {
		t.Error(diff)
	}
	sum := sha256.Sum256([]byte(want))
	if hash := hashOf(encoded); string(hash[:]) != hex.EncodeToString(sum[:]) {
		t.Errorf("hash %s", hash)
	}
}

// FuzzCanonical: whatever strings and numbers come, the encoding is JSON that
// means the same.
func FuzzCanonical(f *testing.F) {
	f.Add("a", 1.5)
	f.Add("\x7f\u2028\"\\", math.Copysign(0, -1))
	f.Fuzz(func(t *testing.T, s string, n float64) {
		if math.IsNaN(n) || math.IsInf(n, 0) {
			t.Skip()
		}
		encoded := appendCanonical(nil, Fields{"s": s, "n": n})
		var got struct {
			S string
			N float64
		}
		if err := json.Unmarshal(encoded, &got); err != nil {
			t.Fatalf("%s: %v", encoded, err)
		}
		if got.N != n || (got.S != s && string([]rune(s)) == s) {
			t.Errorf("%q %v became %+v", s, n, got)
		}
	})
}
