// Package sandbox runs one hostile Lua script at a time inside this process and always gets it back: with a value, with an
// error, or stopped by a budget.
//
// It is gopher-lua with an allow-listed library ([Globals] lists what is kept, replaced and removed), its own pattern
// matcher, a pcall that keeps closures intact, deterministic iteration and formatting, and budgets for instructions,
// memory, string size, time and depth that no script can catch or escape. It knows nothing of conversations: the layer
// above registers host functions on [State.L].
//
// A [Chunk] is compiled once and shared freely. A [State] serves one activation, belongs to one goroutine and is thrown
// away afterwards.
package sandbox
