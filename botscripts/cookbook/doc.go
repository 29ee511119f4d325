// Package cookbook holds brand folders with realistic bots and their tests, to
// learn from and to start from. What their sessions did is kept in testdata, so
// that a change of parley which would break waiting sessions is noticed.
package cookbook
