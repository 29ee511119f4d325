package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/connectors"
	"parley/engine"
	"parley/engine/publish"
	"parley/engine/versions"
	"parley/gateway/signin"
	"parley/storage/sqlite"
)

// Problems are everything wrong with a brand folder, one a line.
type Problems []string

func (p Problems) Error() string {
	if len(p) == 1 {
		return "the brand folder has a problem"
	}
	return fmt.Sprintf("the brand folder has %d problems", len(p))
}

// Print writes the problems, one a line.
func (p Problems) Print(w io.Writer) {
	for _, line := range p {
		fmt.Fprintln(w, line)
	}
}

// CheckFolder reads a brand folder and checks it as far as it can be checked
// without running it. The error is Problems, or that there is no such folder.
func CheckFolder(dir string) (brandfolder.Brand, error) {
	b, problems, err := brandfolder.LoadDir(dir, os.LookupEnv)
	if err != nil {
		return b, err
	}
	return b, checked(b, b.Channels, problems)
}

// checked adds to what the folder's reader found what compiling finds and what
// the connectors say of the channels, filled or not.
func checked(b brandfolder.Brand, channels []engine.Channel, problems []brandfolder.Problem) error {
	var all Problems
	for _, p := range problems {
		all = append(all, p.String())
	}
	for _, p := range botscripts.New(botscripts.Config{}).Check(b.Bundle) {
		if line := p.String(); !slices.Contains(all, line) { // both read the texts
			all = append(all, line)
		}
	}
	kinds := connectors.Builtin(connectors.Config{HTTP: &http.Client{}}) // only looked at: nothing is sent
	for _, ch := range channels {
		for _, con := range kinds {
			checker, ok := con.(engine.ChannelChecker)
			if con.Kind() != ch.Kind || !ok {
				continue
			}
			if err := checker.CheckChannel(ch); err != nil {
				all = append(all, fmt.Sprintf("brand.yaml: channel %s: %s", ch.ID, wordsOf(err)))
			}
		}
	}
	if len(all) > 0 {
		return all
	}
	return nil
}

func wordsOf(err error) string {
	var e *engine.Error
	if errors.As(err, &e) && e.Field != "" {
		return e.Field + " " + e.Message
	}
	return engine.MessageOf(err)
}

// loadBrands pushes the brand folder that the settings name, or the bundled
// example into a store that has no other brand.
func (a *App) loadBrands(ctx context.Context) error {
	a.workers = append(a.workers, worker{"versions", a.warmAll})
	if a.opt.Folder != nil {
		_, err := a.publish(ctx, *a.opt.Folder, true)
		return err
	}
	if dir := a.opt.Config.Brand; dir != "" {
		a.loaded = fingerprint(dir)
		if err := a.push(ctx, dir, true); err != nil {
			var p Problems
			if errors.As(err, &p) {
				p.Print(a.opt.Out)
			}
			return err
		}
		a.workers = append(a.workers, worker{"brand folder", a.watch})
		return a.greetBrands(ctx)
	}
	own, err := a.brands(ctx)
	if err != nil {
		return err
	}
	if len(own) > 0 {
		return a.greetBrands(ctx)
	}
	b, err := a.bundled(ctx)
	if err != nil {
		return err
	}
	b.Brand.Example = true
	// One that is held was taken out by somebody who runs another version of it.
	if _, err := a.publish(ctx, b, true); err != nil && engine.CodeOf(err) != engine.Conflict {
		return err
	}
	made, err := exampleAgents(ctx, a.store, b)
	if err != nil {
		return err
	}
	a.banner(b, made)
	return nil
}

// doors are what the banner tells about a real brand.
type doors struct {
	brand    engine.Brand
	channels []engine.Channel
	people   int // who may sign in
}

// brands lists the real brands; the example is none.
func (a *App) brands(ctx context.Context) (out []doors, err error) {
	err = a.store.View(ctx, func(tx engine.Tx) error {
		all, err := tx.Brands().List()
		if err != nil {
			return err
		}
		for _, b := range all {
			if b.Example {
				continue
			}
			d := doors{brand: b}
			if d.channels, err = tx.Brands().Channels(b.ID); err != nil {
				return err
			}
			users, err := tx.Users().List(b.ID)
			if err != nil {
				return err
			}
			for _, u := range users {
				if !u.Disabled {
					d.people++
				}
			}
			out = append(out, d)
		}
		return nil
	})
	return out, err
}

func (a *App) greetBrands(ctx context.Context) error {
	list, err := a.brands(ctx)
	if err == nil {
		a.greet(list)
	}
	return err
}

