package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"parley/engine"
	"parley/engine/erasure"
	"parley/gateway/config"
	"parley/gateway/database"
	"parley/gateway/office"
)

func userCommand(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use: "user", Short: "Add, list and change the people who sign in",
		Long: "These commands work on the data folder, also while a server runs on it: then they ask that server.",
		Args: noArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(userAdd(p), userList(p), userPassword(p), userDisable(p))
	return cmd
}

// databaseOf is the database that the settings name.
func databaseOf(cfg config.Config) database.Config {
	return database.Config{Dir: cfg.Data, URL: cfg.DB}
}

// withStore opens the database for one command. A folder without one is a mistake in
// writing, not a place to make one.
func withStore(cmd *cobra.Command, p Process, fn func(context.Context, *database.Database) error) (err error) {
	cfg, err := settings(cmd, p)
	if err != nil {
		return err
	}
	if !database.Made(databaseOf(cfg)) {
		return fmt.Errorf("%w: there is no database in %s; parley makes one when it serves", errUsage, cfg.Data)
	}
	db, err := database.Open(cmd.Context(), databaseOf(cfg))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return fn(cmd.Context(), db)
}

// inOffice is the run of a command that opens the data folder, or asks the server
// that has it, and prints what was done.
func inOffice(p Process, fn func(ctx context.Context, o office.Office, args []string) (string, error)) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		do := func(o office.Office) error { return report(p.Out)(fn(cmd.Context(), o, args)) }
		err := withStore(cmd, p, func(_ context.Context, db *database.Database) error {
			return do(office.Folder{Store: db, Clock: time.Now, Eraser: func(ctx context.Context) (erasure.Eraser, func() error, error) {
				index, err := db.OpenIndex(ctx)
				if err != nil {
					return erasure.Eraser{}, nil, err
				}
				return db.Eraser(index), index.Close, nil
			}})
		})
		if engine.CodeOf(err) != engine.Unavailable {
			return err
		}
		cfg, serr := settings(cmd, p)
		if serr != nil {
			return serr
		}
		client, ferr := office.Find(cfg.Data)
		if ferr != nil {
			return engine.Errorf(engine.Unavailable, "%s, and %s", engine.MessageOf(err), engine.MessageOf(ferr)).Because(err)
		}
		return do(client)
	}
}

// reading is withStore for commands that change nothing: a server may have the
// data folder meanwhile.
func reading(cmd *cobra.Command, p Process, fn func(context.Context, engine.Store) error) (err error) {
	cfg, err := settings(cmd, p)
	if err != nil {
		return err
	}
	db, err := database.Read(cmd.Context(), databaseOf(cfg))
	if engine.CodeOf(err) == engine.NotFound {
		return fmt.Errorf("%w: %s", errUsage, engine.MessageOf(err))
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return fn(cmd.Context(), db)
}

// viewing is reading for what one look tells.
func viewing(cmd *cobra.Command, p Process, fn func(engine.Tx) error) error {
	return reading(cmd, p, func(ctx context.Context, db engine.Store) error { return db.View(ctx, fn) })
}

// listing is the run of a command that prints a table with rows of each brand.
func listing(p Process, heads string, rows func(w io.Writer, tx engine.Tx, brand string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		t := newTable(p.Out, heads)
		err := viewing(cmd, p, func(tx engine.Tx) error {
			brands, err := tx.Brands().List()
			for _, b := range brands {
				err = errors.Join(err, rows(t, tx, b.ID))
			}
			return err
		})
		if err != nil {
			return err
		}
		return t.Flush()
	}
}

// newTable begins a table with the heads of its columns.
func newTable(w io.Writer, heads string) *tabwriter.Writer {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, heads)
	return t
}

func userAdd(p Process) *cobra.Command {
	var u office.User
	var role, skills, languages string
	cmd := &cobra.Command{
		Use: "add EMAIL", Short: "Add somebody; prints a password for the first sign-in", Args: oneArg("EMAIL"),
		Example: "  parley user add ana@shop.example --brand-id shop --name \"Ana Lima\" --skills care:3,sales --languages en,de --slots 4",
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			u.Email, u.Role = strings.ToLower(args[0]), engine.Role(role)
			if u.Skills, u.Levels, err = parseSkills(skills); err != nil {
				return err
			}
			if u.Languages, err = parseLanguages(languages); err != nil {
				return err
			}
			return inOffice(p, func(ctx context.Context, o office.Office, _ []string) (string, error) {
				added, err := o.AddUser(ctx, u)
				return fmt.Sprintf("%s signs in as %s with the password %s", added.Name, added.Email, added.Password), err
			})(cmd, args)
		},
	}
	f := cmd.Flags()
	f.StringVar(&u.Brand, "brand-id", "", "brand (needed when there is more than one)")
	f.StringVar(&u.Name, "name", "", "name as consumers see it (default: the e-mail's first part)")
	f.StringVar(&role, "role", "agent", "agent, supervisor or admin")
	f.StringVar(&skills, "skills", "", "skills, separated by commas, with the level (1 to 10) as in care:3")
	f.StringVar(&languages, "languages", "", "languages, separated by commas (default: all)")
	f.Float64Var(&u.Slots, "slots", 3, "conversations at once")
	f.BoolVar(&u.AutoAccept, "auto-accept", false, "assign without asking")
	return cmd
}

func userList(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List everybody", Args: noArgs,
		RunE: listing(p, "BRAND\tEMAIL\tNAME\tROLE\tSKILLS\tLANGUAGES\tSLOTS\t", func(w io.Writer, tx engine.Tx, brand string) error {
			users, err := tx.Users().List(brand)
			for _, u := range users {
				state := ""
				if u.Disabled {
					state = "disabled"
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%g\t%s\n",
					u.Brand, u.Email, u.Name, u.Role, skillsOf(u), strings.Join(u.Languages, ","), u.Slots, state)
			}
			return err
		}),
	}
}

func userPassword(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "password EMAIL", Short: "Make a new password and print it", Args: oneArg("EMAIL"),
		RunE: inOffice(p, func(ctx context.Context, o office.Office, args []string) (string, error) {
			made, err := o.NewPassword(ctx, args[0])
			return fmt.Sprintf("%s signs in with the password %s", made.Email, made.Password), err
		}),
	}
}

func userDisable(p Process) *cobra.Command {
	var enable bool
	cmd := &cobra.Command{
		Use: "disable EMAIL", Short: "Refuse somebody from now on (--undo allows again)", Args: oneArg("EMAIL"),
		RunE: inOffice(p, func(ctx context.Context, o office.Office, args []string) (string, error) {
			said := " may not sign in any more"
			if enable {
				said = " may sign in again"
			}
			return strings.ToLower(args[0]) + said, o.Disable(ctx, args[0], !enable)
		}),
	}
	cmd.Flags().BoolVar(&enable, "undo", false, "allow again")
	return cmd
}

func backupCommand(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: "Write a consistent copy of the database to a new file", Args: oneArg("FILE"),
		Long: "Backup may run while a server uses the data folder. FILE must not exist.",
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := settings(cmd, p)
			if err != nil {
				return err
			}
			if err := database.Backup(cmd.Context(), databaseOf(cfg), args[0]); err != nil {
				if engine.CodeOf(err) == engine.NotFound {
					err = fmt.Errorf("%w: %s", errUsage, engine.MessageOf(err))
				}
				return err
			}
			_, err = fmt.Fprintf(p.Out, "The database is copied to %s.\n", args[0])
			return err
		},
	}
}
