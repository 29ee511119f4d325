package command

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"parley/engine/understanding/nlu"
	"parley/engine/understanding/nlu/evaluate"
)

type nluBenchOptions struct{ shots, edits int }

const (
	maxNLUEdits = 10
	maxNLUFile  = 64 << 20 // bytes of a set's file
	nluEditSeed = 1
)

// nluSet is a public set of labelled texts. Texts out of scope have no label.
type nluSet struct {
	name            string
	train, test     []nlu.Example
	val             []nlu.Example // these three of CLINC150 only
	outVal, outTest []nlu.Example
}

// nluBenchReport is what bench measured. Shares are 0 … 1.
type nluBenchReport struct {
	Set              string              `json:"set"`
	Labels           int                 `json:"labels"`
	Examples         int                 `json:"examples"`
	Shots            int                 `json:"shots,omitempty"`
	Questions        int                 `json:"questions"`
	TrainSeconds     float64             `json:"train_seconds"`
	ClassifyMicros   float64             `json:"classify_microseconds"` // mean, of one processor
	Accuracy         float64             `json:"accuracy"`
	CalibrationError float64             `json:"calibration_error"`
	AUROC            float64             `json:"auroc,omitempty"`
	Larson           *evaluate.Rejecting `json:"larson,omitempty"`
	Own              *evaluate.Rejecting `json:"own_cut,omitempty"`
	Edits            []nluEdits          `json:"edits,omitempty"`
}

type nluEdits struct {
	Edits    int     `json:"edits"`
	Accuracy float64 `json:"accuracy"`
}

func benchNLU(ctx context.Context, dir string, opt nluBenchOptions, progress io.Writer) (*nluBenchReport, error) {
	set, err := readNLUSet(dir)
	if err != nil {
		return nil, err
	}
	train := firstOfEach(set.train, opt.shots)
	fmt.Fprintf(progress, "training on %d texts of %s\n", len(train), set.name)
	start := time.Now()
	// Only CLINC150 has texts that a cut could be measured with.
	model, err := nlu.Train(ctx, train, nlu.Options{DefaultCut: len(set.outTest) == 0})
	if err != nil {
		return nil, badSet(err)
	}
	r := &nluBenchReport{Set: set.name, Labels: len(model.Labels()), Examples: len(train), Shots: opt.shots,
		Questions: len(set.test), TrainSeconds: time.Since(start).Seconds()}
	fmt.Fprintf(progress, "asking %d texts\n", len(set.test)+len(set.outTest))
	start = time.Now()
	for _, e := range set.test {
		model.Classify(e.Text)
	}
	r.ClassifyMicros = float64(time.Since(start).Microseconds()) / float64(len(set.test))
	in := evaluate.Ask(model, set.test)
	r.Accuracy = evaluate.Accuracy(in)
	_, r.CalibrationError = evaluate.Reliability(in)
	if len(set.outTest) > 0 {
		out := evaluate.Ask(model, set.outTest)
		r.AUROC = evaluate.AUROC(in, out)
		r.Larson = new(evaluate.RejectAt(evaluate.BestCut(evaluate.Ask(model, set.val), evaluate.Ask(model, set.outVal)), in, out))
		r.Own = new(evaluate.RejectAt(model.Rejection().Cut, in, out))
	}
	for n := range opt.edits {
		fmt.Fprintf(progress, "asking them with %d random edits each\n", n+1)
		answers := evaluate.Ask(model, evaluate.Misspell(set.test, n+1, nluEditSeed))
		r.Edits = append(r.Edits, nluEdits{n + 1, evaluate.Accuracy(answers)})
	}
	return r, nil
}

func firstOfEach(examples []nlu.Example, n int) []nlu.Example {
	if n == 0 {
		return examples
	}
	seen := map[string]int{}
	return slices.DeleteFunc(slices.Clone(examples), func(e nlu.Example) bool {
		seen[e.Label]++
		return seen[e.Label] > n
	})
}

