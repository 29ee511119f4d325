package versions

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
)

// Reader tells what the brand.yaml of a bundle says, with the environment of
// this process. The error says what is wrong with it.
type Reader func(engine.Bundle) (Version, error)

// Versions carries out what people want done with a brand's versions. Safe for
// concurrent use.
type Versions struct {
	Store   engine.Store
	Clock   engine.Clock
	Writer  conversation.Writer
	Read    Reader
	Runtime engine.BotRuntime
}

// By is who does it, and why.
type By struct {
	Actor string // "agent:<id>", "token:<name>"; "" is "system"
	Note  string
}

const (
	maxNote = 500
	// maxHistory is how many changes are looked at.
	maxHistory = 1000
	maxListed  = 1000
)

// Push stores a version without making it active, and says whether it is new.
// A brand that does not exist is made, without an active version.
func (s *Versions) Push(ctx context.Context, b engine.Bundle, by By) (bool, error) {
	v, err := s.Read(b)
	if err != nil {
		return false, err
	}
	fresh := false
	err = s.Store.Update(ctx, func(tx engine.Tx) error {
		b.CreatedAt, b.Model = s.Clock(), v.Bundle.Model
		_, err := tx.Brands().Rev(b.Brand)
		if engine.CodeOf(err) == engine.NotFound {
			v.Brand.Version = ""
			err = tx.Brands().Save(v.Brand)
		}
		if err != nil {
			return err
		}
		_, err = tx.Bundles().Get(b.Brand, b.Hash)
		if fresh = engine.CodeOf(err) == engine.NotFound; !fresh {
			return err
		}
		if err := tx.Bundles().Add(b); err != nil {
			return err
		}
		return s.record(tx, b.Brand, b.Hash, engine.VersionPushed, 0, by)
	})
	return fresh && err == nil, err
}

// Activate makes a stored version the one that new conversations run, with its
// settings, channels and skills. It says whether that changed anything.
// Errors: Conflict when the version is held, Invalid when it cannot run.
func (s *Versions) Activate(ctx context.Context, brand, hash string, by By) (bool, error) {
	return s.activate(ctx, brand, hash, by, func(engine.Tx) error { return nil })
}

// Replace activates a version that was made of another one, from, as long as
// that one is still active. also is done in the same transaction: both happen, or
// none. Errors: those of Activate and of also, and Conflict when another version
// has become active.
func (s *Versions) Replace(ctx context.Context, brand, from, hash string, by By, also func(engine.Tx) error) error {
	_, err := s.activate(ctx, brand, hash, by, func(tx engine.Tx) error {
		if err := stillActive(tx, brand, from); err != nil {
			return err
		}
		return also(tx)
	})
	return err
}

// stillActive holds that nobody has activated another version meanwhile.
func stillActive(tx engine.Tx, brand, hash string) error {
	b, err := Keep(tx, brand)
	if err == nil && b.Version != hash {
		err = engine.Errorf(engine.Conflict, "Another version became active meanwhile.")
	}
	return err
}

// activate does first in the transaction that makes a version active.
func (s *Versions) activate(ctx context.Context, brand, hash string, by By, first func(engine.Tx) error) (bool, error) {
	v, err := s.version(ctx, brand, hash)
	if err != nil {
		return false, err
	}
	if err := s.runs(v.Bundle, v.Channels); err != nil {
		return false, err
	}
	changed := false
	err = s.Store.Update(ctx, func(tx engine.Tx) (err error) {
		if err := first(tx); err != nil {
			return err
		}
		changed, err = s.use(tx, v, engine.VersionActivated, by)
		return err
	})
	return changed && err == nil, err
}

// RollBack goes back to the last good version before the active one, which is
// held from now on, and gives the hash. Conflict when there is none.
func (s *Versions) RollBack(ctx context.Context, brand string, by By) (string, error) {
	var from, back string
	err := s.Store.View(ctx, func(tx engine.Tx) error {
		b, history, err := read(tx, brand)
		from, back = b.Version, LastGood(b, history)
		return err
	})
	if err != nil {
		return "", err
	}
	if back == "" {
		return "", engine.Errorf(engine.Conflict, "There is no earlier version to go back to.")
	}
	v, err := s.version(ctx, brand, back)
	if err != nil {
		return "", err
	}
	return back, s.Store.Update(ctx, func(tx engine.Tx) error {
		b, history, err := read(tx, brand)
		if err != nil {
			return err
		}
		if b.Version != from {
			return engine.Errorf(engine.Conflict, "Another version became active meanwhile.")
		}
		Hold(&b, from, cmp.Or(clip(by.Note), "it was rolled back"), history)
		if err := tx.Brands().Save(b); err != nil {
			return err
		}
		if _, err := Write(tx, s.Clock(), v); err != nil {
			return err
		}
		return s.record(tx, brand, back, engine.VersionRolledBack, 0, by)
	})
}

