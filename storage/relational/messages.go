package relational

import (
	"encoding/json"
	"slices"

	"parley/engine"
)

type messages struct{ C *Conn }

const messageColumns = `id, brand, conversation, consumer, seq, author, author_id, author_name, note, content, heard, marks, state, failure, channel, provider_id, client_id, at, provider_at`

var addMessage = Insertion("messages", messageColumns, "judged", "0")

func messageFields(m *engine.Message, to []any) []any {
	return append(to,
		&m.ID, &m.Brand, &m.Conversation, &m.Consumer, &m.Seq, (*string)(&m.Author), &m.AuthorID, &m.AuthorName, &m.Note, Content{&m.Content},
		inJSON(&m.Heard), inJSON(&m.Marks), (*string)(&m.State), &m.Failure, &m.Channel, &m.ProviderID, &m.ClientID, &m.At, &m.ProviderAt,
	)
}

// Content is most often plain text, and that is most of what is written. It is
// stored as a JSON string instead of an object with one member, which halves the
// work on both sides.
type Content struct{ C *engine.Content }

func (x Content) write() (any, error) {
	if x.C.Plain() {
		return inJSON(&x.C.Text).write()
	}
	return inJSON(x.C).write()
}

func (x Content) read(r *Rows, i int) {
	if s := r.cursor.View(i); len(s) > 0 && s[0] == '"' {
		*x.C = engine.Content{}
		inJSON(&x.C.Text).read(r, i)
		return
	}
	inJSON(x.C).read(r, i)
}

// ReadContent reads a content as it is stored, for who reads rows in another way.
func ReadContent(stored string) (c engine.Content, err error) {
	switch {
	case stored == "":
	case stored[0] == '"':
		err = json.Unmarshal([]byte(stored), &c.Text)
	default:
		err = json.Unmarshal([]byte(stored), &c)
	}
	if err != nil {
		err = engine.Errorf(engine.Internal, "a stored content is broken").Because(err)
	}
	return c, err
}

func (f messages) Add(m engine.Message) error {
	return f.C.InsertLater("message", addMessage, messageFields(&m, f.C.list)...)
}

func (f messages) Get(brand, id string) (engine.Message, error) {
	return One(f.C.Query(`select `+messageColumns+` from messages where id = $1 and brand = $2`+Keep, id, brand), "message", messageFields)
}

func (f messages) ByProvider(channel, providerID string) (engine.Message, error) {
	return One(f.C.Query(`select `+messageColumns+` from messages where channel = $1 and provider_id = $2 and provider_id <> ''`, channel, providerID), "message", messageFields)
}

func (f messages) ByClient(conversation, clientID string) (engine.Message, error) {
	return One(f.C.Query(`select `+messageColumns+` from messages where conversation = $1 and client_id = $2 and client_id <> ''`, conversation, clientID), "message", messageFields)
}

func (f messages) List(brand, conversation string, after int64, limit int) ([]engine.Message, error) {
	return All(f.C.Query(`select `+messageColumns+` from messages where conversation = $1 and seq > $2 and brand = $3 order by seq limit $4`,
		conversation, after, brand, limit), messageFields)
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
			return nil, NotFound("message")
		}
	}
	ids, err := All(f.C.Query(`select id from conversations where consumer = $1 and brand = $2`, consumer, brand), Itself[string])
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
		return All(f.C.Query(`select `+messageColumns+` from messages where conversation = $1 order by seq desc limit $2`, conversation, limit), messageFields)
	}
	if conversation == bound.Conversation {
		return All(f.C.Query(`select `+messageColumns+` from messages where conversation = $1 and seq < $2 order by seq desc limit $3`,
			conversation, bound.Seq, limit), messageFields)
	}
	return All(f.C.Query(`select `+messageColumns+` from messages where conversation = $1 and (at < $2 or (at = $2 and conversation < $3)) order by seq desc limit $4`,
		conversation, bound.At, bound.Conversation, limit), messageFields)
}

func (f messages) Progress(brand, id string) (engine.Progress, error) {
	return One(f.C.Query(`select conversation, state, failure from messages where id = $1 and brand = $2`+Keep, id, brand), "message", func(p *engine.Progress, to []any) []any {
		return append(to, &p.Conversation, (*string)(&p.State), &p.Failure)
	})
}

func (f messages) Mark(brand, id string, m engine.MessageMarks) error {
	return f.C.ExecOneLater("message", `update messages set marks = $1 where id = $2 and brand = $3`, inJSON(&m), id, brand)
}

func (f messages) SetState(brand, id string, s engine.DeliveryState, failure string) error {
	return f.C.ExecOneLater("message", `update messages set state = $1, failure = $2 where id = $3 and brand = $4`, string(s), failure, id, brand)
}

func (f messages) Move(brand, id string, from, to engine.DeliveryState) error {
	return f.C.ExecOneInTime("message", `update messages set state = $1 where id = $2 and brand = $3 and state = $4 and failure = ''`, string(to), id, brand, string(from))
}
