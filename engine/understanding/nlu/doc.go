// Package nlu understands short texts without any service: it classifies them
// into a brand's intents, says "none of these" when it does not know, and
// repairs misspelt words. Everything is trained from the brand's own examples,
// in pure Go, and is deterministic: the same examples give the same model.
//
// The classifier is a blend of one-vs-rest linear support vector machines and a
// softmax regression over word and character n-grams. Both are linear, so the
// blend is one matrix, kept as int8.
package nlu
