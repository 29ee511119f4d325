package storagetest

import (
	"fmt"
	"testing"
	"time"

	"parley/engine"
)

func blob(id string) engine.Blob {
	return engine.Blob{ID: id, Brand: "acme", State: engine.BlobWaiting, DueAt: at(10), CreatedAt: at(1)}
}

func blobIDs(all []engine.Blob) string {
	return ids(all, func(b engine.Blob) string { return b.ID })
}

// testBlobs: what is written is read, of the brand alone; an old attempt has lost it.
func testBlobs(_ *testing.T, f fixture) {
	b := engine.Blob{
		ID: "b1", Brand: "acme", Channel: "acme.sms", Conversation: "c1", Message: "m1", Place: 2, Owner: "v_1", State: engine.BlobReady, Reason: "r",
		Source: engine.Media{Kind: "image", Ref: "ref"}, Kind: "image", MIME: "image/png", Name: "ä.png", Size: 1 << 40, SHA256: "ab", Width: 3, Height: 4, Preview: true,
		DueAt: at(5), CreatedAt: at(1),
	}
	get := func(t engine.Tx) (engine.Blob, error) { return t.Blobs().Get("acme", "b1") }
	f.missing(func(t engine.Tx) error { _, err := get(t); return err })
	f.update(func(t engine.Tx) error { return t.Blobs().Add(b) })
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Blobs().Add(b) })
	f.equal(read(f, get), b)
	f.missing(func(t engine.Tx) error { _, err := t.Blobs().Get("beta", "b1"); return err })
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Blobs().Remove("beta", "b1") })
	f.equal(len(read(f, func(t engine.Tx) ([]engine.Blob, error) { return t.Blobs().Of("beta", "c1") })), 0)
	f.equal(read(f, func(t engine.Tx) ([]engine.Blob, error) { return t.Blobs().Of("acme", "c1") }), []engine.Blob{b})

	b.State, b.DueAt, b.Source = engine.BlobRefused, time.Time{}, engine.Media{}
	f.update(func(t engine.Tx) error { return t.Blobs().Save(b) })
	f.equal(read(f, get), b)
	late, other := b, b
	late.Attempt, other.Brand = 1, "beta"
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Blobs().Save(late) })
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Blobs().Save(other) })
	f.update(func(t engine.Tx) error { return t.Blobs().Remove("acme", "b1") })
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Blobs().Remove("acme", "b1") })
}

// testBlobClaim: each is given once, the longest due first, and again when its time is over.
func testBlobClaim(_ *testing.T, f fixture) {
	next := func() string {
		return fmt.Sprint(read(f, func(t engine.Tx) (int64, error) { n, err := t.Blobs().Next(); return n.UnixMilli(), err }) - at(0).UnixMilli())
	}
	claim := func(now, until, limit int) (got []engine.Blob) {
		f.update(func(t engine.Tx) (err error) { got, err = t.Blobs().Claim(at(now), at(until), limit); return err })
		return got
	}
	f.equal(len(claim(99, 100, 9)), 0)
	first, second, never := blob("b1"), blob("b2"), blob("b3")
	first.DueAt, never.DueAt = at(20), time.Time{}
	f.update(func(t engine.Tx) error { return add([]engine.Blob{first, second, never}, t.Blobs().Add) })
	f.equal(next(), "10")
	f.equal(blobIDs(claim(9, 50, 9)), "[]")
	f.equal(blobIDs(claim(30, 50, 1)), "[b2]")
	f.equal(blobIDs(claim(30, 50, 9)), "[b1]")
	f.equal(blobIDs(claim(49, 60, 9)), "[]")
	got := claim(50, 60, 9)
	f.equal(blobIDs(got), "[b1 b2]")
	f.equal(got[0].Attempt, 2)
	f.equal(got[0].DueAt, at(60))
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Blobs().Save(first) }) // who had it before
	f.update(func(t engine.Tx) error { return t.Blobs().Save(got[0]) })
}

// testBlobClaimRace: two at once are not given the same.
func testBlobClaimRace(_ *testing.T, f fixture) {
	f.update(func(t engine.Tx) error {
		for i := range 20 {
			if err := t.Blobs().Add(blob(fmt.Sprintf("b%02d", i))); err != nil {
				return err
			}
		}
		return nil
	})
	got := make([][]engine.Blob, 4)
	for _, err := range concurrently(4, func(i int) error {
		return f.store.Update(f.t.Context(), func(t engine.Tx) (err error) {
			got[i], err = t.Blobs().Claim(at(10), at(99), 5)
			return err
		})
	}) {
		f.equal(err, nil)
	}
	seen := map[string]bool{}
	for _, some := range got {
		for _, b := range some {
			f.equal(seen[b.ID], false)
			seen[b.ID] = true
		}
	}
}

// testBlobLoose: what no message took counts for who uploaded it; messages show what became of theirs.
func testBlobLoose(_ *testing.T, f fixture) {
	one, two, taken, others := blob("b1"), blob("b2"), blob("b3"), blob("b4")
	one.Owner, one.Size, two.Owner, two.Size, taken.Owner, taken.Conversation, others.Owner = "v", 3, "v", 4, "v", "c1", "w"
	f.update(func(t engine.Tx) error { return add([]engine.Blob{one, two, taken, others}, t.Blobs().Add) })
	loose := func(brand, owner string) string {
		return read(f, func(t engine.Tx) (string, error) {
			n, size, err := t.Blobs().Loose(brand, owner)
			return fmt.Sprint(n, size), err
		})
	}
	f.equal([]string{loose("acme", "v"), loose("beta", "v"), loose("acme", "")}, []string{"2 7", "0 0", "0 0"})

	m := message("m1", "c1", 1)
	m.Content.Media = []engine.Media{{Kind: "image", Blob: "b3", State: engine.BlobWaiting}}
	f.update(func(t engine.Tx) error {
		if err := t.Conversations().Add(conversation("c1")); err != nil {
			return err
		}
		return t.Messages().Add(m)
	})
	m.Content.Media = []engine.Media{{Kind: "image", Blob: "b3", Size: 9, Preview: "yes"}}
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Blobs().Show("beta", "m1", m.Content.Media) })
	f.update(func(t engine.Tx) error { return t.Blobs().Show("acme", "m1", m.Content.Media) })
	f.equal(read(f, func(t engine.Tx) (engine.Message, error) { return t.Messages().Get("acme", "m1") }), m)
}
