// Package followup begins the conversations that bots planned for later.
package followup
