// Package person finds out whether somebody asks for a person, or whether they write
// with one. It reads the intent and not the word: "I want to talk to one of your
// agents" is a wish, however long the sentence; "the agent was rude", "my travel
// agent" and "a table for 1 person" mention somebody; "I don't want a human" is a
// refusal.
//
// A wish is one of these, in English, German, Spanish or French, about a noun for a
// person, which are the brand's own words in all their forms and built-in ones:
//
//   - Nothing but the noun and courtesies: "agent", "einen Mitarbeiter, bitte". The
//     plain word for a person needs to be the brand's, or a "real" one.
//   - A verb of getting through to somebody before the noun, or behind it: "talk to a
//     human", "mit einem Menschen sprechen", "someone I can speak to". Only articles
//     and the like stand between. Past forms are no such verbs.
//   - A verb of wanting right before it: "I need an agent". Nothing else follows.
//   - "Is there a human", "can a human help me", "could someone call me back", and
//     "transfer me" with nobody else named.
//   - That one does not want the bot: "I don't want to talk to a machine".
//
// A negation makes a refusal of it, but not where one complains: "why can't I talk to
// a human", "gibt es hier keinen Menschen". What somebody was told, "if" and "do I
// have to" are no wishes.
package person
