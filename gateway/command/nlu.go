package command

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

func nluCommand(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use: "nlu", Short: "Measure how well texts are understood", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(nluBenchCommand(p), nluEvalCommand(p), nluSlotsCommand(p))
	return cmd
}

func nluBenchCommand(p Process) *cobra.Command {
	var opt nluBenchOptions
	asJSON := false
	cmd := &cobra.Command{
		Use: "bench DIR", Short: "Train on a public set and measure on its test part", Args: oneArg("DIR"),
		Long: "Bench trains the classifier on the training part of a set and asks it the whole test part, once.\n" +
			"DIR holds data_full.json, as CLINC150 has it, or train.csv and test.csv with the columns text,category.\n\n" +
			"With CLINC150 it also tells how well texts out of scope are told apart: AUROC of the entropy; Larson's\n" +
			"rule, whose cut is best on the validation part; and the cut that the model finds by itself, as it does\n" +
			"for a brand. The model sees no text that is out of scope.\n\n" +
			"Exit status: 0, or 2 when DIR cannot be read.",
		Example: "  parley nlu bench ../shared/data/nlu/banking77 --shots 10",
		RunE: func(cmd *cobra.Command, args []string) error {
			if opt.shots < 0 || opt.edits < 0 || opt.edits > maxNLUEdits {
				return fmt.Errorf("%w: --shots is 0 or more, --edits 0 to %d", errUsage, maxNLUEdits)
			}
			report, err := benchNLU(cmd.Context(), args[0], opt, p.Err)
			if err != nil {
				return err
			}
			return printReport(p.Out, report, asJSON)
		},
	}
	cmd.Flags().IntVar(&opt.shots, "shots", 0, "train on the first so many examples of a label; 0 for all")
	cmd.Flags().IntVar(&opt.edits, "edits", 0, "also measure with 1 … so many random edits in each test text")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object instead of the table")
	return cmd
}

func nluEvalCommand(p Process) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use: "eval DIR", Short: "Tell which intents and questions of a brand folder are weak", Args: oneArg("DIR"),
		Long: "Eval reads the intents and the FAQ of a brand folder. Every example sentence is asked of a model that\n" +
			"was trained without it and a fifth of the others. It tells, for each intent, how many of the answers are\n" +
			"right (precision) and how many of its sentences are found (recall); which intents are confused, with the\n" +
			"sentences; above which entropy a text is taken for none of them, and how often that is wrong; and which\n" +
			"questions of the FAQ are much alike. The regression cases of tests/intents.yaml are asked of the whole\n" +
			"model; those that do not mean what they must are told with their lines.\n\n" +
			"Exit status: 0, 1 when a regression case fails, 2 when the folder cannot be used.",
		Example: "  parley nlu eval ./acme",
		RunE: func(cmd *cobra.Command, args []string) error {
			report, err := evalNLU(cmd.Context(), args[0], p.Err)
			if err == nil {
				err = printReport(p.Out, report, asJSON)
			}
			if err != nil {
				return err
			}
			return report.failing()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object instead of the table")
	return cmd
}

// printReport writes a report as JSON or as a table for people.
func printReport(w io.Writer, report interface{ table(io.Writer) error }, asJSON bool) error {
	if !asJSON {
		return report.table(w)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(report)
}

func percent(share float64) string { return fmt.Sprintf("%.2f %%", 100*share) }
