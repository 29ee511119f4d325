package twilio

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/engine"
	"parley/engine/egress"
)

// codeClass maps Twilio's error codes, of refused requests and of failed
// messages alike. Where one class of ours would not fit:
//
//   - 20429, 14107 and 30022 are rates, so throttled. 21611 and 30001 are a full
//     queue of the sender, which drains over hours: throttled as well, with a wait of
//     its own, see fullQueue.
//   - 30003 (phone off or gone) counts as gone: by the time Twilio reports it,
//     the carrier has tried for hours.
//   - 30023 and 30027 are daily caps: quota.
//   - 21408 is a region that the account has not switched on: our request is
//     wrong until somebody changes the account's settings.
func codeClass(code int) (class engine.SendClass, words string, known bool) {
	switch code {
	case 30008:
		return engine.SendRetry, "The carrier gave no reason.", true
	case 30017:
		return engine.SendRetry, "The carrier's network is congested.", true
	case 30410:
		return engine.SendRetry, "The carrier did not answer Twilio in time.", true
	case 20500, 20503:
		return engine.SendRetry, "Twilio has a fault of its own.", true

	case 20429:
		return engine.SendThrottle, "Too many requests to Twilio at once.", true
	case 14107, 30022:
		return engine.SendThrottle, "This sender sends faster than its rate allows.", true
	case 21611, 30001:
		return engine.SendThrottle, "Twilio's queue for this sender is full.", true

	case 21610:
		return engine.SendOptedOut, "The consumer has opted out with STOP.", true

	case 21211, 21214, 21217:
		return engine.SendGone, "The phone number is not valid.", true
	case 21614, 30006:
		return engine.SendGone, "The number is a landline or cannot take text messages.", true
	case 21612, 63003, 63024:
		return engine.SendGone, "The number cannot be reached from this sender.", true
	case 30003:
		return engine.SendGone, "The phone is off or out of reach.", true
	case 30005:
		return engine.SendGone, "The number is unknown or no longer in use.", true

	case 30004:
		return engine.SendBlocked, "The number blocks messages from this sender.", true
	case 30007:
		return engine.SendBlocked, "The carrier filtered the message.", true
	case 30032:
		return engine.SendBlocked, "The toll-free sender is not verified.", true
	case 30034:
		return engine.SendBlocked, "The sender is not registered for A2P 10DLC.", true

	case 30023, 30027:
		return engine.SendQuota, "The sender's daily limit is used up.", true

	case 21602:
		return engine.SendInvalid, "The message has no text and no media.", true
	case 21604:
		return engine.SendInvalid, "The message has no recipient.", true
	case 21617:
		return engine.SendInvalid, "The message is longer than 1600 characters.", true
	case 21606, 21659, 21660:
		return engine.SendInvalid, "The sender's number does not belong to this account or cannot send.", true
	case 21408:
		return engine.SendInvalid, "The account may not send to this region.", true
	case 21620, 12300:
		return engine.SendInvalid, "Twilio cannot fetch the media or does not take its type.", true

	case 20003:
		return engine.SendAuth, "Twilio does not accept the account's credentials.", true
	case 20404:
		return engine.SendAuth, "Twilio does not know the account or sender.", true
	case 20005, 30002:
		return engine.SendAuth, "The Twilio account is suspended or not active.", true
	}
	return "", "", false
}

// statusClass maps an HTTP status for which the error code says nothing. A 5xx
// in Twilio's own words means that nothing was created; one of a proxy on the
// way, or of no readable form, says nothing about that.
func statusClass(status int, twilioSpoke bool) (engine.SendClass, string) {
	switch {
	case status == http.StatusTooManyRequests:
		return engine.SendThrottle, "Too many requests to Twilio at once."
	case status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusProxyAuthRequired:
		return engine.SendAuth, "Twilio does not accept the account's credentials."
	case status == http.StatusNotFound:
		return engine.SendAuth, "Twilio does not know the account or sender."
	case status == http.StatusRequestTimeout || status == http.StatusTooEarly:
		return engine.SendRetry, "Twilio did not take the request in time."
	case status >= 500 && twilioSpoke:
		return engine.SendRetry, "Twilio has a fault of its own."
	case status >= 300 && status < 400:
		return engine.SendInvalid, "The API address answers with a redirect; check api_base."
	case status >= 400 && status < 500:
		return engine.SendInvalid, "Twilio refused the request."
	}
	return engine.SendUnsure, "The answer does not say whether the message was sent."
}

const (
	defaultRetryAfter = time.Second
	maxRetryAfter     = 24 * time.Hour
	// fullQueue is how long a sender whose queue is full is left alone.
	fullQueue = 15 * time.Minute
	maxWords  = 300
)

// apiError is an answer other than 2xx.
type apiError struct {
	status  int
	code    int    // 0 when Twilio did not speak
	message string // Twilio's words, "" when it did not speak
	spoke   bool   // the body was a Twilio error
	header  http.Header
}

func (e *apiError) Error() string {
	return "twilio: status " + strconv.Itoa(e.status) + ", code " + strconv.Itoa(e.code)
}

// sendError classifies the answer and cuts the secrets out of Twilio's words.
func (e *apiError) sendError(now time.Time, secrets []string) *engine.SendError {
	e.message = redact(e.message, secrets)
	class, words, known := codeClass(e.code)
	if !known {
		class, words = statusClass(e.status, e.spoke)
		if e.message != "" {
			words = strings.TrimSuffix(words, ".") + ": " + e.message
		}
	}
	failure := &engine.SendError{Class: class, Code: codeString(e.code), Message: words, Cause: e}
	switch class {
	case engine.SendThrottle, engine.SendRetry, engine.SendQuota, engine.SendUnsure: // the last of a proxy that is down for a while
		failure.RetryAfter = egress.RetryAfter(e.header, now, maxRetryAfter)
	}
	if class == engine.SendThrottle && failure.RetryAfter == 0 {
		failure.RetryAfter = throttleWait(e.code)
	}
	return failure
}

// throttleWait is how long a sender waits that Twilio found too fast, when Twilio does not say.
func throttleWait(code int) time.Duration {
	if code == 21611 || code == 30001 {
		return fullQueue
	}
	return defaultRetryAfter
}

func redact(s string, secrets []string) string {
	for _, secret := range secrets {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, "***")
		}
	}
	s = clean(strings.TrimSpace(s))
	if len(s) > maxWords {
		s = strings.ToValidUTF8(s[:maxWords], "") + "…"
	}
	return s
}

func codeString(code int) string {
	if code == 0 {
		return ""
	}
	return strconv.Itoa(code)
}
