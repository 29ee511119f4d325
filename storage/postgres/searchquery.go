package postgres

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"parley/engine"
	"parley/storage/folding"
	"parley/storage/relational"
)

const (
	// fewFound is how many conversations are looked at one by one for a term, instead
	// of asking the index for all that have it.
	fewFound = 200
	// fewAllowed is up to how many conversations of a view are looked at, instead of
	// all that have the words.
	fewAllowed  = 2000
	mostAtOnce  = 512 // segments that are asked for at a time
	atLeastRead = 16  // rows of conversations
)

// Search goes through the segments, the newest first.
func (x *Index) Search(ctx context.Context, q engine.SearchQuery) (page engine.SearchPage, err error) {
	terms := folding.Query(q.Text)
	if len(terms) == 0 || q.Limit < 1 {
		return page, nil
	}
	after := int64(math.MaxInt64)
	if q.After != "" {
		if after, err = strconv.ParseInt(q.After, 36, 64); err != nil || after < 0 {
			return page, engine.FieldError("before", "is not the next of a page")
		}
	}
	pg, err := x.searching.Acquire(ctx)
	if err != nil {
		return page, searchFailed(ctx, engine.Errorf(engine.Unavailable, "The database cannot be reached.").Because(err))
	}
	s := searcher{ctx: ctx, q: q, terms: terms, at: after, end: time.Now().Add(searchTime)}
	s.c = x.db.session(pg.Conn().PgConn(), "begin isolation level repeatable read read only", true)
	s.c.facets.Ctx = ctx
	defer x.release(pg, s.c)
	err = s.search()
	return s.page, searchFailed(ctx, err)
}

// release gives a searcher's connection back.
func (x *Index) release(pg *pgxpool.Conn, c *session) {
	if c.begin == "" {
		ctx, cancel := context.WithTimeout(context.Background(), cancelTime)
		defer cancel()
		_, _ = pg.Exec(ctx, "rollback") // where it fails, the pool closes the connection
	}
	pg.Release()
}

// searcher is one search.
type searcher struct {
	ctx   context.Context
	c     *session
	q     engine.SearchQuery
	terms []folding.Term
	brand int64
	at    int64 // what is above it has been looked at
	end   time.Time
	page  engine.SearchPage
}

func (s *searcher) search() (err error) {
	if s.brand, err = s.c.facets.Number(`select n from search_brands where id = $1`, s.q.Brand); err != nil || s.brand == 0 {
		return err
	}
	allowed, few, err := s.allowed()
	if err != nil {
		return err
	}
	if few {
		return s.among(allowed)
	}
	segments, err := relational.All(s.c.facets.Query(`select segment from search_segments where brand = $1 and segment <= $2 order by segment desc`, s.brand, s.at>>segmentBits),
		relational.Itself[int64])
	if err != nil {
		return err
	}
	for size := 1; len(segments) > 0; {
		n := min(size, len(segments))
		found, err := s.in(s.terms[0], segments[:n], true)
		if err != nil {
			return err
		}
		if done, err := s.narrow(found); done || err != nil {
			return err
		}
		s.at = segments[n-1]<<segmentBits - 1
		segments = segments[n:]
		if size = min(2*size, mostAtOnce); len(found) > fewFound {
			size = 1
		}
	}
	return nil
}

// narrow leaves of conversations, the newest first, those that have the other terms,
// too, and reads them. It is done when the page is.
func (s *searcher) narrow(found []int64) (done bool, err error) {
	rest := s.terms[1:]
	for len(rest) > 0 && len(found) > fewFound { // many of both: the index knows both
		other, err := s.in(rest[0], segmentsOf(found), false)
		if err != nil {
			return false, err
		}
		found, rest = both(found, other), rest[1:]
	}
	return s.blocks(found, rest)
}

// among looks at the conversations of a view.
func (s *searcher) among(allowed []int64) error {
	_, err := s.blocks(allowed, s.terms)
	return err
}

// blocks looks at conversations one by one, some at a time.
func (s *searcher) blocks(found []int64, terms []folding.Term) (done bool, err error) {
	for block := range slices.Chunk(found, fewFound) {
		last := block[len(block)-1]
		for _, t := range terms {
			if block, err = s.having(t, block); err != nil {
				return false, err
			}
		}
		if done, err := s.read(block); done || err != nil {
			return done, err
		}
		if s.at = last - 1; time.Now().After(s.end) {
			s.page.Next = strconv.FormatInt(max(s.at, 0), 36)
			return true, nil
		}
	}
	if time.Now().After(s.end) {
		s.page.Next = strconv.FormatInt(max(s.at, 0), 36)
		return true, nil
	}
	return false, nil
}

