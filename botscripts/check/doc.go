// Package check finds mistakes in a brand's scripts before a consumer meets
// them: by reading them, by trying the calls that they spell out, and by running
// each bot's file up to its first host call.
package check
