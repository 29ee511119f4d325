// Package kernel runs one step of a bot by deterministic replay. A step makes a
// fresh sandboxed VM and runs the bot from line 1. Host calls consume the
// session's journal in order; the first one that nobody has answered yet makes
// an effect and goes on, or ends the step.
//
// What bots find in the VM are Modules: values that say what they export, and
// what each function is. A function gets its arguments as Args, takes part in
// the journal by Run.Immediate or Run.Suspending, and must depend on nothing
// else but its arguments, the bundle and the session's start.
package kernel
