// Package lanes bounds how much of one kind of work each user has going on.
package lanes
