// Package problem turns errors into HTTP answers, once, for every route.
package problem
