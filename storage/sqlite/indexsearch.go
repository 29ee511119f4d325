package sqlite

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"parley/engine"
	"parley/storage/folding"
	"parley/storage/relational"
	"parley/storage/sqlite/lite"
)

// searchTime is how long a search looks for a full page. What it has found by
// then is the page.
const searchTime = 2 * time.Second

// Search merges what each of the words gives, by conversation.
func (x *Index) Search(ctx context.Context, q engine.SearchQuery) (page engine.SearchPage, err error) {
	if len(folding.Query(q.Text)) == 0 || q.Limit < 1 {
		return page, nil
	}
	after := int64(maxConversation)
	if q.After != "" {
		if after, err = strconv.ParseInt(q.After, 36, 64); err != nil || after < 0 || after > maxConversation {
			return page, engine.FieldError("before", "is not the next of a page")
		}
	}
	s, err := free(ctx, x.searchers, x.closing, "search")
	if err == nil {
		page, err = s.search(ctx, q, after)
		x.searchers <- s
	}
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = engine.Errorf(engine.Unavailable, "The search takes too long. Write more of a word, or a rarer one.").Because(err)
	}
	return page, err
}

func (s *searcher) search(ctx context.Context, q engine.SearchQuery, after int64) (page engine.SearchPage, err error) {
	for _, c := range []*conn{s.index, s.store} {
		over, err := c.snapshot(ctx)
		if err != nil {
			return page, err
		}
		defer over()
	}
	allowed, err := s.allowed(q)
	if err != nil || allowed != nil && len(allowed) == 0 {
		return page, err
	}
	m, err := s.merge(ctx, q)
	if err != nil || m.streams == nil {
		return page, err
	}
	defer m.close()
	defer s.index.raw.Watch(ctx)()
	at := m.low + after
	for {
		if allowed != nil {
			n, any := below(allowed, at-m.low)
			if !any {
				return page, nil
			}
			at = m.low + n
		}
		found, ok, err := m.next(at)
		if err != nil {
			return page, s.index.Failed("search", err)
		}
		if !ok {
			return page, nil
		}
		at = found - 1
		n := found - m.low
		if m.late { // nothing is said of this one yet
			page.Next = strconv.FormatInt(n, 36)
			return page, nil
		}
		if allowed != nil {
			if next, _ := below(allowed, n); next != n {
				continue
			}
		}
		conv, known, err := relational.First(s.store.Query(`select `+relational.ConversationColumns+` from conversations where n = $1 and brand = $2`, n, q.Brand), relational.ConversationFields)
		if err != nil {
			return page, err
		}
		if !known || q.State != "" && conv.State != q.State {
			continue
		}
		page.Conversations = append(page.Conversations, conv)
		if len(page.Conversations) == q.Limit {
			page.Next = strconv.FormatInt(max(n-1, 0), 36)
			return page, nil
		}
	}
}

// merge prepares the streams of a query: none when there is nothing to find.
func (s *searcher) merge(ctx context.Context, q engine.SearchQuery) (merge, error) {
	brand, err := s.index.Number(`select n from brands where id = $1`, q.Brand)
	m := merge{low: document(brand, 0, 0) >> messageBits, end: time.Now().Add(searchTime)}
	if err != nil || brand == 0 {
		return m, err
	}
	for _, t := range folding.Query(q.Text) {
		m.streams = append(m.streams, &stream{raw: s.index.raw, match: t.Match(), low: document(brand, 0, 0)})
	}
	return m, nil
}

// allowed gives the conversations that the query's view holds, by number, when
// they are few: it is quicker to know them than to look at each that is found.
// nil is for all.
func (s *searcher) allowed(q engine.SearchQuery) ([]int64, error) {
	out := []int64{}
	if q.Among != nil {
		for _, id := range q.Among {
			n, err := relational.All(s.store.Query(`select n from conversations where id = $1 and brand = $2`, id, q.Brand), relational.Itself[int64])
			if err != nil {
				return nil, err
			}
			out = append(out, n...)
		}
		slices.Sort(out)
		return out, nil
	}
	if q.State != engine.Open && q.Owner == "" && q.Agent == "" {
		return nil, nil
	}
	for _, part := range relational.FilterParts(engine.ConversationFilter{Brand: q.Brand, State: q.State, Owner: q.Owner, Agent: q.Agent}) {
		w := relational.ConversationsWhere(part)
		found, err := relational.All(s.store.QueryLong(`select n from conversations where `+w.String(), w.Args...), relational.Itself[int64])
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	slices.Sort(out)
	return out, nil
}

// below gives the highest of the numbers that is at most n.
func below(sorted []int64, n int64) (int64, bool) {
	i, there := slices.BinarySearch(sorted, n)
	switch {
	case there:
		return n, true
	case i == 0:
		return 0, false
	}
	return sorted[i-1], true
}

// merge finds the conversations that all streams have.
type merge struct {
	streams []*stream
	low     int64
	end     time.Time
	late    bool // the time is over: what next gave is only where it came to
}

// next gives the highest conversation at most at, false when there is none.
func (m *merge) next(at int64) (int64, bool, error) {
	for {
		agreed := true
		for _, s := range m.streams {
			ok, err := s.to(at, m.end)
			if err != nil || !ok {
				return 0, false, err
			}
			if s.late {
				m.late = true
				return at, true, nil
			}
			if c := conversationOf(s.document); c < at {
				at, agreed = c, false
			}
		}
		if at < m.low {
			return 0, false, nil
		}
		if agreed {
			return at, true, nil
		}
	}
}

func (m *merge) close() {
	for _, s := range m.streams {
		if s.stmt != nil {
			s.stmt.Close()
		}
	}
}

// stream gives the documents of one term, the highest first. It has a statement
// of its own, because several are open at a time.
type stream struct {
	raw      *lite.Conn
	match    string
	low      int64
	stmt     *lite.Stmt
	document int64
	begun    bool
	over     bool
	late     bool
	read     int // rows so far
	reach    int // rows that it reads before it looks the place up instead
}

const findDocuments = `select rowid from documents where documents match ? and rowid <= ? and rowid >= ? order by rowid desc`

// minReach is how many rows cost about as much as a look-up.
const minReach = 256

// to goes to the first document of the conversation at, or of one below it;
// false when there is none.
func (s *stream) to(at int64, end time.Time) (bool, error) {
	if !s.begun {
		s.begun, s.reach = true, minReach
		if err := s.seek(at); err != nil {
			return false, err
		}
	}
	for read := 0; !s.over && conversationOf(s.document) > at; read++ {
		var err error
		if read == s.reach {
			read, s.reach = 0, 2*s.reach
			err = s.seek(at)
		} else {
			err = s.step()
		}
		if err != nil {
			return false, err
		}
		if read%minReach == 0 && time.Now().After(end) {
			s.late = true
			return true, nil
		}
	}
	return !s.over, nil
}

func (s *stream) seek(conversation int64) (err error) {
	if s.stmt == nil {
		if s.stmt, err = s.raw.Prepare(findDocuments); err != nil {
			return err
		}
	}
	s.stmt.Reset()
	if err := s.stmt.Bind([]any{s.match, conversation<<messageBits | maxSeq, s.low}); err != nil {
		return err
	}
	return s.step()
}

func (s *stream) step() error {
	row, err := s.stmt.Step()
	if !row {
		s.over = err == nil
		return err
	}
	s.document = s.stmt.Int(0)
	s.read++
	return nil
}
