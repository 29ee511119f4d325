// Package retention removes what a brand, or of the log the installation, no longer keeps: a little at a time, behind all other work.
package retention
