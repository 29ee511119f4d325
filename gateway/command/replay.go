package command

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/botscripts"
	"parley/botscripts/kept"
	"parley/botscripts/modules"
	"parley/engine"
	"parley/engine/log/recording"
	"parley/engine/simulate"
	"parley/engine/timetravel"
	"parley/gateway/database"
	"parley/storage/memory"
)

// errDiffers ends a replay that found differences.
var errDiffers = errors.New("some conversations come out differently")

// replay is what one run of the command was asked for.
type replay struct {
	since      time.Duration
	from, to   string
	limit      int
	recordings string
	save       string
	show       int
	asJSON     bool
}

func replayCommand(p Process) *cobra.Command {
	var r replay
	cmd := &cobra.Command{
		Use: "replay DIR", Short: "Run a brand folder over real conversations and show what differs",
		Long: "Replay runs the bots of a brand folder over conversations that were recorded: what consumers wrote,\n" +
			"when, what outside calls and agents answered. Nothing is sent and nothing is called. It shows where\n" +
			"replies, FAQ answers, intents, handoffs, ends and failures are not what they were. The data folder is only\n" +
			"read; a server may run on it. With --save the recordings go to a file, one a line in JSON, which\n" +
			"--recordings reads elsewhere. The file holds what consumers wrote: keep it as safe as the database.\n\n" +
			"The exit status is 0 when nothing differs, 1 when something does, 2 when the folder cannot be used.",
		Example: "  parley replay ./acme --since 168h\n  parley replay ./acme --recordings week.jsonl --show 5",
		Args:    oneArg("DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.run(cmd, p, args[0])
		},
	}
	f := cmd.Flags()
	f.DurationVar(&r.since, "since", 7*24*time.Hour, "conversations that began in this long before now")
	f.StringVar(&r.from, "from", "", "conversations that began on this day or later (2026-11-01), instead of --since")
	f.StringVar(&r.to, "to", "", "conversations that began before this day")
	f.IntVar(&r.limit, "limit", 10_000, "at most so many conversations, the oldest first; 0 for all")
	f.StringVar(&r.recordings, "recordings", "", "file of recordings, instead of the data folder")
	f.StringVar(&r.save, "save", "", "write the recordings to this new file")
	f.IntVar(&r.show, "show", 20, "show the differences of at most so many conversations")
	f.BoolVar(&r.asJSON, "json", false, "print one JSON object a conversation that differs, and the summary last")
	return cmd
}

func (r *replay) run(cmd *cobra.Command, p Process, dir string) (err error) {
	b, err := brandFor([]string{dir}, p.Out)
	if err != nil {
		return unusable(err)
	}
	period, err := r.period(b.Brand.ID)
	if err != nil {
		return err
	}
	source, done, err := r.source(cmd, p, period)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	if r.save != "" {
		file, err := os.OpenFile(r.save, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fmt.Errorf("%w: --save: %w", errUsage, err)
		}
		source = saving(source, file)
	}
	out := bufio.NewWriter(p.Out)
	v := timetravel.Version{
		Stage: simulate.Stage{Runtime: botscripts.New(botscripts.Config{Kept: kept.OfUser()}), Store: memory.New},
		Brand: b.Brand, Channels: b.Channels, Skills: b.Skills, Bundle: b.Bundle,
	}
	shown, read, told := 0, 0, time.Now()
	sum, err := timetravel.Replay(cmd.Context(), v, source, func(res timetravel.Result) error {
		if read++; time.Since(told) > time.Second {
			told = time.Now()
			fmt.Fprintf(p.Err, "%d conversations …\n", read)
		}
		if len(res.Differences) == 0 && res.Error == "" {
			return nil
		}
		if r.asJSON {
			return json.NewEncoder(out).Encode(res)
		}
		if shown++; shown <= r.show {
			printResult(out, res)
		}
		return nil
	})
	if err != nil {
		return errors.Join(err, out.Flush())
	}
	if r.asJSON {
		err = json.NewEncoder(out).Encode(struct {
			Summary timetravel.Summary `json:"summary"`
		}{sum})
	} else {
		printSummary(out, sum, shown-r.show)
	}
	if err = errors.Join(err, out.Flush()); err == nil && sum.Different > 0 {
		err = errDiffers
	}
	return err
}

