// Package storm runs a connector of Meta's in a whole engine, in virtual time, while
// everything fails that can: sends, their answers, webhooks, and the gateway that takes
// them. It finds what is lost, doubled, out of order, or told to be what it is not.
package storm
