// Package authors serves those who write bots: versions and their faults, tests,
// simulation and replay, and what can be learnt from consumers.
package authors