// unusable makes every problem of a folder exit status 2: 1 means differences.
func unusable(err error) error { return fmt.Errorf("%w: %w", errUsage, errors.New(oneLine(err))) }

func (r *replay) period(brand string) (recording.Period, error) {
	p := recording.Period{Brand: brand, From: time.Now().Add(-r.since), Limit: r.limit}
	for _, day := range []struct {
		flag, text string
		to         *time.Time
	}{{"--from", r.from, &p.From}, {"--to", r.to, &p.Until}} {
		if day.text == "" {
			continue
		}
		t, err := time.ParseInLocation(time.DateOnly, day.text, time.Local)
		if err != nil {
			return p, engine.FieldError(day.flag, "is not a day like 2026-11-01")
		}
		*day.to = t
	}
	return p, nil
}

type recordings = func(func(recording.Recording) error) error

// source opens where the recordings are.
func (r *replay) source(cmd *cobra.Command, p Process, period recording.Period) (recordings, func() error, error) {
	if r.recordings != "" {
		file, err := os.Open(r.recordings)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: --recordings: %w", errUsage, err)
		}
		return func(fn func(recording.Recording) error) error { return recording.Decode(file, r.limit, fn) }, file.Close, nil
	}
	cfg, err := settings(cmd, p)
	if err != nil {
		return nil, nil, err
	}
	db, err := database.Read(cmd.Context(), databaseOf(cfg))
	if err != nil {
		return nil, nil, unusable(err)
	}
	return func(fn func(recording.Recording) error) error {
		return recording.Each(cmd.Context(), db, modules.Traits, period, fn)
	}, db.Close, nil
}

// saving writes what passes to a file, which it closes.
func saving(source recordings, file *os.File) recordings {
	return func(fn func(recording.Recording) error) (err error) {
		w := bufio.NewWriter(file)
		defer func() { err = errors.Join(err, w.Flush(), file.Close()) }()
		enc := json.NewEncoder(w)
		return source(func(rec recording.Recording) error {
			if err := enc.Encode(rec); err != nil {
				return err
			}
			return fn(rec)
		})
	}
}

func printResult(w io.Writer, res timetravel.Result) {
	fmt.Fprintf(w, "%s\n", res.Conversation)
	if res.Error != "" {
		fmt.Fprintf(w, "  left out: %s\n\n", printable(res.Error))
		return
	}
	for _, d := range res.Differences {
		on := ""
		if d.On != "" {
			on = " to “" + printable(shortened(d.On)) + "”"
		}
		fmt.Fprintf(w, "  %s%s%s\n", d.Kind, on, at(d.Line))
		if d.Was != "" {
			fmt.Fprintf(w, "    - %s\n", printable(shortened(d.Was)))
		}
		if d.Is != "" {
			fmt.Fprintf(w, "    + %s\n", printable(shortened(d.Is)))
		}
	}
	fmt.Fprintln(w)
}

func at(line string) string {
	if line == "" {
		return ""
	}
	return " (" + line + ")"
}

func shortened(s string) string {
	const longest = 200
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return s
}

func printSummary(w io.Writer, s timetravel.Summary, hidden int) {
	if hidden > 0 {
		fmt.Fprintf(w, "… and %d more; --show shows more of them\n\n", hidden)
	}
	if s.Conversations == 0 {
		fmt.Fprintln(w, "There are no recorded conversations in this period.")
		return
	}
	fmt.Fprintf(w, "%d conversations: %d as they were, %d differ, %d left out\n", s.Conversations, s.Same, s.Different, s.Skipped)
	var kinds []string
	for _, k := range slices.Sorted(maps.Keys(s.Kinds)) {
		kinds = append(kinds, fmt.Sprintf("%s in %d", k, s.Kinds[k]))
	}
	if len(kinds) > 0 {
		fmt.Fprintln(w, "  "+strings.Join(kinds, ", "))
	}
}
