// Package choice finds out which of the choices that were offered a consumer means by an answer.
package choice
