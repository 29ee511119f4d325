// Package text is what require "text" gives: texts taken as characters and words.
package text
