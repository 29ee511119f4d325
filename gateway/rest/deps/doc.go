// Package deps lists what the API works with.
package deps