// Canary lets a share of new conversations, 1 to 99 percent, run a stored
// version. The settings stay those of the active one.
func (s *Versions) Canary(ctx context.Context, brand, hash string, share int, by By) error {
	if share < 1 || share > 99 {
		return engine.FieldError("share", "is not a number from 1 to 99")
	}
	var bundle engine.Bundle
	var channels []engine.Channel
	err := s.Store.View(ctx, func(tx engine.Tx) (err error) {
		if bundle, err = tx.Bundles().Get(brand, hash); err != nil {
			return err
		}
		channels, err = tx.Brands().Channels(brand)
		return err
	})
	if err != nil {
		return err
	}
	if err := s.runs(bundle, channels); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx engine.Tx) error {
		b, err := Keep(tx, brand)
		if err != nil {
			return err
		}
		why, held := b.Held[hash]
		switch {
		case held:
			return Held(why)
		case b.Version == "":
			return engine.Errorf(engine.Conflict, "No version is active that this one could be compared with.")
		case b.Version == hash:
			return engine.Errorf(engine.Conflict, "This version is active: all new conversations run it.")
		}
		b.Canary = engine.Canary{Version: hash, Share: share}
		if err := tx.Brands().Save(b); err != nil {
			return err
		}
		return s.record(tx, brand, hash, engine.VersionCanary, share, by)
	})
}

// StopCanary lets all new conversations run the active version again.
func (s *Versions) StopCanary(ctx context.Context, brand string, by By) error {
	return s.Store.Update(ctx, func(tx engine.Tx) error {
		b, err := Keep(tx, brand)
		if err != nil {
			return err
		}
		hash := b.Canary.Version
		if hash == "" {
			return engine.Errorf(engine.Conflict, "There is no canary.")
		}
		b.Canary = engine.Canary{}
		if err := tx.Brands().Save(b); err != nil {
			return err
		}
		return s.record(tx, brand, hash, engine.VersionStopped, 0, by)
	})
}

// Release allows a held version again. It does not make it active.
func (s *Versions) Release(ctx context.Context, brand, hash string, by By) error {
	return s.Store.Update(ctx, func(tx engine.Tx) error {
		b, err := Keep(tx, brand)
		if err != nil {
			return err
		}
		if _, held := b.Held[hash]; !held {
			return engine.Errorf(engine.Conflict, "This version is not held.")
		}
		delete(b.Held, hash)
		if err := tx.Brands().Save(b); err != nil {
			return err
		}
		return s.record(tx, brand, hash, engine.VersionReleased, 0, by)
	})
}

// Find gives the full hash of a stored version whose hash begins with prefix,
// which has 6 characters or more; "active" and "canary" name those.
func (s *Versions) Find(ctx context.Context, brand, prefix string) (hash string, err error) {
	err = s.Store.View(ctx, func(tx engine.Tx) error {
		b, err := tx.Brands().Get(brand)
		if err != nil {
			return err
		}
		switch prefix {
		case "active":
			hash = b.Version
		case "canary":
			hash = b.Canary.Version
		default:
			hash, err = find(tx, brand, prefix)
		}
		if err == nil && hash == "" {
			err = engine.Errorf(engine.NotFound, "There is no version %q.", clipTo(prefix, 64))
		}
		return err
	})
	return hash, err
}

const minPrefix = 6

func find(tx engine.Tx, brand, prefix string) (hash string, err error) {
	if _, err := tx.Bundles().Get(brand, prefix); engine.CodeOf(err) != engine.NotFound {
		return prefix, err
	}
	if len(prefix) < minPrefix {
		return "", engine.FieldError("version", "needs at least %d characters of the hash", minPrefix)
	}
	all, err := tx.Bundles().List(brand, maxListed)
	if err != nil {
		return "", err
	}
	for _, b := range all {
		switch {
		case !strings.HasPrefix(b.Hash, prefix):
		case hash != "":
			return "", engine.FieldError("version", "names more than one: %s and %s", Short(hash), Short(b.Hash))
		default:
			hash = b.Hash
		}
	}
	return hash, nil
}

