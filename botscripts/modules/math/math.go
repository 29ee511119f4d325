package math

import (
	"math"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
)

// Module is what the global library math has beside the sandbox's.
func Module() kernel.Module {
	return kernel.Module{Name: "math", Kind: kernel.Library, Exports: []kernel.Export{
		{Name: "random", Do: random},
	}}
}

// random is math.random(m?, n?). Numbers are a pure function of the
// session's seed and of how many were drawn before, so that they need no
// journal entry to be the same on replay.
func random(a kernel.Args) int {
	L := a.L
	const bound = 1 << 53
	least, most := 1.0, 0.0
	switch L.GetTop() {
	case 0:
	case 1:
		most = a.Number(a.At(1), "m", 1, bound)
	default:
		least = a.Number(a.At(1), "m", -bound, bound)
		most = a.Number(a.At(2), "n", least, bound)
	}
	s := kernel.Own[state](a.Run)
	s.drawn++
	fraction := draw(a.Run.Turn.Session.Seed, s.drawn)
	if L.GetTop() == 0 {
		return a.Return(lua.LNumber(fraction))
	}
	least, most = math.Floor(least), math.Floor(most)
	return a.Return(lua.LNumber(least + math.Floor(fraction*(most-least+1))))
}

// draw gives the nth number in [0, 1) of a session with the seed, n from 1: splitmix64.
func draw(seed int64, n uint64) float64 {
	z := uint64(seed) + n*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	return float64(z>>11) / (1 << 53)
}

// state is how many numbers a run has drawn.
type state struct{ drawn uint64 }
