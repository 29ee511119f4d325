// Package hours answers whether a brand or a skill is open, and when it opens next.
//
// All functions are pure. They read the tz database of the machine; a binary
// that must also run without one imports time/tzdata in main.
package hours
