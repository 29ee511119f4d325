package whatsapp

import (
	"time"

	"parley/connectors/graph"
	"parley/engine"
)

// reasons are the Cloud API's error codes, of refused requests and of failed messages
// alike. Where one class of ours would not fit:
//
//   - 131056 is a rate of one consumer alone. A throttle would hold the whole channel, so
//     it is a retry, which grows as Meta asks for.
//   - 131048 is a number that many have blocked or reported: it lasts for hours.
//   - 131050 is a stop of marketing alone, which Meta enforces; the consumer may write
//     and be answered, so it is no opt-out of ours.
//   - 131053 and 131052 are a file that Meta cannot fetch or does not take: the same
//     again would hold up the conversation for nothing.
//   - 33, 131031, 131037, 131042 and 131045 are about the account or the number, and so
//     about all sends until somebody puts it right.
func reasons() graph.Reasons {
	return graph.Reasons{
		{Class: engine.SendThrottle, Words: "This number sends faster than its rate allows.", Codes: []int{130429}},
		{Class: engine.SendRetry, Words: "Too many messages to this consumer in a short time.", Codes: []int{131056}},
		{Class: engine.SendRetry, Words: "WhatsApp has a fault of its own.", Codes: []int{131000, 131016}},
		{Class: engine.SendThrottle, Words: "The account is in maintenance.", Codes: []int{131057}, Wait: time.Minute},
		{Class: engine.SendThrottle, Words: "Too many attempts to register the number.", Codes: []int{133016}, Wait: time.Minute},
		{Class: engine.SendQuota, Words: "Many consumers have blocked or reported this number; WhatsApp takes fewer messages from it for a while.", Codes: []int{131048}},
		{Class: engine.SendWindow, Words: "The consumer has not written for 24 hours; only a template may be sent.", Codes: []int{131047}},
		{Class: engine.SendBlocked, Words: "WhatsApp does not deliver more marketing to this consumer for now.", Codes: []int{131049}},
		{Class: engine.SendBlocked, Words: "The consumer is part of an experiment of WhatsApp's and gets no marketing.", Codes: []int{130472}},
		{Class: engine.SendBlocked, Words: "The consumer has stopped this business's marketing messages.", Codes: []int{131050}},
		{Class: engine.SendBlocked, Words: "The number may not send to consumers of this country.", Codes: []int{130497}},
		{Class: engine.SendGone, Words: "The consumer cannot get the message: not on WhatsApp, an old app, or this number is blocked.", Codes: []int{131026}},
		{Class: engine.SendGone, Words: "The message is to the number itself.", Codes: []int{131021}},
		{Class: engine.SendGone, Words: "The consumer is not among the test number's allowed recipients.", Codes: []int{131030}},
		{Class: engine.SendInvalid, Words: "The template's values do not fit its places.", Codes: []int{132000}},
		{Class: engine.SendInvalid, Words: "There is no such template in this language, or it is not approved.", Codes: []int{132001}},
		{Class: engine.SendInvalid, Words: "The template with its values is too long.", Codes: []int{132005}},
		{Class: engine.SendInvalid, Words: "The template breaks a policy of WhatsApp's.", Codes: []int{132007}},
		{Class: engine.SendInvalid, Words: "A value of the template has the wrong form.", Codes: []int{132012, 132018}},
		{Class: engine.SendInvalid, Words: "The template is paused for its quality.", Codes: []int{132015}},
		{Class: engine.SendInvalid, Words: "The template was disabled for its quality.", Codes: []int{132016}},
		{Class: engine.SendInvalid, Words: "The template's flow does not work.", Codes: []int{132068, 132069}},
		{Class: engine.SendInvalid, Words: "A part of the message is missing.", Codes: []int{131008}},
		{Class: engine.SendInvalid, Words: "A part of the message is wrong.", Codes: []int{131009}},
		{Class: engine.SendInvalid, Words: "WhatsApp does not know this kind of message.", Codes: []int{131051}},
		{Class: engine.SendInvalid, Words: "WhatsApp cannot fetch the file or does not take its type.", Codes: []int{131052, 131053}},
		{Class: engine.SendAuth, Words: "The phone number was deleted at Meta.", Codes: []int{33}},
		{Class: engine.SendAuth, Words: "The access token lacks a permission.", Codes: []int{131005}},
		{Class: engine.SendAuth, Words: "The WhatsApp account is locked.", Codes: []int{131031}},
		{Class: engine.SendAuth, Words: "The number's display name is not approved.", Codes: []int{131037}},
		{Class: engine.SendAuth, Words: "The account has no valid way of payment.", Codes: []int{131042}},
		{Class: engine.SendAuth, Words: "The number is not registered with its certificate.", Codes: []int{131045, 133010}},
		{Class: engine.SendAuth, Words: "The account may not use this.", Codes: []int{134011}},
	}
}
