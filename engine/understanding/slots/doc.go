// Package slots finds the values that a message holds: numbers, dates and times,
// e-mail addresses, telephone numbers, amounts of money, a brand's own reference
// numbers, choices among labels, and yes or no, as people write them in English,
// German, Spanish and French. It is pure: the clock and the zone are parameters,
// and its time grows with the length of the text alone.
//
// Where a text may mean different things, these rules decide, and the slot says
// Assumed:
//
//   - A day or an hour without more lies ahead: "friday" is the first one after
//     today, "24.12." the next 24 December, "8 o'clock today" said at ten in the
//     morning is 20:00. Options.Past turns days without a year round, for birth
//     and purchase dates; words such as "last" and "ago" always mean the past.
//   - "Next friday" is "friday", and "friday next week" the one of the week that
//     begins on the coming Monday.
//   - An hour said without morning or afternoon is a time of business: 7 to 12 as
//     it is, 1 to 6 in the afternoon. German, Spanish and French times in digits
//     with minutes ("5:30", "17.30 Uhr") are on the 24-hour clock.
//   - "3/4" is March 4 in the United States, Canada and the Philippines and in
//     English without a country, else 3 April. "3.4." is always 3 April.
//   - A lone point or comma before exactly three digits groups thousands in the
//     languages that write it so; else it is the decimal sign.
package slots
