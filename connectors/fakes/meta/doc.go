// Package meta is a fake of Meta for tests: the Graph API with its checks, limits
// and errors, and the webhooks that follow, signed as Meta signs them. It fails as
// it is told to: answers that are late or lost, failures that only a webhook
// reports, reports that overtake the answer, webhooks twice, out of order and
// several in one.
package meta
