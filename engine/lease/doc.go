// Package lease lets one process at a time do what only one may do.
package lease
