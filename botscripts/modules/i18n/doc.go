// Package i18n is what require "i18n" gives: texts, dates and numbers in the conversation's language.
package i18n
