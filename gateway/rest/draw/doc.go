// Package draw writes the engine's values as the contract has them.
package draw
