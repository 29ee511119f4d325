//go:build !race

package app_test

// peakMegabytes is how much memory a gateway full of hostile bots may hold; 0
// measures nothing.
const peakMegabytes = 300
