// Package desk serves agents: who they are, their lists, their conversations and
// their commands.
package desk
