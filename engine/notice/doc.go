// Package notice tells agents what happened to their conversations and to
// themselves without them, so that they learn it whenever they look again.
package notice
