// Package simulate plays one consumer's conversations with a bot in memory: the
// engine's own rules over a store that lives as long as the simulation, with a
// clock that only moves when it is told to. The same configuration and the same
// inputs give the same events, journals and state.
package simulate
