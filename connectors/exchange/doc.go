// Package exchange is what connectors share when they ask a provider over HTTP: whether
// a request that got no answer may have got through, and what of the provider's words
// people may see. It is no connector.
package exchange
