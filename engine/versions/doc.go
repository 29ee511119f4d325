// Package versions decides which version of a brand's bots runs: what differs
// between two versions, which one a new conversation gets, what a version would
// do to the conversations that wait, and when one that fails is taken out.
package versions
