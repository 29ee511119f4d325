// Package sentiment estimates how content a consumer is, from one message and
// over a conversation, −1 … 1. It is a hint for priority and alerts and never
// decides alone. The lexicons (English, German, Spanish, French) are the
// project's own; a brand's own labels replace them when there are enough.
//
// A message's score by lexicon: each word or phrase that the lexicon knows has a
// weight w, −3 … 3, of the longest phrase at its place. Words that make stronger
// or weaker just before it multiply w. A negation up to four words before it
// (German and French: also two after it) makes a positive w −0.7w and a negative
// one −0.3w. In a question, an "if" up to six words before it leaves 0.3 of it.
// What stands before "but" counts half, what stands after it one and a half times. "Waiting two hours" and the like add −2 once, an emoji its
// weight once. With S the sum: several exclamation marks multiply S by 1.2, words
// in capitals by 1.3, and two question marks or more subtract 0.7 when S is not
// positive. The score is S / √(S² + 4); at or above 0.3 it is positive, at or below −0.3
// negative.
//
// A conversation's score is the mean of its consumer messages' scores, each with
// the weight k × 0.7ⁿ: n counts the messages after it, k is 2 for a negative, 1
// for a positive and 0.5 for a neutral message, whose score counts as 0. The mean
// begins with the first message that is not neutral: greetings do not soften it.
// Below −1/3 the conversation is negative, above 1/3 positive.
package sentiment
