// Package phone is a page that plays a consumer's telephone on a fake provider, so that
// a channel can be tried by hand without an account.
package phone