// push reads a folder and makes it the brand's active version. One that is
// held, because it failed or was rolled back, does not become active by itself.
// At a start, the operator who names the folder may be asked.
func (a *App) push(ctx context.Context, dir string, start bool) error {
	b, problems, err := brandfolder.LoadDir(dir, brandfolder.Assumed)
	if err != nil {
		return err
	}
	if start && len(problems) == 0 {
		if err := Consent(ctx, a.vault, b, a.opt.Ask, a.opt.Out); err != nil {
			return err
		}
	}
	if b, err = Admitted(a.vault, b, problems, a.opt.Out); err != nil {
		return err
	}
	changed, err := a.publish(ctx, b, start)
	if engine.CodeOf(err) == engine.Conflict {
		a.log.Warn("the folder's version is held", "brand", b.Brand.ID, "bundle", versions.Short(b.Bundle.Hash))
		fmt.Fprintf(a.opt.Out, "%s The folder's version %s is not active.\n", engine.MessageOf(err), versions.Short(b.Bundle.Hash))
		return nil
	}
	if err == nil {
		a.log.Info("brand loaded", "brand", b.Brand.ID, "bundle", versions.Short(b.Bundle.Hash), "changed", changed)
	}
	return err
}

// publish makes a version active. While the process runs it is made ready first, and the one before answers meanwhile. At
// a start nothing waits for it but its own turns.
func (a *App) publish(ctx context.Context, b brandfolder.Brand, start bool) (bool, error) {
	if !start {
		a.warm(b.Bundle)
	}
	changed, err := publish.Apply(ctx, a.store, NewClock(), versionOf(b))
	a.catalog.Forget(b.Brand.ID)
	a.bus.Publish(engine.Signal{Topic: engine.TopicRouting, Brand: b.Brand.ID, Key: b.Brand.ID})
	return changed, err
}

// warm compiles and trains a version before consumers need it. What does not
// compile is told by the turn that runs it.
func (a *App) warm(b engine.Bundle) {
	if err := a.runtime.Warm(b); err != nil {
		a.log.Warn("a version does not compile", "brand", b.Brand, "bundle", versions.Short(b.Hash), "error", err)
	}
}

// warmAll is warm for the versions that consumers may get after a start.
func (a *App) warmAll(ctx context.Context) error {
	var ready []engine.Bundle
	err := a.store.View(ctx, func(tx engine.Tx) error {
		all, err := tx.Brands().List()
		if err != nil {
			return err
		}
		for _, b := range all {
			for _, hash := range []string{b.Bundle, b.Canary.Bundle} {
				bundle, err := tx.Bundles().Get(b.ID, hash)
				switch {
				case err == nil:
					ready = append(ready, bundle)
				case engine.CodeOf(err) != engine.NotFound:
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		a.log.Warn("the brands' versions were not compiled ahead", "error", err)
	}
	var group sync.WaitGroup
	for _, b := range ready {
		group.Go(func() { a.warm(b) }) // a brand that takes long holds up no other
	}
	group.Wait()
	<-ctx.Done()
	return nil
}

// signIn is what the banner prints of an example agent.
type signIn struct {
	name, email, role string
	password          string // "" when it was made at an earlier start
	since             time.Time
}

// exampleAgents makes the example's agents that do not exist yet, with random
// passwords. Only their hashes are kept.
func exampleAgents(ctx context.Context, store *sqlite.DB, b brandfolder.Brand) ([]signIn, error) {
	var out []signIn
	for _, agent := range b.Agents {
		s := signIn{name: agent.Name, email: agent.Email, role: string(agent.Role)}
		err := store.View(ctx, func(tx engine.Tx) error {
			u, err := tx.Users().ByEmail(agent.Email)
			s.since = u.CreatedAt
			return err
		})
		if engine.CodeOf(err) == engine.NotFound {
			s.password = signin.NewPassword()
			err = AddUser(ctx, store, engine.User{
				Brand: b.Brand.ID, Email: agent.Email, Name: agent.Name, Role: agent.Role,
				Skills: agent.Skills, Slots: agent.Slots, AutoAccept: agent.AutoAccept,
			}, s.password)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// AddUser makes a user with a password.
func AddUser(ctx context.Context, store engine.Store, u engine.User, password string) error {
	hash, err := signin.Hash(password)
	if err != nil {
		return err
	}
	now := NewClock()()
	u.ID, u.PasswordHash, u.CreatedAt = NewID(), hash, now
	u.Presence, u.PresenceSince = engine.Offline, now
	return store.Update(ctx, func(tx engine.Tx) error {
		if _, err := tx.Brands().Get(u.Brand); err != nil {
			return err
		}
		return tx.Users().Save(u)
	})
}
