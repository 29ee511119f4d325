// Package faq is what require "faq" gives: answers out of the brand's FAQ.
package faq
