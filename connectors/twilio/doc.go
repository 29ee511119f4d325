// Package twilio connects a Twilio phone number or messaging service: SMS, and
// MMS where the numbers have it.
//
// Settings of a channel: account_sid; the channel's address (E.164) or
// messaging_service_sid; mms ("true" where the sender may send media to US and
// Canadian numbers); api_key_sid for signing in with an API key instead of the
// auth token; api_base, Twilio's own when empty. Secrets: auth_token, which
// also signs webhooks; auth_token_old during a change of it; api_key_secret.
package twilio
