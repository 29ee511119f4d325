// Package math is random, which takes the place of the sandbox's in the global library math.
package math
