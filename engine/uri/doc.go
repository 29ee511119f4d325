// Package uri makes what people write as a web address the URI that goes over
// the wire (RFC 3986): letters of all languages, emoji and blanks are escaped,
// the host becomes what DNS knows it as (RFC 3987, UTS 46), and what is escaped
// already stays.
package uri
