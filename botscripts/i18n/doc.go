// Package i18n holds the texts of a brand in its languages, and writes dates,
// numbers and money the way a language does.
//
// The texts of German are in i18n/de.yaml or in files below i18n/de/:
//
//	greeting: "Hallo {name}!"
//	order:                        # i18n.t "order.shipped"
//	  shipped: Unterwegs seit {day}.
//	cart:                         # i18n.t("cart", {count = n})
//	  zero: Ihr Korb ist leer.    # may be left out
//	  one: Ein Rad im Korb.
//	  other: "{count} Räder im Korb."
//
// {name} is a placeholder; {{ and }} stand for braces. A key whose parts are
// all plural forms (zero, one, two, few, many, other), other among them, is
// one text that depends on a count.
//
// What the package writes depends on its arguments only and on tables of its
// own: texts are part of what a session may replay a year later.
package i18n
