// Package connectortest is the harness that every connector is tested with. A
// connector brings two tables, of webhooks and of sends; the harness adds the
// cases that nobody should have to remember: wrong, missing and stale
// signatures, oversize and truncated bodies, unknown events, repeated
// parameters, secrets in errors or results, requests to other machines, and
// answers that nobody asked for.
package connectortest
