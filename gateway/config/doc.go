// Package config reads the gateway's settings: flags before environment before
// file before defaults, from one table that --help prints as well.
package config
