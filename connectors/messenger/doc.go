// Package messenger connects a Facebook Page: what people write to it in Messenger.
package messenger
