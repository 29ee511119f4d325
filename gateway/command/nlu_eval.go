package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"parley/botscripts/brandfolder"
	"parley/botscripts/faq"
	"parley/botscripts/intents"
	"parley/engine"
	"parley/engine/understanding/nlu"
	"parley/engine/understanding/nlu/evaluate"
	"parley/engine/versions"
	"parley/gateway/folder"
)

const (
	// alike is the cosine from which two questions of the FAQ are shown as alike.
	alike = 0.6
	// maxShown bounds the confusions, their sentences and the overlaps in the table.
	maxShown, maxSentences = 20, 5
)

// nluEvalReport is what eval found out. Shares are 0 … 1.
type nluEvalReport struct {
	Brand      string               `json:"brand"`
	Intents    []evaluate.Intent    `json:"intents"`
	Examples   int                  `json:"examples"`
	Accuracy   float64              `json:"accuracy"` // cross-validated, without rejection
	Model      string               `json:"model"`    // hash of what the intents are trained from; "" without any
	Cases      nluCases             `json:"cases"`
	Confusions []evaluate.Confusion `json:"confusions"`
	OutOfScope *nlu.Rejection       `json:"out_of_scope,omitempty"` // none without intents
	Questions  int                  `json:"faq_entries"`
	Overlaps   []nluOverlap         `json:"faq_overlaps"`
}

// nluCases are the texts of tests/intents.yaml, asked of the model as bots ask it.
type nluCases struct {
	Cases   int       `json:"cases"`
	Right   int       `json:"right"`
	Failing []nluCase `json:"failing"`
}

type nluCase struct {
	Place       string  `json:"place"` // file:line
	Text        string  `json:"text"`
	Want        string  `json:"want"`
	Got         string  `json:"got"` // "" when it is not known
	Probability float64 `json:"probability"`
}

// nluOverlap are two questions with wordings that are much alike.
type nluOverlap struct {
	First  nluWording `json:"first"`
	Second nluWording `json:"second"`
	Alike  float64    `json:"alike"` // cosine, 0 … 1
}

type nluWording struct {
	Place    string `json:"place"` // file:line
	Question string `json:"question"`
	Wording  string `json:"wording"`
}

func evalNLU(ctx context.Context, dir string, progress io.Writer) (*nluEvalReport, error) {
	brand, problems, err := folder.BrandReader(brandfolder.Assumed).LoadDir(dir)
	if err != nil {
		return nil, badSet(err)
	}
	if len(problems) > 0 {
		lines := folder.Lines(problems)
		lines.Print(progress)
		return nil, badSet(errors.New(lines.Error())) // Problems themselves would be exit status 1
	}
	files := brand.Bundle.Files
	r := &nluEvalReport{Brand: brand.Brand.Name, Intents: []evaluate.Intent{}, Confusions: []evaluate.Confusion{}, Overlaps: []nluOverlap{},
		Cases: nluCases{Failing: []nluCase{}}}
	entries, err := r.readFAQ(files, brand.Channels)
	if err != nil {
		return nil, badSet(err)
	}
	examples := intents.Examples(files) // the folder has been checked
	if len(examples) == 0 && len(entries) == 0 {
		return nil, badSet(fmt.Errorf("%s has neither intents nor an FAQ", dir))
	}
	if len(examples) > 0 {
		if err := r.evalIntents(ctx, examples, files, progress); err != nil {
			return nil, badSet(err)
		}
	}
	return r, nil
}

func (r *nluEvalReport) evalIntents(ctx context.Context, examples []nlu.Example, files map[string]string, progress io.Writer) error {
	answers, err := evaluate.CrossValidate(ctx, examples, intents.Training(), nil, func(fold, of int) {
		fmt.Fprintf(progress, "cross-validating %d of %d\n", fold+1, of)
	})
	if err != nil {
		return err
	}
	r.Examples, r.Accuracy = len(examples), evaluate.Accuracy(answers)
	r.Intents, r.Confusions = evaluate.ByIntent(answers), evaluate.Confusions(answers)
	fmt.Fprintln(progress, "measuring the cut")
	model, err := nlu.Train(ctx, examples, intents.Training())
	if err != nil {
		return err
	}
	r.OutOfScope, r.Model = new(model.Rejection()), model.Hash()
	cases, _ := intents.Cases(files)
	r.Cases.Cases = len(cases)
	for _, c := range cases {
		got := model.Classify(c.Text)
		if !got.Known {
			got.Label = ""
		}
		if got.Label == c.Intent {
			r.Cases.Right++
			continue
		}
		r.Cases.Failing = append(r.Cases.Failing, nluCase{
			fmt.Sprintf("%s:%d", intents.CasesFile, c.Line), c.Text, c.Intent, got.Label, got.Probability,
		})
	}
	return nil
}

