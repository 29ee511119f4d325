package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"parley/engine"
	"parley/engine/erasure"
	"parley/gateway/app"
	"parley/gateway/office"
	"parley/storage/sqlite"
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

// withStore opens the data folder for one command. A folder without a database
// is a mistake in writing, not a place to make one.
func withStore(cmd *cobra.Command, p Process, fn func(context.Context, *sqlite.DB) error) (err error) {
	cfg, err := settings(cmd, p)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(cfg.Data, "parley.db")); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: there is no database in %s; parley makes one when it serves", errUsage, cfg.Data)
	}
	db, err := sqlite.Open(cmd.Context(), sqlite.Config{Dir: cfg.Data})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return fn(cmd.Context(), db)
}

// withOffice opens the data folder for one command, or asks the server that has it.
func withOffice(cmd *cobra.Command, p Process, fn func(context.Context, office.Office) error) error {
	err := withStore(cmd, p, func(ctx context.Context, db *sqlite.DB) error {
		return fn(ctx, office.Folder{Store: db, Clock: time.Now, Eraser: func(ctx context.Context) (erasure.Eraser, func() error, error) {
			index, err := sqlite.OpenIndex(ctx, db)
			if err != nil {
				return erasure.Eraser{}, nil, err
			}
			return app.NewEraser(db, index), index.Close, nil
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
	return fn(cmd.Context(), client)
}

// reading is withStore for commands that change nothing: a server may have the
// data folder meanwhile.
func reading(cmd *cobra.Command, p Process, fn func(context.Context, *sqlite.DB) error) (err error) {
	cfg, err := settings(cmd, p)
	if err != nil {
		return err
	}
	db, err := sqlite.OpenReadOnly(cmd.Context(), cfg.Data)
	if engine.CodeOf(err) == engine.NotFound {
		return fmt.Errorf("%w: %s", errUsage, engine.MessageOf(err))
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return fn(cmd.Context(), db)
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
			return withOffice(cmd, p, func(ctx context.Context, o office.Office) error {
				added, err := o.AddUser(ctx, u)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(p.Out, "%s signs in as %s with the password %s\n", added.Name, added.Email, added.Password)
				return err
			})
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
		RunE: func(cmd *cobra.Command, _ []string) error {
			return reading(cmd, p, func(ctx context.Context, db *sqlite.DB) error {
				t := tabwriter.NewWriter(p.Out, 0, 4, 2, ' ', 0)
				fmt.Fprintln(t, "BRAND\tEMAIL\tNAME\tROLE\tSKILLS\tLANGUAGES\tSLOTS\t")
				err := db.View(ctx, func(tx engine.Tx) error {
					brands, err := tx.Brands().List()
					if err != nil {
						return err
					}
					for _, b := range brands {
						users, err := tx.Users().List(b.ID)
						if err != nil {
							return err
						}
						for _, u := range users {
							state := ""
							if u.Disabled {
								state = "disabled"
							}
							fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%g\t%s\n",
								u.Brand, u.Email, u.Name, u.Role, skillsOf(u), strings.Join(u.Languages, ","), u.Slots, state)
						}
					}
					return nil
				})
				if err != nil {
					return err
				}
				return t.Flush()
			})
		},
	}
}

func userPassword(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "password EMAIL", Short: "Make a new password and print it", Args: oneArg("EMAIL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withOffice(cmd, p, func(ctx context.Context, o office.Office) error {
				made, err := o.NewPassword(ctx, args[0])
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(p.Out, "%s signs in with the password %s\n", made.Email, made.Password)
				return err
			})
		},
	}
}

func userDisable(p Process) *cobra.Command {
	var enable bool
	cmd := &cobra.Command{
		Use: "disable EMAIL", Short: "Refuse somebody from now on (--undo allows again)", Args: oneArg("EMAIL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withOffice(cmd, p, func(ctx context.Context, o office.Office) error {
				if err := o.Disable(ctx, args[0], !enable); err != nil {
					return err
				}
				said := "may not sign in any more"
				if enable {
					said = "may sign in again"
				}
				_, err := fmt.Fprintf(p.Out, "%s %s\n", strings.ToLower(args[0]), said)
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&enable, "undo", false, "allow again")
	return cmd
}

func backupCommand(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: "Write a consistent copy of the database to a new file", Args: oneArg("FILE"),
		Long: "Backup may run while a server uses the data folder. FILE must not exist.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return reading(cmd, p, func(ctx context.Context, db *sqlite.DB) error {
				if err := db.Backup(ctx, args[0]); err != nil {
					return err
				}
				_, err := fmt.Fprintf(p.Out, "The database is copied to %s.\n", args[0])
				return err
			})
		},
	}
}
