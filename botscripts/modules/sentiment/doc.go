// Package sentiment is what require "sentiment" gives: how a text and the conversation sound.
package sentiment
