// Package bench measures the whole gateway: a fake provider, the real App and
// a file database in one process, over real HTTP on 127.0.0.1.
package bench
