package command

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"parley/engine/understanding/nlu/evaluate"
)

func nluSlotsCommand(p Process) *cobra.Command {
	asJSON, list := false, false
	cmd := &cobra.Command{
		Use: "slots FILE", Short: "Measure what is read out of phrases", Args: oneArg("FILE"),
		Long: "Slots reads each phrase of FILE as the answer to a question for its kind, and tells for each kind and\n" +
			"language how many are right, asked again (nothing, or several meanings) and silently wrong.\n\n" +
			"FILE has a JSON object on each line: lang (en, de, es, fr), kind (number, ordinal, money, date, time,\n" +
			"hours, datetime, duration, range, period, email, phone, yes_no), text, want (a list, any of which is\n" +
			"right), now (RFC 3339, the consumer's clock) and of money cur, currencies with | between. A range is right\n" +
			"as 2026-12-07/2026-12-11, a period by its first day, a duration by its seconds or as PT1H30M.\n\n" +
			"Exit status: 0, or 2 when FILE cannot be read.",
		Example: "  parley nlu slots phrases.jsonl --list",
		RunE: func(_ *cobra.Command, args []string) error {
			cases, err := slotCases(args[0])
			if err != nil {
				return err
			}
			report := readSlots(cases)
			if err := printReport(p.Out, report, asJSON); err != nil || asJSON || !list {
				return err
			}
			return report.list(p.Out)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object instead of the table")
	cmd.Flags().BoolVar(&list, "list", false, "also print each phrase that is not right")
	return cmd
}

// slotCases reads FILE.
func slotCases(path string) ([]evaluate.ValueCase, error) {
	raw, err := readBounded(os.DirFS(filepath.Dir(path)), filepath.Base(path))
	if err != nil {
		return nil, badSet(err)
	}
	var cases []evaluate.ValueCase
	lines := bufio.NewScanner(bytes.NewReader(raw))
	lines.Buffer(nil, maxNLUFile)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var c evaluate.ValueCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return nil, badSet(fmt.Errorf("%s:%d: %w", path, n, err))
		}
		switch {
		case !slices.Contains(evaluate.ValueKinds(), c.Kind):
			return nil, badSet(fmt.Errorf("%s:%d: kind: there is no %q", path, n, c.Kind))
		case len(c.Want) == 0:
			return nil, badSet(fmt.Errorf("%s:%d: want: must not be empty", path, n))
		case c.Now.IsZero():
			return nil, badSet(fmt.Errorf("%s:%d: now: is missing", path, n))
		}
		cases = append(cases, c)
	}
	return cases, lines.Err()
}

// slotsReport is what slots found out.
type slotsReport struct {
	Kinds     []slotShare  `json:"kinds"`     // by language and kind
	Languages []slotShare  `json:"languages"` // all kinds of a language
	Misses    []slotMissed `json:"misses"`    // asked again and wrong, in the file's order
}

// slotShare counts the phrases of a language, and of a kind unless Kind is "".
type slotShare struct {
	Language string `json:"lang"`
	Kind     string `json:"kind,omitempty"`
	Phrases  int    `json:"phrases"`
	Right    int    `json:"right"`
	Asked    int    `json:"asked"`
	Wrong    int    `json:"wrong"`
}

type slotMissed struct {
	Language string                `json:"lang"`
	Kind     string                `json:"kind"`
	Text     string                `json:"text"`
	Want     []string              `json:"want"`
	Got      []string              `json:"got"` // several are a question back
	Verdict  evaluate.ValueVerdict `json:"verdict"`
}

func readSlots(cases []evaluate.ValueCase) *slotsReport {
	r := &slotsReport{Misses: []slotMissed{}}
	kinds, languages := map[[2]string]*slotShare{}, map[string]*slotShare{}
	for _, c := range cases {
		verdict, found := evaluate.Value(c)
		key := [2]string{c.Language, c.Kind}
		if kinds[key] == nil {
			kinds[key] = &slotShare{Language: c.Language, Kind: c.Kind}
		}
		if languages[c.Language] == nil {
			languages[c.Language] = &slotShare{Language: c.Language}
		}
		for _, share := range []*slotShare{kinds[key], languages[c.Language]} {
			share.count(verdict)
		}
		if verdict != evaluate.ValueRight {
			miss := slotMissed{Language: c.Language, Kind: c.Kind, Text: c.Text, Want: c.Want, Got: []string{}, Verdict: verdict}
			for _, slot := range found {
				miss.Got = append(miss.Got, slot.Value)
			}
			r.Misses = append(r.Misses, miss)
		}
	}
	for _, share := range kinds {
		r.Kinds = append(r.Kinds, *share)
	}
	for _, share := range languages {
		r.Languages = append(r.Languages, *share)
	}
	order := func(a, b slotShare) int {
		return cmp.Or(cmp.Compare(a.Language, b.Language), cmp.Compare(a.Kind, b.Kind))
	}
	slices.SortFunc(r.Kinds, order)
	slices.SortFunc(r.Languages, order)
	return r
}

func (s *slotShare) count(v evaluate.ValueVerdict) {
	s.Phrases++
	switch v {
	case evaluate.ValueRight:
		s.Right++
	case evaluate.ValueAsked:
		s.Asked++
	default:
		s.Wrong++
	}
}

func (r *slotsReport) table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "language\tkind\tphrases\tright\tasked again\tsilently wrong")
	for _, s := range append(r.Kinds[:len(r.Kinds):len(r.Kinds)], r.Languages...) {
		n := float64(s.Phrases)
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%s\n", s.Language, cmp.Or(s.Kind, "all"), s.Phrases, percent(float64(s.Right)/n), percent(float64(s.Asked)/n), percent(float64(s.Wrong)/n))
	}
	return t.Flush()
}

func (r *slotsReport) list(w io.Writer) error {
	for _, m := range r.Misses {
		if _, err := fmt.Fprintf(w, "%s %s %s: %q wants %q, got %q\n", m.Verdict, m.Language, m.Kind, m.Text, m.Want, m.Got); err != nil {
			return err
		}
	}
	return nil
}
