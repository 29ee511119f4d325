// Package versions keeps the versions of a brand's folder: it stores, activates and
// takes back what people push, and decides which one a new conversation gets.
package versions
