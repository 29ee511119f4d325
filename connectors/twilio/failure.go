package twilio

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/connectors/exchange"
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
	for _, c := range []struct {
		class engine.SendClass
		words string
		codes []int
	}{
		{engine.SendRetry, "The carrier gave no reason.", []int{30008}},
		{engine.SendRetry, "The carrier's network is congested.", []int{30017}},
		{engine.SendRetry, "The carrier did not answer Twilio in time.", []int{30410}},
		{engine.SendRetry, "Twilio has a fault of its own.", []int{20500, 20503}},
		{engine.SendThrottle, "Too many requests to Twilio at once.", []int{20429}},
		{engine.SendThrottle, "This sender sends faster than its rate allows.", []int{14107, 30022}},
		{engine.SendThrottle, "Twilio's queue for this sender is full.", []int{21611, 30001}},
		{engine.SendOptedOut, "The consumer has opted out with STOP.", []int{21610}},
		{engine.SendGone, "The phone number is not valid.", []int{21211, 21214, 21217}},
		{engine.SendGone, "The number is a landline or cannot take text messages.", []int{21614, 30006}},
		{engine.SendGone, "The number cannot be reached from this sender.", []int{21612, 63003, 63024}},
		{engine.SendGone, "The phone is off or out of reach.", []int{30003}},
		{engine.SendGone, "The number is unknown or no longer in use.", []int{30005}},
		{engine.SendBlocked, "The number blocks messages from this sender.", []int{30004}},
		{engine.SendBlocked, "The carrier filtered the message.", []int{30007}},
		{engine.SendBlocked, "The toll-free sender is not verified.", []int{30032}},
		{engine.SendBlocked, "The sender is not registered for A2P 10DLC.", []int{30034}},
		{engine.SendQuota, "The sender's daily limit is used up.", []int{30023, 30027}},
		{engine.SendInvalid, "The message has no text and no media.", []int{21602}},
		{engine.SendInvalid, "The message has no recipient.", []int{21604}},
		{engine.SendInvalid, "The message is longer than 1600 characters.", []int{21617}},
		{engine.SendInvalid, "The sender's number does not belong to this account or cannot send.", []int{21606, 21659, 21660}},
		{engine.SendInvalid, "The account may not send to this region.", []int{21408}},
		{engine.SendInvalid, "Twilio cannot fetch the media or does not take its type.", []int{21620, 12300}},
		{engine.SendAuth, "Twilio does not accept the account's credentials.", []int{20003}},
		{engine.SendAuth, "Twilio does not know the account or sender.", []int{20404}},
		{engine.SendAuth, "The Twilio account is suspended or not active.", []int{20005, 30002}},
	} {
		if slices.Contains(c.codes, code) {
			return c.class, c.words, true
		}
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
	e.message = exchange.Words(e.message, secrets)
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

func codeString(code int) string {
	if code == 0 {
		return ""
	}
	return strconv.Itoa(code)
}
