package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"parley/engine"
	"parley/storage/folding"
	"parley/storage/relational"
)

// Index finds conversations by names, addresses and texts. It is a database file
// beside the store's, made from it, and it follows the store behind the writer:
// a message is found a moment after it was written, and writing it costs nothing
// more. What is lost with the file is built again. It is safe for concurrent use.
//
// A document of the index is one message, or the names and addresses of one
// conversation. Its number holds the brand, the conversation and the message, so
// that the index gives conversations in their order, and those of one brand only.
type Index struct {
	db        *DB
	path      string
	searchers chan *searcher
	size      int // of searchers

	mu      sync.Mutex // held by whoever changes the index
	target  *conn
	source  *conn
	place   position
	brands  map[string]int64
	closed  bool
	closing chan struct{}
}

var _ engine.Searcher = (*Index)(nil)

// position is how far the index has followed the store's tables.
type position struct{ message, conversation, consumer int64 }

// The parts of a document's number.
const (
	messageBits      = 19
	conversationBits = 31
	maxSeq           = 1<<messageBits - 1 // later messages of one conversation are not found
	maxConversation  = 1<<conversationBits - 1
	maxBrand         = 1<<(63-messageBits-conversationBits) - 1
)

// document is the number of a message's document; seq 0 is the names'.
func document(brand, conversation, seq int64) int64 {
	return brand<<(messageBits+conversationBits) | conversation<<messageBits | seq
}

// conversationOf is the number without the message.
func conversationOf(document int64) int64 { return document >> messageBits }

// searchersAtOnce is how many searches run at a time; the others wait.
const searchersAtOnce = 2

// searcher is the connections of one search.
type searcher struct{ index, store *conn }

// indexTables make an empty index. Only which document has a token is kept, not
// where; and what is taken out is gone from the file. The beginnings of tokens
// are tokens, too: what begins with a longer one would have to be merged before
// the first of it is given.
var indexTables = [...]string{
	`create table made (store text not null, version integer not null) strict`,
	`create table place (message integer not null, conversation integer not null, consumer integer not null) strict`,
	`insert into place values (0, 0, 0)`,
	`create table brands (n integer primary key autoincrement, id text not null unique) strict`,
	// those that Forget takes out now
	`create table gone (document integer primary key) strict`,
	`create table names (document integer primary key, tokens text not null) strict`,
	`create virtual table documents using fts5 (tokens, content='', detail='none', columnsize=0, prefix='2 3 4 5 6 7 8 9 10', tokenize='ascii')`,
	`insert into documents (documents, rank) values ('secure-delete', 1)`,
}

// OpenIndex opens the index of a store that this process writes, and makes it
// when it is missing, damaged, or of another store. It is empty until it is
// filled: see Run. The caller closes it before the store.
func OpenIndex(_ context.Context, db *DB) (_ *Index, err error) {
	if db.writer == nil {
		return nil, engine.Errorf(engine.Unavailable, "the data is open for reading only")
	}
	x := &Index{db: db, path: filepath.Join(filepath.Dir(db.path), "parley-search.db"), searchers: make(chan *searcher, searchersAtOnce), closing: make(chan struct{})}
	defer func() {
		if err != nil {
			err = errors.Join(err, x.Close())
		}
	}()
	if x.source, err = x.reading(db.path, "cache_size(-2048)"); err != nil {
		return nil, err
	}
	if err := x.openTarget(); err != nil {
		return nil, err
	}
	if err := os.Chmod(x.path, 0o600); err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	for range searchersAtOnce {
		s := &searcher{}
		if s.index, err = x.reading(x.path, "cache_size(-8192)", "temp_store(memory)"); err != nil {
			return nil, err
		}
		if s.store, err = x.reading(db.path, "cache_size(-2048)"); err != nil {
			return nil, errors.Join(err, s.index.close())
		}
		x.searchers <- s
		x.size++
	}
	return x, nil
}

func (x *Index) reading(path string, settings ...string) (*conn, error) {
	c, err := connect(newSource(path, "ro", append([]string{"query_only(1)"}, settings...)...), true)
	if err != nil {
		return nil, fmt.Errorf("storage: open %s for searching: %w", path, err)
	}
	return c, nil
}

// openTarget opens the file, or a new one when what is there cannot be used.
func (x *Index) openTarget() error {
	if usable, err := x.tryTarget(false); usable || err != nil {
		return err
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(x.path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("storage: %w", err)
		}
	}
	_, err := x.tryTarget(true)
	return err
}

