// Package diff tells what differs between the files of two versions, by part of
// the folder and by line.
package diff