func (r *nluBenchReport) table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "set\t%s: %d labels, %d examples, %d test texts\n", r.Set, r.Labels, r.Examples, r.Questions)
	fmt.Fprintf(t, "accuracy\t%s\n", percent(r.Accuracy))
	fmt.Fprintf(t, "calibration error\t%s\n", percent(r.CalibrationError))
	if r.Larson != nil {
		fmt.Fprintf(t, "out-of-scope AUROC\t%.4f\n", r.AUROC)
		for _, row := range []struct {
			name string
			at   *evaluate.Rejecting
		}{{"Larson's rule", r.Larson}, {"own cut", r.Own}} {
			fmt.Fprintf(t, "%s\tin scope %s, out-of-scope recall %s, F1 %s, overall %s, entropy above %.3f\n",
				row.name, percent(row.at.InScope), percent(row.at.Recall), percent(row.at.F1), percent(row.at.Overall), row.at.Cut)
		}
	}
	for _, e := range r.Edits {
		fmt.Fprintf(t, "%d random edits\t%s\n", e.Edits, percent(e.Accuracy))
	}
	fmt.Fprintf(t, "training\t%.2f s\n", r.TrainSeconds)
	fmt.Fprintf(t, "classifying\t%.0f µs a text\n", r.ClassifyMicros)
	return t.Flush()
}

// badSet says that what was given is at fault.
func badSet(err error) error {
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted")
	}
	return fmt.Errorf("%w: %w", errUsage, err)
}

// readNLUSet reads a set in either layout.
func readNLUSet(dir string) (nluSet, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nluSet{}, badSet(fmt.Errorf("the folder %s cannot be opened", dir))
	}
	defer root.Close()
	set, err := readCLINC(root.FS())
	if errors.Is(err, fs.ErrNotExist) {
		set = nluSet{name: "texts with labels"}
		if set.train, err = readCSV(root.FS(), "train.csv"); err == nil {
			set.test, err = readCSV(root.FS(), "test.csv")
		}
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%s has neither data_full.json nor train.csv and test.csv", dir)
		}
	}
	switch {
	case err != nil:
	case len(set.test) == 0:
		err = errors.New("the set has no test texts")
	case len(set.outTest) > 0 && len(set.val)+len(set.outVal) == 0:
		err = errors.New("the set has no validation texts")
	}
	if err != nil {
		return nluSet{}, badSet(err)
	}
	return set, nil
}

func readBounded(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxNLUFile+1))
	if err == nil && len(data) > maxNLUFile {
		err = fmt.Errorf("%s is longer than %d MB", name, maxNLUFile>>20)
	}
	return data, err
}

func readCLINC(fsys fs.FS) (nluSet, error) {
	data, err := readBounded(fsys, "data_full.json")
	if err != nil {
		return nluSet{}, err
	}
	var parts map[string][][2]string
	if err := json.Unmarshal(data, &parts); err != nil {
		return nluSet{}, fmt.Errorf("data_full.json is no CLINC150: %w", err)
	}
	part := func(name string, inScope bool) (out []nlu.Example) {
		for _, row := range parts[name] {
			e := nlu.Example{Text: row[0]}
			if inScope {
				e.Label = row[1]
			}
			out = append(out, e)
		}
		return out
	}
	return nluSet{name: "CLINC150", train: part("train", true), test: part("test", true), val: part("val", true),
		outVal: part("oos_val", false), outTest: part("oos_test", false)}, nil
}

func readCSV(fsys fs.FS, name string) ([]nlu.Example, error) {
	data, err := readBounded(fsys, name)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s is empty", name)
	}
	text, label := slices.Index(rows[0], "text"), slices.Index(rows[0], "category")
	if text < 0 || label < 0 {
		return nil, fmt.Errorf("%s has no columns text and category", name)
	}
	var out []nlu.Example
	for _, row := range rows[1:] {
		out = append(out, nlu.Example{Text: row[text], Label: row[label]})
	}
	return out, nil
}
