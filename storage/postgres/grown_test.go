package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"parley/storage/folding"
)

// grown fills an empty database with $conversations, of which a tenth is open, as a brand
// has them after a while: two for each consumer, with three messages, five events and a
// session. A second brand has a hundredth as many.
func grown(t testing.TB, c *pgx.Conn, conversations int) {
	t.Helper()
	exec(t, c, `set session_replication_role = replica`) // no triggers: what they would make is made below
	exec(t, c, `set maintenance_work_mem = '512MB'`)
	exec(t, c, `create temporary table made as
		select i as n, 'c' || lpad(i::text, 8, '0') as id, case i % 100 when 0 then 'beta' else 'acme' end as brand, 'p' || i / 2 as consumer,
			'+1555' || lpad((i / 2)::text, 8, '0') || case i % 2 when 0 then '' else 'x' end as address, i > $1::bigint * 3 / 5 and i % 4 = 0 as open, i * 1000 as at
		from generate_series(1, $1::bigint) i`, conversations)
	exec(t, c, `drop index search_tokens`)
	for _, q := range []string{
		`insert into consumers (id, brand, name, language, attributes, created_at, changed)
			select consumer, min(brand), 'Visitor ' || consumer, '', '', min(at), 0 from made group by consumer`,
		`insert into identities (brand, kind, address, consumer) select brand, 'twilio', address, consumer from made on conflict do nothing`,
		`insert into conversations (n, id, brand, channel, kind, consumer, address, state, owner, agent, skill, priority, rev, language, ready, ready_at,
				last_inbox, last_seq, preview, preview_author, waiting_since, last_at, created_at, closed_at, extra, pulse, had_agent)
			select n, id, brand, brand || '.sms', 'twilio', consumer, address, case when open then 'open' else 'closed' end,
				case when not open then 'none' when n % 400 = 16 then 'agent' when n % 5 = 2 then 'queue' else 'bot' end, case when open and n % 400 = 16 then 'u' || n / 400 % 20 else '' end, 'care',
				0, 1, 'en', 0, 0, 3, 3, 'hello', 'consumer', 0, at, at, case when open then 0 else at + 500 end, '', '', 0 from made`,
		`insert into open_changes select brand, owner, agent, count(*) from conversations where state = 'open' group by 1, 2, 3`,
		`insert into open_changes select 'acme', 'bot', '', w from generate_series(1, 5000), unnest(array[1, -1]) w`, // since they were added up
		`insert into messages (id, brand, conversation, consumer, seq, author, author_id, author_name, note, content, heard, judged, state, failure, channel, provider_id, client_id, at, provider_at)
			select id || '-' || s, brand, id, consumer, s, (array['consumer', 'bot', 'consumer'])[s], '', '', 0, '"What became of my order ' || n || '?"', '', 0, '', '', brand || '.sms',
				'SM' || id || s, '', at + s, 0 from made, generate_series(1, 3) s`,
		`insert into events (seq, at, brand, conversation, kind, actor, data, version)
			select n * 5 + s, at + s, brand, id, (array['opened', 'message', 'owner', 'message', 'message'])[s + 1], 'consumer', '{"message":"' || id || '"}', 1 from made, generate_series(0, 4) s`,
		`insert into sessions (id, brand, conversation, bot, version, state, wait, seed, steps, start, created_at)
			select 's' || id, brand, id, 'concierge', 'v' || n * 20 / (select max(n) from made), case when open and n % 5 = 0 then 'waiting' else 'done' end, '', 0, 3, '', at from made`,
		`insert into outbox (id, brand, channel, conversation, kind, recipient, message, part, parts, content, session, step, request, state, active, head, gate, attempt, due_at,
				lease_until, tried_at, tries, lookups, denied_at, apart, provider_id, receipt, failure, created_at)
			select id || '-2.1', brand, brand || '.sms', id, 'message', address, id || '-2', 1, 1, '"Hello"', '', 0, '', 'sent', 0, 0, '', 1, at, 0, at, 1, 0, 0, 0, 'SM' || id, '', '', at from made`,
		`insert into queue (conversation, brand, skill, priority, entered_at, level, raised, language, agent, avoid, offered_to, offer_expires, agent_until, tried_at, returned_at)
			select id, brand, 'care', n % 3, at, 0, 0, 'en', '', '', case when n % 25 = 2 then 'u' || n / 100 % 20 else '' end, 0, 0, 0, 0 from made where open and n % 5 = 2 order by n desc limit 2500`,
		`insert into search_brands (id) values ('acme'), ('beta')`,
		`insert into search_segments select b.n, g from search_brands b, generate_series(0, (select max(n) from made) >> 12) g`,
		`insert into search select m.n, 0, array_to_tsvector(array(select b.n || '.' || (m.n >> 12) || '.' || t
			from unnest(array['visitor', 'isitor', 'sitor', m.consumer, substr(m.address, 2), substr(m.address, 6), substr(m.address, 9)]) t)) from made m join search_brands b on b.id = m.brand`,
		// words are as common as in a language: the first of 50,000 makes a tenth of all
		`insert into search select m.n, s, array_to_tsvector(array(select b.n || '.' || (m.n >> 12) || '.w' || floor(exp(random() * ln(50000)))::int
			from generate_series(1, 12) where m.n + s > 0)) from made m join search_brands b on b.id = m.brand, generate_series(1, 3) s`,
		`create index search_tokens on search using gin (tokens) with (fastupdate = off)`,
		`select setval(pg_get_serial_sequence('conversations', 'n'), (select max(n) from made))`,
	} {
		exec(t, c, q)
	}
	exec(t, c, `update search_state set version = $1`, folding.Version)
	exec(t, c, `drop table made`)
	exec(t, c, `vacuum analyze`)
	exec(t, c, `set session_replication_role = origin`)
}
