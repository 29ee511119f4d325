package engine

import "time"

// Lease says who does what only one process may do at a time.
type Lease struct {
	Name   string
	Holder string // a process; "" of one that was given back
	// Fence is 1 for the first holder and grows when somebody takes what had ended or
	// was given back. What is written under a lease is written only while its fence is
	// still this: who slept too long finds another one.
	Fence int64
	Until time.Time
}

// Taken says whether somebody has the lease at now, when it is asked for until then. One
// that lasts for more than twice as long was taken by a clock that has jumped since, and
// would keep everybody out until then.
func (l Lease) Taken(now, until time.Time) bool {
	return l.Holder != "" && l.Until.After(now) && !l.Until.After(until.Add(until.Sub(now)))
}

// Leases are given for a time.
type Leases interface {
	// Take gives the lease to the holder until then, unless another one has it at now
	// (Lease.Taken). It returns whose it is after that: the caller looks whether it is its own.
	Take(name, holder string, now, until time.Time) (Lease, error)
	Get(name string) (Lease, error)    // NotFound when nobody ever had it
	Release(name, holder string) error // nothing when it is another's
}

// Marks are times by key that all processes share, such as when somebody may try
// again. A mark that is over counts for nothing, and Expire removes it.
type Marks interface {
	Get(key string) (time.Time, error)            // zero when there is none, which in an update stays so
	Set(key string, until time.Time) error        // inserts or replaces
	Remove(key string) error                      // none is no error
	Expire(now time.Time, limit int) (int, error) // removes at most so many that are over, and says how many
}

// Keys are what all processes sign with. Who may read the store may read them.
type Keys interface {
	Get(name string) ([]byte, error)
	Add(name string, key []byte) error // Conflict when there is one: of two who make it, one has made it
}
