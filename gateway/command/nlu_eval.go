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
	"parley/engine/nlu"
	"parley/engine/nlu/evaluate"
	"parley/gateway"
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
	Confusions []evaluate.Confusion `json:"confusions"`
	OutOfScope *nlu.Rejection       `json:"out_of_scope,omitempty"` // none without intents
	Questions  int                  `json:"faq_entries"`
	Overlaps   []nluOverlap         `json:"faq_overlaps"`
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
	brand, problems, err := brandfolder.LoadDir(dir)
	if err != nil {
		return nil, badSet(err)
	}
	if len(problems) > 0 {
		var lines gateway.Problems
		for _, p := range problems {
			lines = append(lines, p.String())
		}
		lines.Print(progress)
		return nil, badSet(errors.New(lines.Error())) // Problems themselves would be exit status 1
	}
	files := brand.Bundle.Files
	r := &nluEvalReport{Brand: brand.Brand.Name, Intents: []evaluate.Intent{}, Confusions: []evaluate.Confusion{}, Overlaps: []nluOverlap{}}
	entries, err := r.readFAQ(files)
	if err != nil {
		return nil, badSet(err)
	}
	text, has := files[intents.File]
	if !has && len(entries) == 0 {
		return nil, badSet(fmt.Errorf("%s has neither intents nor an FAQ", dir))
	}
	if has {
		if err := r.evalIntents(ctx, text, progress); err != nil {
			return nil, badSet(err)
		}
	}
	return r, nil
}

func (r *nluEvalReport) evalIntents(ctx context.Context, text string, progress io.Writer) error {
	list, _ := intents.Parse(text) // the folder has been checked
	var examples []nlu.Example
	for _, in := range list {
		for _, e := range in.Examples {
			examples = append(examples, nlu.Example{Text: e, Label: in.Name})
		}
	}
	answers, err := evaluate.CrossValidate(ctx, examples, nlu.Options{}, nil, func(fold, of int) {
		fmt.Fprintf(progress, "cross-validating %d of %d\n", fold+1, of)
	})
	if err != nil {
		return err
	}
	r.Examples, r.Accuracy = len(examples), evaluate.Accuracy(answers)
	r.Intents, r.Confusions = evaluate.ByIntent(answers), evaluate.Confusions(answers)
	fmt.Fprintln(progress, "measuring the cut")
	model, err := nlu.Train(ctx, examples, nlu.Options{})
	if err != nil {
		return err
	}
	rejection := model.Rejection()
	r.OutOfScope = &rejection
	return nil
}

// readFAQ finds the entries that overlap.
func (r *nluEvalReport) readFAQ(files map[string]string) ([]faq.Entry, error) {
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
		r.Overlaps = append(r.Overlaps, nluOverlap{wording(entries[o.A], o.TextA), wording(entries[o.B], o.TextB), o.Alike})
	}
	return entries, nil
}

func (r *nluEvalReport) table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if r.OutOfScope != nil {
		fmt.Fprintf(w, "%s: %d intents, %d examples, %s right in cross-validation\n\n", r.Brand, len(r.Intents), r.Examples, percent(r.Accuracy))
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

func more(w io.Writer, n int, of string) {
	if n > 0 {
		fmt.Fprintf(w, "and %d more %s\n", n, of)
	}
}
