// Package catalog remembers brands, channels and skills for a moment, because
// every message needs them and they hardly ever change.
package catalog
