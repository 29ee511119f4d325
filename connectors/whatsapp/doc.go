// Package whatsapp connects a phone number on WhatsApp by Meta's Cloud API.
package whatsapp