// in gives the conversations of segments that have a term, the newest first; those of the
// query's view only, or all.
func (s *searcher) in(t folding.Term, segments []int64, viewed bool) ([]int64, error) {
	w := relational.NewWhere(`select f.n from (select distinct d.conversation as n from unnest(string_to_array(`, lines(segments, func(segment int64) string { return tsquery(t, s.brand, segment) }))
	w.Raw(`::text, chr(10))) as u(q), lateral (select conversation from search where tokens @@ u.q::tsquery and conversation <= `).Arg(s.at).Raw(` offset 0) as d) as f`)
	if viewed && (s.q.State != "" || s.q.Owner != "" || s.q.Agent != "") { // each is looked up; PostgreSQL thinks they are more, and would read all
		s.view(w.Raw(`, lateral (select from conversations where n = f.n`))
		w.Raw(` limit 1) as v`)
	}
	return relational.All(s.c.facets.Query(w.Raw(` order by f.n desc`).String(), w.Args...), relational.Itself[int64])
}

// having gives those of the conversations that have a term.
func (s *searcher) having(t folding.Term, conversations []int64) ([]int64, error) {
	if len(conversations) == 0 {
		return nil, nil
	}
	queries := lines(conversations, func(n int64) string { return tsquery(t, s.brand, n>>segmentBits) })
	return relational.All(s.c.facets.Query(`select u.n from unnest(string_to_array($1::text, chr(10))::bigint[], string_to_array($2::text, chr(10))) as u(n, q)
		, lateral (select from search s where s.conversation = u.n and s.tokens @@ u.q::tsquery limit 1) as v order by u.n desc`, lines(conversations, decimal), queries), relational.Itself[int64])
}

// read adds conversations to the page, and is done when it is full.
func (s *searcher) read(found []int64) (done bool, err error) {
	for len(found) > 0 {
		n := min(len(found), max(s.q.Limit-len(s.page.Conversations), atLeastRead))
		w := relational.NewWhere("brand = ", s.q.Brand)
		w.And("n = any(string_to_array(", lines(found[:n], decimal)).Raw("::text, chr(10))::bigint[])")
		s.view(w)
		type numbered struct {
			n int64
			engine.Conversation
		}
		rows, err := relational.All(s.c.facets.Query("select n, "+relational.ConversationColumns+" from conversations where "+w.String()+" order by n desc", w.Args...),
			func(v *numbered, to []any) []any {
				return relational.ConversationFields(&v.Conversation, append(to, &v.n))
			})
		if err != nil {
			return false, err
		}
		for _, r := range rows {
			s.page.Conversations = append(s.page.Conversations, r.Conversation)
			if len(s.page.Conversations) == s.q.Limit {
				s.page.Next = strconv.FormatInt(max(r.n-1, 0), 36)
				return true, nil
			}
		}
		found = found[n:]
	}
	return false, nil
}

// view narrows to what the query's view holds.
func (s *searcher) view(w *relational.Where) {
	switch s.q.State { // texts of ours, because indexes are of one state
	case "":
	case engine.Open:
		w.Raw(" and state = 'open'")
	default:
		w.And("state = ", string(s.q.State))
	}
	switch s.q.Owner {
	case "":
	case engine.OwnerAgent:
		w.Raw(" and owner = 'agent'")
	default:
		w.And("owner = ", string(s.q.Owner))
	}
	if s.q.Agent != "" {
		w.And("agent = ", s.q.Agent)
	}
	if s.q.Among != nil {
		w.And("id = any(string_to_array(", strings.Join(s.q.Among, "\n")).Raw("::text, chr(10)))")
	}
}

// allowed gives the conversations of the query's view, the newest first, when they are
// few: it is quicker to look at them than at each that has the words.
func (s *searcher) allowed() (found []int64, few bool, err error) {
	if s.q.Among == nil && s.q.State != engine.Open {
		return nil, false, nil
	}
	w := relational.NewWhere("brand = ", s.q.Brand)
	s.view(w)
	found, err = relational.All(s.c.facets.Query("select n from conversations where "+w.String()+" limit "+strconv.Itoa(fewAllowed+1), w.Args...), relational.Itself[int64])
	slices.SortFunc(found, func(a, b int64) int { return int(b - a) })
	found = slices.DeleteFunc(found, func(n int64) bool { return n > s.at })
	return found, len(found) <= fewAllowed || s.q.Among != nil, err
}

// lines are texts as one argument.
func lines(numbers []int64, text func(int64) string) string {
	out := make([]string, len(numbers))
	for i, n := range numbers {
		out[i] = text(n)
	}
	return strings.Join(out, "\n")
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// segmentsOf gives the segments of conversations.
func segmentsOf(conversations []int64) []int64 {
	var out []int64
	for _, n := range conversations {
		if segment := n >> segmentBits; len(out) == 0 || out[len(out)-1] != segment {
			out = append(out, segment)
		}
	}
	return out
}

// both gives what two lists have, which fall.
func both(a, b []int64) (out []int64) {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] > b[0]:
			a = a[1:]
		case a[0] < b[0]:
			b = b[1:]
		default:
			out, a, b = append(out, a[0]), a[1:], b[1:]
		}
	}
	return out
}
