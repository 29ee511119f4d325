package postgres_test

import (
	"testing"

	"parley/storage/postgres/postgrestest"
)

// BenchmarkFill is what the index takes for a document of a dozen words.
func BenchmarkFill(b *testing.B) {
	url := postgrestest.Open(b)
	db := openURL(b, url)
	x, raw := openIndex(b, db), connect(b, url)
	tell(b, db, 100, func(int) []string { return nil })
	settle(b, x)
	exec(b, raw, `insert into messages (id, brand, conversation, consumer, seq, author, author_id, author_name, note, content, heard, judged, state, failure, channel, provider_id, client_id, at, provider_at)
		select i, 'acme', 'c' || lpad((i % 100)::text, 5, '0'), 'p', i / 100 + 1, 'consumer', '', '', 0,
			'"What became of w' || i % 5003 || ' and of my order number ' || i || ' from last week?"', '', 0, '', '', '', '', '', 0, 0 from generate_series(0, $1::bigint - 1) i`, b.N)
	b.ResetTimer()
	settle(b, x)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "documents/s")
}
