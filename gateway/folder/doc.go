// Package folder takes a brand in as a folder of files: it checks it, lets its operator
// consent to the variables that it names, makes it the active version, and does so
// again after each change.
package folder
