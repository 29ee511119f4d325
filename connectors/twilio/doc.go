// Package twilio connects a Twilio phone number or messaging service: SMS, and
// MMS where the numbers have it.
package twilio
