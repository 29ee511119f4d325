package command

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/engine"
	"parley/gateway/database"
	mover "parley/storage/move"
)

func moveCommand(p Process) *cobra.Command {
	var from, to string
	var opt mover.Options
	cmd := &cobra.Command{
		Use: "move --from WHERE --to WHERE", Short: "Move everything into a PostgreSQL, or back into a data folder",
		Long: "Move copies all that a database holds into an empty one of the other kind, and compares both.\n" +
			"WHERE is a data folder or a postgres://… URL. No server may use either of them meanwhile. The source\n" +
			"stays as it is. A move that was cut off goes on when it is run again; until its end the target\n" +
			"cannot be served. Exit status: 0 when both hold the same, 1 when not.",
		Example: "  parley move --from /var/lib/parley --to postgres://parley@db.example/parley\n" +
			"  parley move --from postgres://parley@db.example/parley --to /var/lib/parley-back",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from == "" || to == "" {
				return fmt.Errorf("%w: name both --from and --to", errUsage)
			}
			began := time.Now()
			told := &moving{w: p.Err, now: time.Now, last: began}
			opt.Told = told.tell
			s, err := database.Move(cmd.Context(), whereOf(from), whereOf(to), opt)
			if cmd.Context().Err() != nil {
				return engine.Errorf(engine.Unavailable, "the move was cut off: run the same command again, and it goes on").Because(err)
			}
			if terr := printMoved(p.Out, s); terr != nil || err != nil {
				if err == nil {
					err = terr
				}
				return err
			}
			return printEnd(p.Out, s, time.Since(began), whereOf(to).URL)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "data folder or postgres://… URL that holds everything now")
	cmd.Flags().StringVar(&to, "to", "", "data folder or postgres://… URL that is empty")
	cmd.Flags().BoolVar(&opt.Restart, "restart", false, "begin anew a move that was cut off")
	return cmd
}

// whereOf is the database that a text names.
func whereOf(text string) database.Config {
	if strings.HasPrefix(text, "postgres://") || strings.HasPrefix(text, "postgresql://") {
		return database.Config{URL: text}
	}
	return database.Config{Dir: text}
}

// moving tells how far a move has come, about once a second.
type moving struct {
	w    io.Writer
	now  func() time.Time
	last time.Time // when it was told
	went int64     // rows since then, of whatever table
	at   mover.Progress
}

func (m *moving) tell(p mover.Progress) {
	if p.Table == m.at.Table && p.Compared == m.at.Compared {
		m.went += p.Rows - m.at.Rows
	}
	m.at = p
	now := m.now()
	since := now.Sub(m.last)
	if since < time.Second {
		return
	}
	doing := ""
	if p.Compared {
		doing = "comparing "
	}
	fmt.Fprintf(m.w, "%s%s: %d of %d rows, %.0f rows/s\n", doing, p.Table, p.Rows, p.Of, float64(m.went)/since.Seconds())
	m.last, m.went = now, 0
}

// printMoved prints what both hold, of each table that has rows.
func printMoved(w io.Writer, s mover.Summary) error {
	if len(s.Tables) == 0 {
		return nil
	}
	t := newTable(w, "TABLE\tROWS\tCHECKSUM\t")
	for _, c := range s.Tables {
		switch {
		case c.From != c.To:
			fmt.Fprintf(t, "%s\t%d\t%016x\tdiffers: %d rows, %016x in the target\n", c.Table, c.From.Rows, c.From.Hash, c.To.Rows, c.To.Hash)
		case c.To.Rows > 0:
			fmt.Fprintf(t, "%s\t%d\t%016x\t\n", c.Table, c.To.Rows, c.To.Hash)
		}
	}
	return t.Flush()
}

// printEnd prints what there is to say at the end.
func printEnd(w io.Writer, s mover.Summary, took time.Duration, url string) error {
	changed := int64(0)
	for _, c := range s.Tables {
		changed += c.Changed
	}
	fmt.Fprintf(w, "%d rows were moved in %s. Both hold the same.\n", s.Went, took.Round(time.Second/10))
	if changed > 0 {
		fmt.Fprintf(w, "%d texts held zero bytes or were not UTF-8, which PostgreSQL cannot keep: such parts are U+FFFD there.\n", changed)
	}
	what := "--data"
	if url != "" {
		what = "--db"
	}
	_, err := fmt.Fprintf(w, "Serve the target with %s, and the source no more: both would send what waits.\n", what)
	return err
}
