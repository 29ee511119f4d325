// Package sqlitetest gives tests stores on real files.
package sqlitetest
