package command

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/engine"
	"parley/engine/versions"
	"parley/engine/versions/trial"
	"parley/gateway/app"
	"parley/gateway/database"
)

// shelf is where the versions of brands are kept.
type shelf interface {
	Brands(ctx context.Context) ([]string, error)
	Overview(ctx context.Context, brand string, since time.Time, limit int) (versions.Overview, error)
	Find(ctx context.Context, brand, prefix string) (string, error)
	Bundle(ctx context.Context, brand, hash string) (engine.Bundle, error)
	Blast(ctx context.Context, b engine.Bundle, t trial.Options) (trial.Report, error)
	Push(ctx context.Context, b engine.Bundle, by versions.By) (bool, error)
	Activate(ctx context.Context, brand, hash string, by versions.By) (bool, error)
	RollBack(ctx context.Context, brand string, by versions.By) (string, error)
	Canary(ctx context.Context, brand, hash string, share int, by versions.By) error
	StopCanary(ctx context.Context, brand string, by versions.By) error
	Release(ctx context.Context, brand, hash string, by versions.By) error
	Move(ctx context.Context, brand, conversation string, choice versions.Choice, rev int64, by versions.By) (engine.Conversation, error)
	Faults(ctx context.Context, brand string, since time.Time, limit int) ([]engine.FaultGroup, error)
	Fault(ctx context.Context, brand, id string, limit int) (engine.FaultGroup, []string, error)
}

// onDisk is the shelf of a data folder that no server has open.
type onDisk struct{ *versions.Versions }

func (f onDisk) Blast(ctx context.Context, b engine.Bundle, o trial.Options) (trial.Report, error) {
	return trial.Run(ctx, f.Versions, b, o)
}

func (f onDisk) Brands(ctx context.Context) (ids []string, err error) {
	err = f.Store.View(ctx, func(tx engine.Tx) error {
		all, err := tx.Brands().List()
		for _, b := range all {
			ids = append(ids, b.ID)
		}
		return err
	})
	return ids, err
}

// withShelf opens the shelf that the command line names, for one command.
func withShelf(cmd *cobra.Command, p Process, fn func(context.Context, shelf) error) error {
	if remote(cmd) {
		return onServer(cmd, p, fn)
	}
	_, v, err := openVault(cmd, p)
	if err != nil {
		return err
	}
	err = withStore(cmd, p, func(ctx context.Context, db *database.Database) error {
		return fn(ctx, onDisk{app.Versions(db, v)})
	})
	if engine.CodeOf(err) == engine.Unavailable {
		return engine.Errorf(engine.Unavailable, "%s: stop the server that runs on it first", engine.MessageOf(err)).Because(err)
	}
	return err
}

// oneBrand gives the brand that was named, or the only one there is.
func oneBrand(ctx context.Context, s shelf, given string) (string, error) {
	all, err := s.Brands(ctx)
	if err != nil {
		return "", err
	}
	switch {
	case given == "" && len(all) == 1:
		return all[0], nil
	case given == "":
		return "", engine.FieldError("--brand-id", "is needed: there are %d brands", len(all))
	}
	if slices.Contains(all, given) {
		return given, nil
	}
	return "", engine.FieldError("--brand-id", "names no brand: %q (there are: %s)", given, strings.Join(all, ", "))
}

// onBrand is the run of a command that does something with the brand on the shelf
// that --brand-id names.
func onBrand(p Process, fn func(ctx context.Context, s shelf, brand string, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		return withShelf(cmd, p, func(ctx context.Context, s shelf) error {
			brand, err := oneBrand(ctx, s, cmd.Flags().Lookup("brand-id").Value.String())
			if err != nil {
				return err
			}
			return fn(ctx, s, brand, args)
		})
	}
}
