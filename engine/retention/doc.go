// Package retention removes what a brand no longer keeps: a little at a time, behind all other work.
package retention
