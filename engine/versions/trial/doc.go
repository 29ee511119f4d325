// Package trial says what a version would make of the conversations that wait in
// another one, before it becomes active: the blast radius.
package trial
