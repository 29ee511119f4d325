package signin

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"parley/engine"
	"parley/gateway/network"
)

// rate is a bucket's: so many tokens, and the time until one more is there.
type rate struct {
	burst int
	every time.Duration
}

const (
	// Failures of an account from one address.
	pairBurst, pairEvery = 5, 3 * time.Minute
	// Failures of an account from networks where nobody has signed in to it lately.
	accountBurst, accountEvery = 10, 30 * time.Second
	// Failures from one network, of whatever accounts.
	networkBurst, networkEvery = 20, time.Second

	knownFor = 30 * 24 * time.Hour
	// swept is how many marks that are over each attempt removes: more than it makes.
	swept = 20
)

// wait says how long until a token is there. full is when the bucket will be full again.
func (r rate) wait(full, now time.Time) time.Duration {
	return max(0, full.Sub(now)-time.Duration(r.burst-1)*r.every)
}

// attempt is one sign-in that is under way. It slows guessing, for all processes
// together: it is counted before the password is looked at, so that of many at once no
// more pass, and no more when it was right. An account that was signed in to from a
// network lately has a bucket of its own there: whoever guesses elsewhere does not keep
// its owner out.
type attempt struct {
	buckets  []bucket
	place    string
	familiar bool
}

// bucket is a mark in the store: when it will be full again.
type bucket struct {
	rate
	key, why string
	ends     bool // with a sign-in: its failures are forgotten
}

// mark is a key without what it is made of: nobody's address is kept.
func mark(kind string, of ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(of, "\x00")))
	return kind + " " + hex.EncodeToString(sum[:16])
}

// approach says what an attempt would be. Errors: RateLimited, which says when to try again.
func approach(tx engine.Tx, email, ip string, now time.Time) (attempt, error) {
	of := network.Of(ip)
	a := attempt{place: mark("signed in", email, of)}
	known, err := tx.Marks().Get(a.place)
	if err != nil {
		return a, err
	}
	account := bucket{rate{accountBurst, accountEvery}, mark("account", email), "Too many failed sign-ins.", false}
	if a.familiar = known.After(now); a.familiar {
		account.key = mark("account", email, of)
	} else {
		a.buckets = append(a.buckets, bucket{rate{networkBurst, networkEvery}, mark("network", of), "Too many failed sign-ins from your network.", false})
	}
	a.buckets = append(a.buckets, bucket{rate{pairBurst, pairEvery}, mark("pair", email, network.Host(ip)), "Too many failed sign-ins.", true}, account)
	_, err = a.full(tx, now)
	return a, err
}

// full gives when each bucket will be full, and an error when one has no token.
func (a attempt) full(tx engine.Tx, now time.Time) ([]time.Time, error) {
	all := make([]time.Time, len(a.buckets))
	for i, b := range a.buckets {
		full, err := tx.Marks().Get(b.key)
		if err != nil {
			return nil, err
		}
		all[i] = engine.Later(full, now)
		if wait := b.wait(all[i], now); wait > 0 {
			return nil, slow(wait, b.why)
		}
	}
	return all, nil
}

// begin counts the attempt. Errors: RateLimited.
func (a attempt) begin(tx engine.Tx, now time.Time) error {
	all, err := a.full(tx, now)
	for i, b := range a.buckets {
		if err == nil {
			err = tx.Marks().Set(b.key, all[i].Add(b.every))
		}
	}
	if err != nil {
		return err
	}
	_, err = tx.Marks().Expire(now, swept)
	return err
}

// succeed takes the count back and remembers where the account is at home.
func (a attempt) succeed(tx engine.Tx, now time.Time) error {
	for _, b := range a.buckets {
		full, err := tx.Marks().Get(b.key)
		if err != nil {
			return err
		}
		if full = full.Add(-b.every); b.ends || !full.After(now) {
			err = tx.Marks().Remove(b.key)
		} else {
			err = tx.Marks().Set(b.key, full)
		}
		if err != nil {
			return err
		}
	}
	return tx.Marks().Set(a.place, now.Add(knownFor))
}

// slow says in words how long to wait.
func slow(wait time.Duration, why string) error {
	when := "in a moment"
	switch {
	case wait > time.Minute:
		when = "in a few minutes"
	case wait > 10*time.Second:
		when = "in half a minute"
	}
	return engine.Errorf(engine.RateLimited, "%s Try again %s.", why, when).In(max(wait, time.Second))
}
