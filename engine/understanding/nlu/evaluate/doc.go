// Package evaluate measures how well texts are understood: accuracy, what a
// model rejects, which intents it confuses, how it takes misspelt words and
// whether its probabilities can be believed. Everything is pure and repeatable.
package evaluate