// failing says that not all regression cases hold.
func (r *nluEvalReport) failing() error {
	if n := len(r.Cases.Failing); n > 0 {
		return fmt.Errorf("%d of %s failed", n, count(r.Cases.Cases, "regression case"))
	}
	return nil
}

// readFAQ finds the entries that overlap.
func (r *nluEvalReport) readFAQ(files map[string]string, channels []engine.Channel) ([]faq.Entry, error) {
	var entries []faq.Entry
	var groups [][]string
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasPrefix(path, "faq/") {
			continue
		}
		list, err := faq.Parse(path, files[path])
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			entries, groups = append(entries, e), append(groups, append([]string{e.Question}, e.Wordings...))
		}
	}
	r.Questions = len(entries)
	wording := func(e faq.Entry, text string) nluWording {
		return nluWording{fmt.Sprintf("%s:%d", e.Path, e.Line), e.Question, text}
	}
	for _, o := range nlu.Overlaps(groups, alike) {
		if !meet(entries[o.A], entries[o.B], channels) {
			continue
		}
		r.Overlaps = append(r.Overlaps, nluOverlap{wording(entries[o.A], o.TextA), wording(entries[o.B], o.TextB), o.Alike})
	}
	return entries, nil
}

// meet tells whether two entries are ever both for one conversation. Those for different languages, or for different
// channels, are not; nor are the variants of one question, of which the conversation's language and channel choose one.
func meet(a, b faq.Entry, channels []engine.Channel) bool {
	if a.Language != "" && b.Language != "" && !strings.EqualFold(a.Language, b.Language) {
		return false
	}
	if faq.Key(a.Question) == faq.Key(b.Question) { // the folder has no two for the same people
		return false
	}
	return slices.ContainsFunc(channels, func(c engine.Channel) bool {
		at := faq.Place{Channel: c.ID, Kind: string(c.Kind)}
		return a.Serves(at) && b.Serves(at)
	})
}

func (r *nluEvalReport) table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if r.OutOfScope != nil {
		fmt.Fprintf(w, "%s: %d intents, %d examples, %s right in cross-validation; model %s\n\n", r.Brand, len(r.Intents), r.Examples, percent(r.Accuracy), versions.Short(r.Model))
		fmt.Fprintf(t, "INTENT\tEXAMPLES\tPRECISION\tRECALL\tWEAK\n")
		for _, in := range r.Intents {
			fmt.Fprintf(t, "%s\t%d\t%.2f\t%.2f\t%s\n", in.Label, in.Examples, in.Precision, in.Recall, in.Weak)
		}
		if err := t.Flush(); err != nil {
			return err
		}
		for _, c := range r.Confusions[:min(len(r.Confusions), maxShown)] {
			fmt.Fprintf(w, "\n%s taken for %s, %d times:\n", c.Want, c.Got, len(c.Texts))
			for _, text := range c.Texts[:min(len(c.Texts), maxSentences)] {
				fmt.Fprintf(w, "  %s\n", text)
			}
		}
		more(w, len(r.Confusions)-maxShown, "confusions")
		if o := r.OutOfScope; o.Measured {
			fmt.Fprintf(w, "\nOut of scope above an entropy of %.3f: %s of the own sentences are rejected wrongly,\n%s of the sentences of an unknown intent are taken for another.\n",
				o.Cut, percent(o.Refused), percent(o.Accepted))
		} else {
			fmt.Fprintf(w, "\nOut of scope above an entropy of %.3f, the default: measuring it takes 5 intents with 5 examples.\n", o.Cut)
		}
		r.Cases.print(w)
	} else {
		fmt.Fprintf(w, "%s: no intents\n", r.Brand)
	}
	fmt.Fprintf(w, "\nFAQ: %d entries, %d pairs that are much alike\n", r.Questions, len(r.Overlaps))
	for _, o := range r.Overlaps[:min(len(r.Overlaps), maxShown)] {
		fmt.Fprintf(t, "  %.2f\t%s\t%s\n\t%s\t%s\n", o.Alike, o.First.Place, o.First.Wording, o.Second.Place, o.Second.Wording)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	more(w, len(r.Overlaps)-maxShown, "pairs")
	return nil
}

// print tells all that fail: each has to be looked at.
func (c nluCases) print(w io.Writer) {
	if c.Cases == 0 {
		return
	}
	fmt.Fprintf(w, "\nRegression cases: %d of %d hold\n", c.Right, c.Cases)
	for _, f := range c.Failing {
		fmt.Fprintf(w, "  %s: %s means %s, got %s (%.2f)\n", f.Place, printable(f.Text), f.Want, orUnknown(f.Got), f.Probability)
	}
}

func more(w io.Writer, n int, of string) {
	if n > 0 {
		fmt.Fprintf(w, "and %d more %s\n", n, of)
	}
}
