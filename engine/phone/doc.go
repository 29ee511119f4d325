// Package phone reads telephone numbers by the tables of libphonenumber: their one
// spelling, the other spellings under which the same telephone is known, and the time
// zones in which they may ring.
package phone