func (x *Index) tryTarget(create bool) (usable bool, err error) {
	if _, err := os.Stat(x.path); !create && err != nil {
		return false, nil
	}
	// Losing the last commits is no harm, so no commit waits for the disk.
	c, err := connect(newSource(x.path, "rwc", "journal_mode(wal)", "synchronous(normal)", "secure_delete(1)",
		"cache_size(-8192)", "wal_autocheckpoint(2000)", "journal_size_limit(16777216)", "temp_store(memory)"), false)
	if err != nil && !create {
		return false, nil // no database
	}
	if err != nil {
		return false, fmt.Errorf("storage: open %s: %w", x.path, err)
	}
	x.target = c
	if create {
		if err := x.transact(x.create); err != nil {
			return false, err
		}
	}
	if usable = x.load() == nil; !usable {
		x.target = nil
		return false, c.close()
	}
	return true, nil
}

// create makes the tables.
func (x *Index) create() error {
	for _, q := range indexTables {
		if err := x.target.Run(q); err != nil {
			return err
		}
	}
	of, err := x.store()
	if err != nil {
		return err
	}
	return x.target.Run(`insert into made (store, version) values ($1, $2)`, of, folding.Version)
}

// store is which store the source is.
func (x *Index) store() (string, error) {
	return relational.One(x.source.Query(`select id from store`), "store", relational.Itself[string])
}

// load reads where the index stands. It fails for an index of another store, of
// another version, or one that is ahead: the store came out of a backup.
func (x *Index) load() error {
	of, err := x.store()
	if err != nil {
		return err
	}
	made, err := relational.One(x.target.Query(`select store || ' ' || version from made`), "index", relational.Itself[string])
	if want := of + " " + strconv.Itoa(folding.Version); err != nil || made != want {
		return fmt.Errorf("storage: the index is of %s, not of %s: %w", made, want, err)
	}
	fields := func(p *position, to []any) []any { return append(to, &p.message, &p.conversation, &p.consumer) }
	if x.place, err = relational.One(x.target.Query(`select message, conversation, consumer from place`), "place", fields); err != nil {
		return err
	}
	end, err := relational.One(x.source.Query(`select (select coalesce(max(n), 0) from messages), (select coalesce(max(n), 0) from conversations),
		(select coalesce(max(changed), 0) from consumers)`), "end", fields)
	if err != nil {
		return err
	}
	given, err := relational.One(x.source.Query(`select coalesce(max(case when name = 'messages' then seq end), 0), coalesce(max(case when name = 'conversations' then seq end), 0), 0
		from sqlite_sequence`), "end", fields) // what was deleted since counts
	if err != nil {
		return err
	}
	if x.place.message > max(end.message, given.message) || x.place.conversation > max(end.conversation, given.conversation) || x.place.consumer > end.consumer {
		return fmt.Errorf("storage: the index is ahead of the store")
	}
	x.brands, err = relational.ByName[int64](x.target.Query(`select id, n from brands`))
	return err
}

// transact runs fn in a transaction of the index.
func (x *Index) transact(fn func() error) error {
	c := x.target
	c.broken = nil
	if err := c.control("begin immediate"); err != nil {
		return err
	}
	err := fn()
	if err == nil {
		err = c.control("commit")
	}
	if err != nil {
		_ = c.control("rollback") // fails when the database has rolled back already
	}
	return err
}

// brand is a brand's number in the index, which it gets when it is new.
func (x *Index) brand(id string) (int64, error) {
	if n, ok := x.brands[id]; ok {
		return n, nil
	}
	n, err := x.target.InsertSeq("brand", `insert into brands (id) values ($1)`, id)
	if err == nil && n > maxBrand {
		err = engine.Errorf(engine.TooLarge, "there are more than %d brands", maxBrand)
	}
	if err == nil {
		x.brands[id] = n
	}
	return n, err
}

// Check reads the whole index and says what is wrong with it.
func (x *Index) Check() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.target.Run(`insert into documents (documents) values ('integrity-check')`)
}

// Close frees the files, after the searches that run. Later calls fail with
// Unavailable.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil
	}
	x.closed = true
	close(x.closing)
	var errs []error
	for range x.size {
		s := <-x.searchers
		errs = append(errs, s.index.close(), s.store.close())
	}
	for _, c := range []*conn{x.source, x.target} {
		if c != nil {
			errs = append(errs, c.close())
		}
	}
	x.source, x.target = nil, nil
	return errors.Join(errs...)
}
