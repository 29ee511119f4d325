// Package sentiment estimates how content a consumer is, from one message and
// over a conversation, −1 … 1. It is a hint for priority and alerts and never
// decides alone. The lexicons (English, German, Spanish, French) are the
// project's own, but for some strong English words chosen from VADER's; a
// brand's own labels replace them when there are enough.
//
// A message's score by lexicon: each word or phrase that the lexicon knows has a
// weight w, −3 … 3, of the longest phrase at its place. Words that make stronger
// or weaker just before it multiply w. A negation up to four words before it
// (German and French: also two after it) makes a positive w −0.7w and a negative
// one −0.3w. After "would be" a positive w is −0.3w. In a question or a request
// 0.3 of w is left, and 0.2 with an "if" up to six words before it.
//
// Four kinds of phrases need no word that is good or bad in itself. What ought to
// happen ("answer", "arrive") weighs −1.6 when it is negated, and so does
// "nobody", both not in questions. What people say who have had enough ("how
// hard can it be") weighs −2 whatever is around it. A comparison near a limit
// ("never better", "could not be happier") weighs 2.
//
// What stands before "but" counts half, what stands after it one and a half
// times. "Waiting two hours" and the like add −2 once, an emoji or a smiley its
// weight once. Beside bad words of −1.2 or less together, 0.7 of the good ones
// counts and 0.2 of the thanks, which are often no more than manners. With S the
// sum: several exclamation marks multiply S by 1.2, words in capitals by 1.3, and
// two question marks or more subtract 0.7 when S is not positive. The score is
// S / √(S² + 4); at or above 0.3 it is positive, at or below −0.3 negative.
//
// A conversation's score is the mean of its consumer messages' scores, each with
// the weight k × 0.7ⁿ: n counts the messages after it, k is 2 for a negative, 1
// for a positive and 0.5 for a neutral message, whose score counts as 0. The mean
// begins with the first message that is not neutral: greetings do not soften it.
// Below −1/3 the conversation is negative, above 1/3 positive.
package sentiment
