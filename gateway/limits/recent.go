package limits

import (
	"container/list"
	"sync"
	"time"
)

// Recent keeps a time for each of the keys that were used last. Safe for concurrent use.
type Recent struct {
	size  int
	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of *used, the last used first
}

type used struct {
	key string
	at  time.Time
}

// NewRecent forgets the longest unused beyond size.
func NewRecent(size int) *Recent {
	return &Recent{size: size, byKey: map[string]*list.Element{}, order: list.New()}
}

// Change keeps what fn makes of the time, which is zero for none; zero forgets the key.
func (r *Recent) Change(key string, fn func(time.Time) time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	el := r.byKey[key]
	if el == nil {
		el = r.order.PushFront(&used{key: key})
		r.byKey[key] = el
	}
	r.order.MoveToFront(el)
	u := el.Value.(*used)
	if u.at = fn(u.at); u.at.IsZero() {
		r.drop(el)
	} else if r.order.Len() > r.size {
		r.drop(r.order.Back())
	}
}

func (r *Recent) drop(el *list.Element) {
	delete(r.byKey, el.Value.(*used).key)
	r.order.Remove(el)
}
