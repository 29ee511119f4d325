// Package said holds the words of what a person wrote, and the words that a
// language has for something: closed vocabularies, looked up forgivingly. Case,
// accents, stretched letters ("yesss") and one slip of the finger in a longer word
// make no difference.
package said
