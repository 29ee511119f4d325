package relational

import (
	"cmp"
	"slices"
	"time"

	"parley/engine"
)

type blobs struct{ C *Conn }

const (
	blobColumns = `id, brand, channel, conversation, message, place, owner, state, reason, source, kind, mime, name, size, sha256, width, height, preview, due_at, attempt, created_at`
	blobChange  = `channel = $3, conversation = $4, message = $5, place = $6, owner = $7, state = $8, reason = $9, source = $10, kind = $11, mime = $12, name = $13, size = $14,
		sha256 = $15, width = $16, height = $17, preview = $18, due_at = $19`
)

var addBlob = Insertion("blobs", blobColumns)

func blobFields(b *engine.Blob, to []any) []any {
	return append(to,
		&b.ID, &b.Brand, &b.Channel, &b.Conversation, &b.Message, &b.Place, &b.Owner, (*string)(&b.State), &b.Reason, inJSON(&b.Source), &b.Kind, &b.MIME, &b.Name, &b.Size,
		&b.SHA256, &b.Width, &b.Height, &b.Preview, &b.DueAt, &b.Attempt, &b.CreatedAt,
	)
}

func (f blobs) wake(b engine.Blob) {
	if !b.DueAt.IsZero() {
		f.C.Wake(engine.Signal{Topic: engine.TopicMedia})
	}
}

func (f blobs) Add(b engine.Blob) error {
	f.wake(b)
	return f.C.InsertLater("file", addBlob, blobFields(&b, f.C.list)...)
}

func (f blobs) Get(brand, id string) (engine.Blob, error) {
	return One(f.C.Query(`select `+blobColumns+` from blobs where id = $1 and brand = $2`+Keep, id, brand), "file", blobFields)
}

func (f blobs) Save(b engine.Blob) error {
	f.wake(b)
	args := blobFields(&b, f.C.list)
	return f.C.ExecOneInTime("file", `update blobs set `+blobChange+` where id = $1 and brand = $2 and attempt = $20`, args[:len(args)-1]...)
}

func (f blobs) Claim(now, until time.Time, limit int) ([]engine.Blob, error) {
	got, err := All(f.C.QueryChange(`update blobs set due_at = $1, attempt = attempt + 1
		where id in (select id from blobs where due_at > 0 and due_at <= $2 order by due_at, id limit $3`+Claim+`) returning `+blobColumns,
		until, now, limit), blobFields)
	slices.SortFunc(got, func(a, b engine.Blob) int { return cmp.Compare(a.ID, b.ID) })
	return got, err
}

func (f blobs) Next() (time.Time, error) {
	at, err := f.C.Number(`select due_at from blobs where due_at > 0 order by due_at limit 1`)
	return FromMS(at), err
}

func (f blobs) Of(brand, conversation string) ([]engine.Blob, error) {
	return All(f.C.Query(`select `+blobColumns+` from blobs where conversation = $1 and conversation <> '' and brand = $2 order by id`, conversation, brand), blobFields)
}

func (f blobs) Loose(brand, owner string) (int, int64, error) {
	type sum struct {
		count int
		size  int64
	}
	s, _, err := First(f.C.Query(`select count(*), coalesce(sum(size), 0) from blobs where brand = $1 and owner = $2 and conversation = '' and owner <> ''`, brand, owner),
		func(s *sum, to []any) []any { return append(to, &s.count, &s.size) })
	return s.count, s.size, err
}

func (f blobs) Remove(brand, id string) error {
	return f.C.ExecOne("file", `delete from blobs where id = $1 and brand = $2`, id, brand)
}

func (f blobs) Show(brand, message string, media []engine.Media) error {
	c, err := One(f.C.Query(`select content from messages where id = $1 and brand = $2`+Keep, message, brand), "message",
		func(c *engine.Content, to []any) []any { return append(to, Content{c}) })
	if err != nil {
		return err
	}
	c.Media = media
	return f.C.ExecOneLater("message", `update messages set content = $1 where id = $2 and brand = $3`, Content{&c}, message, brand)
}
