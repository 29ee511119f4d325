// Package language tells in which of a brand's languages a short message is
// written. It knows English, German, Spanish, French, Italian, Portuguese, Dutch
// and Polish from texts of its own, and other languages by a script that only
// one of the candidates is written in. It is pure, and it says so when a message
// gives nothing to go by.
//
// A message's probability in a language is the product of its words'. A word's
// is half its share of the language's words, half that of its letters, each
// given the three before it (Witten-Bell interpolation of 1- to 4-grams). Words
// with diacritics were read without them, too, as who is in a hurry writes.
package language
