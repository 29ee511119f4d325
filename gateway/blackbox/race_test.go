//go:build race

package blackbox_test

// buildFlags make the binary under test as the tests themselves are made.
func buildFlags() []string { return []string{"-race"} }
