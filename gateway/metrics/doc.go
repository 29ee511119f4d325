// Package metrics measures the gateway for Prometheus.
package metrics
