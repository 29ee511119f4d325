package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/spf13/cobra"

	"parley/engine"
	"parley/gateway"
	"parley/gateway/signin"
	"parley/storage"
)

func userCommand(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use: "user", Short: "Add, list and change the people who sign in",
		Long: "These commands open the data folder themselves: stop the server first.",
		Args: noArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(userAdd(p), userList(p), userPassword(p), userDisable(p))
	return cmd
}

// withStore opens the data folder for one command. A folder without a database
// is a mistake in writing, not a place to make one.
func withStore(cmd *cobra.Command, p Process, fn func(context.Context, *storage.DB) error) (err error) {
	cfg, err := settings(cmd, p)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(cfg.Data, "parley.db")); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: there is no database in %s; parley makes one when it serves", errUsage, cfg.Data)
	}
	db, err := storage.Open(cmd.Context(), storage.Config{Dir: cfg.Data})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return fn(cmd.Context(), db)
}

// reading is withStore for commands that change nothing: a server may have the
// data folder meanwhile.
func reading(cmd *cobra.Command, p Process, fn func(context.Context, *storage.DB) error) (err error) {
	cfg, err := settings(cmd, p)
	if err != nil {
		return err
	}
	db, err := storage.OpenReadOnly(cmd.Context(), cfg.Data)
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
	var u engine.User
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
			return withStore(cmd, p, func(ctx context.Context, db *storage.DB) error {
				if err := checkUser(ctx, db, &u); err != nil {
					return err
				}
				password := signin.NewPassword()
				if err := gateway.AddUser(ctx, db, u, password); err != nil {
					return err
				}
				_, err := fmt.Fprintf(p.Out, "%s signs in as %s with the password %s\n", u.Name, u.Email, password)
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

// Limits of what an operator may type.
const (
	maxEmail = 254 // what mail can carry
	maxName  = 80
	maxSlots = 100
)

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// checkUser completes a new user and refuses what the brand does not have.
func checkUser(ctx context.Context, store engine.Store, u *engine.User) error {
	local, domain, ok := strings.Cut(u.Email, "@")
	switch {
	case !ok || local == "" || domain == "" || len(u.Email) > maxEmail || strings.ContainsFunc(u.Email, unprintable) || strings.Contains(u.Email, " "):
		return engine.FieldError("EMAIL", "is not an e-mail address: %q", u.Email)
	case !u.Role.Allows(engine.RoleAgent):
		return engine.FieldError("--role", "is none of agent, supervisor and admin")
	case !(u.Slots > 0 && u.Slots <= maxSlots): // NaN is neither
		return engine.FieldError("--slots", "is not a number above 0, up to %d", maxSlots)
	case len(u.Name) > maxName || strings.ContainsFunc(u.Name, unprintable):
		return engine.FieldError("--name", "is longer than %d bytes or has characters that do not print", maxName)
	}
	if u.Name = strings.TrimSpace(u.Name); u.Name == "" {
		u.Name = local
	}
	return store.View(ctx, func(tx engine.Tx) error {
		if u.Brand == "" {
			brands, err := tx.Brands().List()
			if err != nil {
				return err
			}
			if len(brands) != 1 {
				return engine.FieldError("--brand-id", "is needed: there are %d brands", len(brands))
			}
			u.Brand = brands[0].ID
		}
		if _, err := tx.Brands().Get(u.Brand); err != nil {
			return engine.FieldError("--brand-id", "names no brand: %q", u.Brand)
		}
		known, err := tx.Brands().Skills(u.Brand)
		if err != nil {
			return err
		}
		for _, s := range u.Skills {
			if !slices.ContainsFunc(known, func(k engine.Skill) bool { return k.ID == s }) {
				return engine.FieldError("--skills", "names no skill of the brand: %q", s)
			}
		}
		return nil
	})
}

func userList(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List everybody", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return reading(cmd, p, func(ctx context.Context, db *storage.DB) error {
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
			password := signin.NewPassword()
			hash, err := signin.Hash(password)
			if err != nil {
				return err
			}
			return changeUser(cmd, p, args[0], func(u *engine.User) string {
				u.PasswordHash = hash
				return fmt.Sprintf("%s signs in with the password %s", u.Email, password)
			})
		},
	}
}

func userDisable(p Process) *cobra.Command {
	var enable bool
	cmd := &cobra.Command{
		Use: "disable EMAIL", Short: "Refuse somebody from now on (--undo allows again)", Args: oneArg("EMAIL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return changeUser(cmd, p, args[0], func(u *engine.User) string {
				u.Disabled = !enable
				if enable {
					return u.Email + " may sign in again"
				}
				return u.Email + " may not sign in any more"
			})
		},
	}
	cmd.Flags().BoolVar(&enable, "undo", false, "allow again")
	return cmd
}

func changeUser(cmd *cobra.Command, p Process, email string, change func(*engine.User) string) error {
	return withStore(cmd, p, func(ctx context.Context, db *storage.DB) error {
		said := ""
		err := db.Update(ctx, func(tx engine.Tx) error {
			u, err := tx.Users().ByEmail(strings.ToLower(email))
			if err != nil {
				return engine.Errorf(engine.NotFound, "There is nobody with the e-mail %s.", email)
			}
			said = change(&u)
			return tx.Users().Save(u)
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(p.Out, said)
		return err
	})
}

func backupCommand(p Process) *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: "Write a consistent copy of the database to a new file", Args: oneArg("FILE"),
		Long: "Backup may run while a server uses the data folder. FILE must not exist.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return reading(cmd, p, func(ctx context.Context, db *storage.DB) error {
				if err := db.Backup(ctx, args[0]); err != nil {
					return err
				}
				_, err := fmt.Fprintf(p.Out, "The database is copied to %s.\n", args[0])
				return err
			})
		},
	}
}
