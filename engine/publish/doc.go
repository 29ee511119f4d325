// Package publish makes a brand's new configuration and bundle the active
// ones. Sessions that wait stay on the bundle that they began with.
package publish
