// Package limits bounds by key, of a user, a network or a brand: Lanes how much goes
// on at a time, Buckets how often something happens.
package limits
