// Package postgrestest gives tests a real PostgreSQL of their own. It is found on the
// machine, runs in a folder that is removed, listens on a socket in that folder only,
// and does not outlive the test's process, however that ends.
package postgrestest
