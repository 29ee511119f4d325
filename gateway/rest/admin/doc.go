// Package admin serves a brand's admins: API tokens, channels, and the erasure of
// consumers.
package admin
