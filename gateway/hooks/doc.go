// Package hooks takes the webhooks of providers.
package hooks
