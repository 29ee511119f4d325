package command

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"parley/botscripts/knowledge"
	"parley/engine"
	"parley/engine/learning"
)

func learnAnswers(p Process) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use: "answers DIR", Short: "List the FAQ by how much its answers helped", Args: oneArg("DIR"),
		Long: "Answers lists the questions of a brand folder's FAQ with what consumers said of their answers (\"Did that\n" +
			"help?\"), as bots counted it with faq.feedback: those that helped least first, then those that nobody said\n" +
			"anything of. Questions that the folder has no more are marked. WORDINGS are the other ways to ask that the\n" +
			"folder knows. The data folder is only read; a server may run on it.",
		Example: "  parley learn answers ./acme",
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := brandFor([]string{args[0]}, p.Out)
			if err != nil {
				return unusable(err)
			}
			k, err := knowledge.Book{}.Read(b.Bundle.Files)
			if err != nil {
				return err
			}
			return viewing(cmd, p, func(tx engine.Tx) error {
				feedback, err := tx.Feedback().List(b.Brand.ID)
				if err != nil {
					return err
				}
				return printReport(p.Out, answersReport{b.Brand.Name, listedAnswers(learning.Rank(k, feedback))}, asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object instead of the table")
	return cmd
}

// answersReport is the FAQ by how much it helped.
type answersReport struct {
	Brand   string         `json:"brand"`
	Answers []listedAnswer `json:"answers"`
}

type listedAnswer struct {
	Question string    `json:"question"`
	Wordings int       `json:"wordings"`
	Helped   int       `json:"helped"`
	Unhelped int       `json:"unhelped"`
	Share    *float64  `json:"share,omitempty"` // of the feedback that says it helped, 0 … 1
	Last     time.Time `json:"last,omitzero"`
	Gone     bool      `json:"gone,omitempty"` // from the folder
}

func listedAnswers(all []learning.Answer) []listedAnswer {
	out := make([]listedAnswer, len(all))
	for i, a := range all {
		out[i] = listedAnswer{Question: a.Question, Wordings: a.Wordings, Helped: a.Helped, Unhelped: a.Unhelped, Last: a.At, Gone: !a.Active}
		if s := a.Share(); s.Of > 0 {
			out[i].Share = new(float64(s.Right) / float64(s.Of))
		}
	}
	return out
}

func (r answersReport) table(w io.Writer) error {
	if len(r.Answers) == 0 {
		_, err := fmt.Fprintf(w, "%s has no FAQ.\n", printable(r.Brand))
		return err
	}
	t, said := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0), false
	fmt.Fprintln(t, "QUESTION\tWORDINGS\tHELPED\tDID NOT HELP\tSHARE\tLAST")
	for _, a := range r.Answers {
		question, share, last := printable(a.Question), "-", "-"
		if a.Gone {
			question += " (gone)"
		}
		if a.Share != nil {
			said, share, last = true, fmt.Sprintf("%.0f %%", 100**a.Share), stamp(a.Last)
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%s\t%s\n", question, a.Wordings, a.Helped, a.Unhelped, share, last)
	}
	if err := t.Flush(); err != nil || said {
		return err
	}
	_, err := fmt.Fprintln(w, "\nNobody has said yet whether an answer helped. Bots count it with faq.feedback.")
	return err
}
