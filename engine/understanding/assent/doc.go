// Package assent reads whether a text says yes or no: by a small grammar over closed
// vocabularies of English, German, Spanish and French, not by a list of answers. A
// wrong yes is worse than a question asked again, so that everything that is not
// plainly one of them is neither.
//
// A text falls into clauses at its punctuation. The words of a clause are of these
// classes, which each language fills in a file of its own:
//
//   - A word that is an answer by itself: "yes", "no". What is said about the matter:
//     "right", "want", "wrong". What it is about: "a problem", "a doubt".
//   - A negation turns what stands behind it, or else what stands before it: "not
//     right", "passt nicht", "c'est pas bon", and by itself it is a no: "not now".
//     "No problem", "no doubt" and "why not" are a yes, and so is "I can't say no".
//   - An adverb such as "of course" is what the rest of its clause is: "of course not".
//   - A condition or a reservation makes the text unsure, wherever it stands: "only
//     if", "but", "na ja", "depende". So does a yes beside a no. A correction ("yes.
//     no wait, no") is therefore neither.
//   - A question is silent: "yes?", "what do you mean, yes".
//
// Behind a plain answer anything may follow that holds none of these: "Yes. I said no
// onions" is a yes. "yes" and "nein" begin an answer without a sign behind them, "no"
// only before a subject ("no I want three"), because "no" also belongs to nouns and,
// in Spanish, to verbs: "no funciona" says nothing. After "no, thanks" a friendly word
// is no yes: "no thanks, I'm fine".
//
// A text is read in the conversation's language first, then in the others.
package assent
