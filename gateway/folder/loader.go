package folder

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/botscripts/example"
	"parley/engine"
	"parley/engine/versions"
	"parley/gateway/secrets"
)

// Loader makes brand folders the versions that a running gateway's bots run.
type Loader struct {
	Store    engine.Store
	Versions *versions.Versions
	Runtime  *botscripts.Runtime
	Vault    *secrets.Vault
	Log      *slog.Logger
	Out      io.Writer // for people: problems of a folder
	// Ask asks a person at the terminal whether a brand may use variables; nil
	// when nobody is there.
	Ask func(brand string, refs []engine.Reference) bool
}

// Push reads a folder and makes it the brand's active version. One that is
// held, because it failed or was rolled back, does not become active by itself.
// At a start, the operator who names the folder may be asked.
func (l *Loader) Push(ctx context.Context, dir string, start bool) error {
	b, problems, err := BrandReader(brandfolder.Assumed).LoadDir(dir)
	if err != nil {
		return err
	}
	if start && len(problems) == 0 {
		if err := Consent(ctx, l.Vault, b, l.Ask, l.Out); err != nil {
			return err
		}
	}
	if b, err = Admitted(l.Vault, b, problems, l.Out); err != nil {
		return err
	}
	changed, err := l.Publish(ctx, b, start)
	if engine.CodeOf(err) == engine.Conflict {
		l.Log.Warn("the folder's version is held", "brand", b.Brand.ID, "bundle", versions.Short(b.Bundle.Hash))
		fmt.Fprintf(l.Out, "%s The folder's version %s is not active.\n", engine.MessageOf(err), versions.Short(b.Bundle.Hash))
		return nil
	}
	if err == nil {
		l.Log.Info("brand loaded", "brand", b.Brand.ID, "bundle", versions.Short(b.Bundle.Hash), "changed", changed)
	}
	return err
}

// Publish makes a version active. While the process runs it is made ready first, and the one before answers meanwhile. At
// a start nothing waits for it but its own turns.
func (l *Loader) Publish(ctx context.Context, b brandfolder.Brand, start bool) (bool, error) {
	if !start {
		l.warm(b.Bundle)
	}
	return l.Versions.Publish(ctx, versionOf(b), versions.By{})
}

// warm compiles and trains a version before consumers need it. What does not
// compile is told by the turn that runs it.
func (l *Loader) warm(b engine.Bundle) {
	if err := l.Runtime.Warm(b); err != nil {
		l.Log.Warn("a version does not compile", "brand", b.Brand, "bundle", versions.Short(b.Hash), "error", err)
	}
}

// WarmAll makes ready the versions that consumers may get after a start.
func (l *Loader) WarmAll(ctx context.Context) error {
	var ready []engine.Bundle
	err := l.Store.View(ctx, func(tx engine.Tx) error {
		all, err := tx.Brands().List()
		if err != nil {
			return err
		}
		for _, b := range all {
			for _, hash := range []string{b.Version, b.Canary.Version} {
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
		l.Log.Warn("the brands' versions were not compiled ahead", "error", err)
	}
	var group sync.WaitGroup
	for _, b := range ready {
		group.Go(func() { l.warm(b) }) // a brand that takes long holds up no other
	}
	group.Wait()
	<-ctx.Done()
	return nil
}

// Bundled is the example brand. Its folder is part of the program, and so are
// the variables that it names and the hosts that they go to.
func (l *Loader) Bundled(ctx context.Context) (brandfolder.Brand, error) {
	b, problems := BrandReader(brandfolder.Assumed).Load(example.FS())
	missing := l.Vault.Missing(b)
	if !l.Vault.Listed() && slices.ContainsFunc(missing, l.Vault.IsSet) {
		if err := l.Vault.Allow(ctx, missing); err != nil {
			return b, err
		}
	}
	return Admitted(l.Vault, b, problems, l.Out)
}
