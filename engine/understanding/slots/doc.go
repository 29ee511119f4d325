// Package slots finds the values that a message holds: numbers, dates, times and
// lengths of time, e-mail addresses, telephone numbers, amounts of money, a brand's
// own reference numbers, choices among labels, and yes or no, as people write them in English,
// German, Spanish and French. It is pure: the clock and the zone are parameters,
// and its time grows with the length of the text alone.
//
// An expression is understood whole or not at all. What has several meanings gives
// them all to Read, the likeliest first; Find gives that one and says Assumed.
//
// These rules decide what convention settles, and the slot says Assumed where they had
// to:
//
//   - What is taken back is not meant, and what takes its place is: "friday, no wait,
//     saturday", "not 3 but 4". It has to say as much: "8 in the evening, sorry, 9" has
//     both meanings.
//   - A day or an hour without more lies ahead: "friday" is the first one after
//     today, "24.12." the next 24 December, "8 o'clock today" said at ten in the
//     morning is 20:00. Options.Past turns days without a year round, for birth
//     and purchase dates; words such as "last", "ago" and "since" always mean the past.
//   - "This friday" is today or the next one, "coming friday" the next one. "Next
//     friday" has two meanings when this week's Friday lies ahead, that one and the one
//     a week later; so has "last friday" when this week's lies behind. The same holds for
//     a weekend, "next march" and "next christmas". "Friday next week" is the one of the
//     week that begins on the coming Monday; weeks begin on Mondays.
//   - A weekday that contradicts its date is ambiguous ("Monday 24 December", which is a
//     Thursday), and so is "Friday the 14th" when the next 14th is none: that day, or the
//     next 14th that is a Friday.
//   - Beside a verb in the past a day has both meanings: "it arrived on monday".
//   - "Monday in two weeks" is the Monday of that week, or two weeks after the coming
//     one when that is another day. "A week on Tuesday", "Tuesday week" and "mardi en
//     huit" count from the coming Tuesday.
//   - "The last friday of march" without a year lies ahead. The first week of a month is
//     the first one from Monday to Sunday in it, the last week the last such one. "The
//     week of 4 October" is the week of that day; when it is a Sunday also the one after.
//   - A week, a month or a year is a date with that grain for Find, no day for Read, and
//     its days for a range. A distance in months or years is a day; as a range it is the
//     month that it leads to. Seasons, "the end of march" and such are not read.
//   - Days from one to another are a Range, never one of its ends: "from monday to
//     friday", "3–5 May", "until friday" (whose beginning is open), "after easter",
//     "within three days" (from today on), "the next three days" (from tomorrow on).
//     "Every friday" and "any day but friday" are no day.
//   - A day that does not suit is none ("monday is bad", "I'm busy on monday"; what
//     is said of it has to be an approval: "monday is fine"; the same holds for times), nor is one of
//     several ("every other friday", "un vendredi sur deux"), or one beside which another is
//     named that is not understood ("this week or the next").
//   - Working days are Monday to Friday without the public holidays of the country (those
//     that hold everywhere in it); German Werktage and French jours ouvrables have two
//     meanings where Saturdays matter. Holidays without a country are those of the
//     countries that speak the language; where these differ they are several meanings.
//   - "3/4" is March 4 in the United States, Canada and the Philippines, 3 April in other
//     countries and languages, and both in English without a country. "3.4." is always 3
//     April. A year of two digits is at most 20 years ahead; with Options.Past it lies behind.
//   - An hour said without morning or afternoon is a time of business: 7 to 12 as
//     it is, 1 to 6 in the afternoon; Other has the one twelve hours away. German,
//     Spanish and French times in digits with minutes ("5:30", "17.30 Uhr"), hours
//     with their word from 7 on ("9 Uhr", "8h") and "10:30" with two digits are on
//     the 24-hour clock. Of two hours the second follows the first: "at six or seven".
//   - A part of the day, before or after the hour, decides ("abends um 7"), and what
//     contradicts it is no time ("11 in the afternoon"). An hour of the night belongs
//     to the day after: "tonight at 3". A part of the day alone is no time.
//   - Midnight is the next one, and that of today ends it. Friday's begins or ends
//     Friday: two meanings. 24:00 ends its day, 0:00 begins it.
//   - "Around", "gegen" and the like change nothing. A bound ("after 6", "until 5")
//     and a range ("3 to 5", "nine to five") are no Time but Hours, and what is
//     denied ("not at 5", "um 5 geht es nicht") is nothing.
//   - A time zone that is said is the consumer's, or the time is not understood:
//     "3pm PT" in Berlin.
//   - A question for a moment takes an hour as the next such moment; when the other
//     half of the day comes sooner there are two ("at 8", said at ten in the morning).
//     Days counted from now are in the hour in which it is said: "in 7 days". Now is
//     this minute.
//   - A Duration is exact: "a couple of days", "2 or 3 weeks", "at least an hour"
//     and "every 2 weeks" are none. Years and months count months, everything else
//     seconds, a day of 24 hours. In running text "a day", "22 years" and a French
//     "5 heures" are none either. Nights are days in an answer: "three nights".
//   - A lone point or comma before exactly three digits groups thousands in the
//     languages that write it so; where it is the decimal sign, both are meant: "1.234"
//     in English. Spanish has a decimal point in Mexico and other countries that write
//     so. Elsewhere a lone sign is the decimal sign in every language. English digits
//     with plain blanks are one number when they cannot be two ("10 000").
//   - Scales, dozens and fractions belong to a number, in digits, in words and mixed: "3
//     hundred and one", "10k", "2 mil millones", "half a dozen", "2½", "dos millones y
//     medio". "A thousand and a half" is none. "5m" are 5 or 5 million, an English "5 l"
//     5 or 500,000; in an amount a letter is a scale ("$5m"). "A couple" is two, "a few
//     hundred" and "hundreds" are none. "3/4" is a number only as an answer to a question
//     for one. A share alone is one there too, but not a share of something.
//   - A per cent sign or word belongs to its number: "20 %" is 20. "Zu dritt" is 3, and
//     "none", "keine", "aucune" by themselves are 0. Articles are 1 only by themselves.
//   - "About" and the like change nothing. A comparison ("at least 3", "almost 5", "5 or
//     more"), a negation ("not 5", also elsewhere in the clause of an answer), a range
//     ("between 10 and 20", "10-20"), a part ("4 out of 5") and arithmetic make a number,
//     an ordinal or an amount nothing. So do words of numbers beside it that were not read
//     with it, hours, dates, streets, postcodes and telephones, and in an answer digits
//     that were not understood. "5 or 6" has two meanings. "Me and 2 friends" and "every
//     third" are none.
//   - Digits with letters are a code ("3B", "A123"), with a unit or a whole word a number
//     ("5kg", "5bikes"); three or more digits that begin with a zero are a code too. "Cero
//     ocho" is 8.
//   - A number in a name ("iPhone 15") or a saying ("one moment", "first of all", "100%
//     sure", "24/7") is none.
//   - A typing error is mended in an answer when one word of numbers alone is one error
//     away, its first letter is right, and its neighbour is a number or nothing else is said.
//   - "$" and other names of several currencies are the brand's or the country's when it
//     is among them; else the dollar, the pound, the franc, the yen and the rupee are the
//     best known ones, and a peso, a crown, a dinar, a rial, a dirham and a shilling have
//     several meanings. Adjectives decide: "dólares canadienses". A currency that is not
//     known is no amount, and never one in Options.Currency: "12 doubloons".
//   - A number without a currency is an amount in an answer only, when nothing follows that
//     says what it counts, and when no other number has a currency. Cents are in
//     Options.Currency, those that one currency alone has in it ("50p", "50 Rappen"). "12
//     euros 50" are 12.50, "12 euros 5" nothing. What several cost ("2 for $10", "$20 each
//     for 3 of us"), a correction that leaves out the currency ("20 euros, no, 30"), a price
//     of a measure ("3 €/kg"), less than a cent (".99 cents") and the number of an order
//     are none.
//   - An ordinal is no number and a number no ordinal. "The 1st of May", "second to last"
//     and "not the first" are none.
//   - A telephone number is one that its country can have. Without a country +, 00 and the
//     American 1-212-555-0123 say it; other national numbers are the digits that were
//     written, Assumed, and bots do not get them. One with an extension is none.
package slots
