// Package suggest finds the name that somebody probably meant who wrote another.
package suggest
