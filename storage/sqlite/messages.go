package sqlite

import (
	"slices"

	"parley/engine"
)

type messages struct{ c *conn }

const messageColumns = `id, brand, conversation, consumer, seq, author, author_id, author_name, note, content, heard, state, failure, channel, provider_id, client_id, at, provider_at`

func scanMessage(r *rows) engine.Message {
	m := engine.Message{
		ID: r.text(0), Brand: r.text(1), Conversation: r.text(2), Consumer: r.text(3), Seq: r.int(4),
		Author: engine.Author(r.text(5)), AuthorID: r.text(6), AuthorName: r.text(7), Note: r.bool(8),
		State: engine.DeliveryState(r.text(11)), Failure: r.text(12), Channel: r.text(13),
		ProviderID: r.text(14), ClientID: r.text(15), At: r.time(16), ProviderAt: r.time(17),
	}
	if r.text(10) != "" {
		r.json(10, &m.Heard)
	}
	m.Content = readContent(r, 9)
	return m
}

// Most contents are plain text, and that is most of what is written. They are
// stored as a JSON string instead of an object with one member, which halves
// the work on both sides.

func writeContent(c engine.Content) (string, error) {
	if c.Media == nil && c.Location == nil && c.Cards == nil && c.Choices == nil && c.Picked == nil && c.Event == "" {
		if c.Text == "" {
			return "", nil
		}
		return encode(c.Text)
	}
	return encode(c)
}

func readContent(r *rows, i int) engine.Content {
	var c engine.Content
	if s := r.text(i); s != "" && s[0] == '"' {
		r.json(i, &c.Text)
	} else {
		r.json(i, &c)
	}
	return c
}

func (f messages) Add(m engine.Message) error {
	content, err := writeContent(m.Content)
	if err != nil {
		return err
	}
	heard, err := writeHeard(m.Heard)
	if err != nil {
		return err
	}
	return f.c.insert("message",
		`insert into messages (`+messageColumns+`, judged) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0) on conflict do nothing`,
		m.ID, m.Brand, m.Conversation, m.Consumer, m.Seq, string(m.Author), m.AuthorID, m.AuthorName, flag(m.Note), content, heard,
		string(m.State), m.Failure, m.Channel, m.ProviderID, m.ClientID, ms(m.At), ms(m.ProviderAt))
}

func (f messages) Get(brand, id string) (engine.Message, error) {
	return one(f.c.query(`select `+messageColumns+` from messages where id = $1 and brand = $2`, id, brand), "message", scanMessage)
}

func (f messages) ByProvider(channel, providerID string) (engine.Message, error) {
	return one(f.c.query(`select `+messageColumns+` from messages where channel = $1 and provider_id = $2 and provider_id <> ''`, channel, providerID), "message", scanMessage)
}

func (f messages) ByClient(conversation, clientID string) (engine.Message, error) {
	return one(f.c.query(`select `+messageColumns+` from messages where conversation = $1 and client_id = $2 and client_id <> ''`, conversation, clientID), "message", scanMessage)
}

func (f messages) List(brand, conversation string, after int64, limit int) ([]engine.Message, error) {
	return all(f.c.query(`select `+messageColumns+` from messages where conversation = $1 and seq > $2 and brand = $3 order by seq limit $4`,
		conversation, after, brand, int64(limit)), scanMessage)
}

// Thread reads the newest messages of each of the consumer's conversations and
// merges them, because an index over all messages by consumer would cost every
// insert. A consumer has few conversations; those that ended before the page
// starts give little.
func (f messages) Thread(brand, consumer, before string, limit int) ([]engine.Message, error) {
	var bound engine.Message
	if before != "" {
		var err error
		if bound, err = f.Get(brand, before); err != nil {
			return nil, err
		}
		if bound.Consumer != consumer {
			return nil, notFound("message")
		}
	}
	ids, err := all(f.c.query(`select id from conversations where consumer = $1 and brand = $2`, consumer, brand), func(r *rows) string { return r.text(0) })
	if err != nil {
		return nil, err
	}
	parts := make([][]engine.Message, 0, len(ids))
	for _, id := range ids {
		part, err := f.threadPart(id, bound, limit)
		if err != nil {
			return nil, err
		}
		if len(part) > 0 {
			parts = append(parts, part)
		}
	}
	return mergeThread(parts, limit), nil
}

// mergeThread merges lists of one conversation each, newest first. Within a
// conversation seq decides, across conversations the time.
func mergeThread(parts [][]engine.Message, limit int) []engine.Message {
	var page []engine.Message
	for len(page) < limit && len(parts) > 0 {
		newest := 0
		for i, p := range parts {
			if c := p[0].At.Compare(parts[newest][0].At); c > 0 || c == 0 && p[0].Conversation > parts[newest][0].Conversation {
				newest = i
			}
		}
		page = append(page, parts[newest][0])
		if parts[newest] = parts[newest][1:]; len(parts[newest]) == 0 {
			parts = slices.Delete(parts, newest, newest+1)
		}
	}
	return page
}

func (f messages) threadPart(conversation string, bound engine.Message, limit int) ([]engine.Message, error) {
	if bound.ID == "" {
		return all(f.c.query(`select `+messageColumns+` from messages where conversation = $1 order by seq desc limit $2`, conversation, int64(limit)), scanMessage)
	}
	if conversation == bound.Conversation {
		return all(f.c.query(`select `+messageColumns+` from messages where conversation = $1 and seq < $2 order by seq desc limit $3`,
			conversation, bound.Seq, int64(limit)), scanMessage)
	}
	return all(f.c.query(`select `+messageColumns+` from messages where conversation = $1 and (at < $2 or (at = $2 and conversation < $3)) order by seq desc limit $4`,
		conversation, ms(bound.At), bound.Conversation, int64(limit)), scanMessage)
}

func (f messages) Progress(brand, id string) (engine.Progress, error) {
	return one(f.c.query(`select conversation, state, failure from messages where id = $1 and brand = $2`, id, brand), "message", func(r *rows) engine.Progress {
		return engine.Progress{Conversation: r.text(0), State: engine.DeliveryState(r.text(1)), Failure: r.text(2)}
	})
}

func (f messages) SetState(brand, id string, s engine.DeliveryState, failure string) error {
	return f.c.execOne("message", `update messages set state = $1, failure = $2 where id = $3 and brand = $4`, string(s), failure, id, brand)
}
