package memory

import (
	"cmp"
	"slices"
	"time"

	"parley/engine"
)

type blobs struct{ *tx }

func (f blobs) wake(b engine.Blob) {
	if !b.DueAt.IsZero() {
		f.Wake(engine.Signal{Topic: engine.TopicMedia})
	}
}

func (f blobs) Add(b engine.Blob) error {
	f.wake(b)
	return f.blobs.add(f.tx, key{a: b.ID}, b, "file")
}

func (f blobs) look(brand, id string) *engine.Blob {
	if b := f.blobs.look(key{a: id}); b != nil && b.Brand == brand {
		return b
	}
	return nil
}

func (f blobs) Get(brand, id string) (engine.Blob, error) { return found(f.look(brand, id), "file") }

func (f blobs) Save(b engine.Blob) error {
	if old := f.look(b.Brand, b.ID); old == nil || old.Attempt != b.Attempt {
		return engine.Errorf(engine.Conflict, "the file has changed meanwhile")
	}
	f.wake(b)
	return f.blobs.put(f.tx, key{a: b.ID}, b)
}

func (f blobs) Claim(now, until time.Time, limit int) ([]engine.Blob, error) {
	if f.readOnly {
		return nil, errReadOnly
	}
	due := copies(pick(f.blobs.all(), func(b *engine.Blob) bool { return !b.DueAt.IsZero() && !b.DueAt.After(now) },
		func(a, b *engine.Blob) int { return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.ID, b.ID)) }), limit)
	for i := range due {
		due[i].DueAt, due[i].Attempt = until, due[i].Attempt+1
		if err := f.blobs.put(f.tx, key{a: due[i].ID}, due[i]); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(due, func(a, b engine.Blob) int { return cmp.Compare(a.ID, b.ID) })
	return due, nil
}

func (f blobs) Next() (next time.Time, _ error) {
	for b := range f.blobs.all() {
		if !b.DueAt.IsZero() {
			next = sooner(next, b.DueAt)
		}
	}
	return next, nil
}

func (f blobs) Of(brand, conversation string) ([]engine.Blob, error) {
	return copies(pick(f.blobs.all(), func(b *engine.Blob) bool {
		return conversation != "" && b.Conversation == conversation && b.Brand == brand
	}, nil), -1), nil
}

func (f blobs) Loose(brand, owner string) (count int, size int64, _ error) {
	for b := range f.blobs.all() {
		if owner != "" && b.Brand == brand && b.Owner == owner && b.Conversation == "" {
			count, size = count+1, size+b.Size
		}
	}
	return count, size, nil
}

func (f blobs) Remove(brand, id string) error {
	if f.look(brand, id) == nil {
		return missing("file")
	}
	return f.blobs.remove(f.tx, key{a: id}, "file")
}

func (f blobs) Show(brand, id string, media []engine.Media) error {
	return messages(f).change(brand, id, func(m *message) { m.Content.Media = media })
}

// gone has the files of a conversation removed.
func (f blobs) gone(conversation string) error {
	f.Wake(engine.Signal{Topic: engine.TopicMedia})
	return f.blobs.changeAll(f.tx, func(b *engine.Blob) bool { return b.Conversation == conversation }, func(b *engine.Blob) {
		b.State, b.Name, b.Source, b.Reason, b.DueAt, b.Attempt = engine.BlobGone, "", engine.Media{}, "", time.UnixMilli(1).UTC(), b.Attempt+1
	})
}
