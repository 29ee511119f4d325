// Package language is what require "language" gives: in which of the brand's languages a text is.
package language
