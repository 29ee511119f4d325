//go:build race

package app_test

// peakMegabytes is how much memory a gateway full of hostile bots may hold;
// the race detector's shadow memory is not counted, so here nothing is measured.
const peakMegabytes = 0