// Short is a hash as people see it.
func Short(hash string) string { return hash[:min(12, len(hash))] }

func (s *Versions) version(ctx context.Context, brand, hash string) (v Version, err error) {
	err = s.Store.View(ctx, func(tx engine.Tx) error {
		v, err = Stored(tx, s.Read, brand, hash)
		return err
	})
	return v, err
}

// Stored reads what a stored bundle says. One that was stored before bundles
// held a brand.yaml takes the settings that are active.
func Stored(tx engine.Tx, read Reader, brand, hash string) (Version, error) {
	b, err := tx.Bundles().Get(brand, hash)
	if err != nil {
		return Version{}, err
	}
	if _, ok := b.Files["brand.yaml"]; !ok {
		e, err := catalog.Read(tx, brand)
		return Version{Brand: e.Brand, Channels: e.Channels, Skills: e.Skills, Bundle: b}, err
	}
	v, err := read(b)
	if err == nil && v.Brand.ID != brand {
		err = engine.FieldError("brand", "is another one: %q", v.Brand.ID)
	}
	v.Bundle = b
	return v, err
}

// runs refuses a version without the channels' bots, or whose scripts do not compile.
func (s *Versions) runs(b engine.Bundle, channels []engine.Channel) error {
	for _, ch := range channels {
		_, err := s.Runtime.Bot(b.Hash, ch.Bot, func() (engine.Bundle, error) { return b, nil })
		if err != nil {
			return engine.Errorf(engine.Invalid, "This version cannot answer on %s: %s", ch.ID, Said(err)).Because(err)
		}
	}
	return nil
}

// Said is the message of an error, ours too: authors may know what fails.
func Said(err error) string {
	var e *engine.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

func (s *Versions) record(tx engine.Tx, brand, hash string, kind engine.VersionChangeKind, share int, by By) error {
	return Record(tx, engine.VersionChange{
		Brand: brand, Version: hash, Kind: kind, Share: share, Actor: cmp.Or(by.Actor, "system"), Note: by.Note, At: s.Clock(),
	})
}

func clip(s string) string { return clipTo(strings.TrimSpace(s), maxNote) }

// clipTo cuts a text to n bytes of whole characters.
func clipTo(s string, n int) string {
	if len(s) <= n {
		return strings.ToValidUTF8(s, "�")
	}
	return strings.ToValidUTF8(s[:n], "")
}

// Keep gives a brand to an update that changes it, or decides on what was done with its
// versions: no other one does until this one has ended.
func Keep(tx engine.Tx, brand string) (engine.Brand, error) {
	if _, err := tx.Brands().Rev(brand); err != nil {
		return engine.Brand{}, err
	}
	return tx.Brands().Get(brand)
}

func read(tx engine.Tx, brand string) (engine.Brand, []engine.VersionChange, error) {
	b, err := Keep(tx, brand)
	if err != nil {
		return b, nil, err
	}
	history, err := History(tx, brand)
	return b, history, err
}

// History is what was done with the versions of a brand lately, newest first.
func History(tx engine.Tx, brand string) ([]engine.VersionChange, error) {
	return tx.VersionChanges().List(brand, maxHistory)
}

// LastGood is the newest version that was active before the active one and is
// not held; "" when there is none.
func LastGood(b engine.Brand, history []engine.VersionChange) string {
	for _, r := range history {
		if _, held := b.Held[r.Version]; held || r.Version == b.Version {
			continue
		}
		if r.Kind == engine.VersionActivated || r.Kind == engine.VersionRolledBack {
			return r.Version
		}
	}
	return ""
}

// maxHeld bounds the held versions of a brand.
const maxHeld = 100

// Hold keeps a version from becoming active by itself. The one that has not
// been in use for the longest time makes room.
func Hold(b *engine.Brand, hash, why string, history []engine.VersionChange) {
	if b.Held == nil {
		b.Held = map[string]string{}
	}
	b.Held[hash] = why
	seen := map[string]bool{hash: true}
	for _, r := range history {
		if len(seen) < maxHeld {
			seen[r.Version] = true
		}
	}
	for h := range b.Held {
		if len(b.Held) > maxHeld && !seen[h] {
			delete(b.Held, h)
		}
	}
}
