// Package folding makes the tokens that texts are found by: what is written and
// what is searched for go through the same mill, so that neither case, accents,
// the form of the digits nor the way a number is grouped matters. It is pure.
package folding
