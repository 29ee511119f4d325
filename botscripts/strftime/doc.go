// Package strftime writes times by the conversions of C that bots need, in English.
package strftime
