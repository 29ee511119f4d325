// Package validate reads what a consumer wrote as a number, a date, a time, an
// e-mail address, a telephone number, an amount of money, or as yes or no, the
// way people write them in English, German, Spanish and French. It is pure: the
// same text and options give the same value.
package validate
