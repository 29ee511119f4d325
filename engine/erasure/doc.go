// Package erasure forgets a consumer: what somebody wrote, was told and is known
// by goes, and what counts stays.
package erasure
