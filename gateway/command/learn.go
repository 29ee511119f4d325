package command

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"parley/botscripts/brandfolder"
	"parley/botscripts/kept"
	"parley/botscripts/knowledge"
	"parley/connectors"
	"parley/engine"
	"parley/engine/learning"
	"parley/storage/memory"
)

// mostLearnt is how many utterances are looked at, the newest.
const mostLearnt = 2000

func learnCommand(p Process) *cobra.Command {
	groups, texts := 20, 5
	cmd := &cobra.Command{
		Use: "learn DIR", Short: "List what bots did not understand, and teach a brand folder", Args: oneArg("DIR"),
		Long: "Learn lists what consumers wrote that the bots of a brand did not understand, what the FAQ's answer did\n" +
			"not help with, and what agents corrected, grouped by likeness. Each group says which intent or question of\n" +
			"the folder it is nearest to. What the folder has word for word is left out. The data folder is only read;\n" +
			"a server may run on it.\n\n" +
			"learn accept writes some of it into the folder, which parley push then makes the next version.",
		Example: "  parley learn ./acme\n  parley learn accept ./acme 12 15 --intent order_status",
		RunE: func(cmd *cobra.Command, args []string) error {
			return onFolder(cmd, p, args[0], func(b brandfolder.Brand, open []engine.Utterance, _ engine.Tx) error {
				k, err := knowledge.Book{}.Read(b.Bundle.Files)
				if err != nil {
					return err
				}
				return printGroups(p.Out, learning.Groups(open, k), groups, texts)
			})
		},
	}
	cmd.Flags().IntVar(&groups, "groups", groups, "show so many groups, the largest first")
	cmd.Flags().IntVar(&texts, "texts", texts, "show so many texts of a group")
	cmd.AddCommand(learnAccept(p), learnAnswers(p))
	return cmd
}

// onFolder reads a brand's folder and the open utterances of the brand.
func onFolder(cmd *cobra.Command, p Process, dir string, fn func(brandfolder.Brand, []engine.Utterance, engine.Tx) error) error {
	b, err := brandFor([]string{dir}, p.Out)
	if err != nil {
		return unusable(err)
	}
	return viewing(cmd, p, func(tx engine.Tx) error {
		open, err := tx.Utterances().List(engine.UtteranceFilter{Brand: b.Brand.ID, State: engine.UtteranceOpen, Limit: mostLearnt})
		if err != nil {
			return err
		}
		return fn(b, open, tx)
	})
}

func printGroups(w io.Writer, all []learning.Group, groups, texts int) error {
	for i, g := range all {
		if i == max(groups, 0) {
			fmt.Fprintf(w, "… and %d more groups; --groups shows more of them\n", len(all)-i)
			break
		}
		fmt.Fprintf(w, "%s: %s\n", count(len(g.Utterances), "text"), suggested(g.Suggestion))
		for n, u := range g.Utterances {
			if n == max(texts, 0) {
				fmt.Fprintf(w, "         … and %d more\n", len(g.Utterances)-n)
				break
			}
			fmt.Fprintf(w, "  %6d %s%s\n", u.N, printable(u.Text), judged(u))
		}
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(w, "There is nothing to learn.")
		return err
	}
	return nil
}

func suggested(s learning.Suggestion) string {
	switch s.Kind {
	case learning.SuggestIntent:
		return fmt.Sprintf("intent %s (%.2f)", printable(s.Name), s.Score)
	case learning.SuggestFAQ:
		return fmt.Sprintf("question “%s” (%.2f)", printable(s.Name), s.Score)
	}
	return "new"
}

func judged(u engine.Utterance) string {
	switch {
	case u.Source == engine.FromAnswer:
		return fmt.Sprintf("  (was answered with “%s”, which did not help)", printable(u.Question))
	case u.Source != engine.FromAgent:
		return ""
	case u.Intent == "":
		return "  (an agent: none of the intents)"
	}
	return "  (an agent: " + printable(u.Intent) + ")"
}

var errUnlearnt = errors.New("the folder was not changed")

func learnAccept(p Process) *cobra.Command {
	var d learning.Decision
	cmd := &cobra.Command{
		Use: "accept DIR NUMBER…", Short: "Write texts into a brand folder as examples or wordings",
		Long: "Accept adds the texts with these numbers to intents.yaml as examples of an intent, and to\n" +
			"tests/intents.yaml as regression cases; or to the FAQ as other wordings of a question. With --answer the\n" +
			"question is new and goes to " + knowledge.LearnedFile + ". Comments and layout stay as they are. Nothing is written when\n" +
			"the bots would understand less: when the cross-validated accuracy falls, a regression case breaks, or a\n" +
			"conversation of tests/*.chat that comes out right now would not.\n\n" +
			"Exit status: 0 when it was written, 1 when it was not, 2 when the folder cannot be used.",
		Example: "  parley learn accept ./acme 12 15 --intent order_status\n  parley learn accept ./acme 7 --question \"Can I park?\"",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return fmt.Errorf("%w: a folder and numbers of texts are missing", errUsage)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, arg := range args[1:] {
				n, err := strconv.ParseInt(arg, 10, 64)
				if err != nil || n < 1 {
					return fmt.Errorf("%w: %q is not the number of a text", errUsage, arg)
				}
				d.Numbers = append(d.Numbers, n)
			}
			if (d.Intent == "") == (d.Question == "") || d.Intent != "" && d.Answer != "" {
				return fmt.Errorf("%w: --intent, or --question with or without --answer", errUsage)
			}
			return onFolder(cmd, p, args[0], func(b brandfolder.Brand, open []engine.Utterance, tx engine.Tx) error {
				chosen, err := learning.Chosen(tx, b.Brand.ID, d.Numbers)
				if err != nil {
					return err
				}
				after, lesson, err := learning.Teach(cmd.Context(), knowledge.Book{Env: os.LookupEnv, Kinds: connectors.Kinds(), Kept: kept.OfUser(), Store: memory.New}, b.Bundle.Files, chosen, open, d)
				if err != nil {
					return err
				}
				printLesson(p.Out, lesson)
				if !lesson.Accepted() {
					return errUnlearnt
				}
				return writeLearnt(p.Out, args[0], b.Bundle.Files, after)
			})
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&d.Intent, "intent", "", "they are examples of this intent, which may be new")
	f.StringVar(&d.Question, "question", "", "they are other wordings of this question")
	f.StringVar(&d.Answer, "answer", "", "the question is new, and this is its answer, in Markdown")
	return cmd
}

func printLesson(w io.Writer, l learning.Lesson) {
	for _, s := range []struct {
		what          string
		before, after learning.Share
	}{{"intents told apart", l.IntentsBefore, l.IntentsAfter}, {"questions found", l.FAQBefore, l.FAQAfter}} {
		if s.after.Of > 0 {
			fmt.Fprintf(w, "%s: %s, before %s\n", s.what, s.after, s.before)
		}
	}
	if l.Tests.Of > 0 {
		fmt.Fprintf(w, "tests passed: %d of %d\n", l.Tests.Right, l.Tests.Of)
	}
	if l.Unplayed > 0 {
		fmt.Fprintf(w, "%s not played: there was no time for more\n", count(l.Unplayed, "test"))
	}
	for _, m := range l.Moved {
		fmt.Fprintf(w, "  %s: %s, before %s\n", printable(m.Intent), m.After, m.Before)
	}
	for _, c := range l.Changed {
		fmt.Fprintf(w, "  %s: %s → %s\n", printable(c.Text), orUnknown(c.Was), orUnknown(c.Is))
	}
	for _, r := range l.Reasons() {
		fmt.Fprintf(w, "not written: %s\n", printable(r))
	}
}

func orUnknown(s string) string {
	if s == "" {
		return "not known"
	}
	return printable(s)
}

// writeLearnt writes the files that a lesson has changed. Nothing outside of the
// folder is written, whatever links in it say.
func writeLearnt(w io.Writer, dir string, before, after map[string]string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	changed := maps.Clone(after)
	maps.DeleteFunc(changed, func(name, text string) bool {
		old, ok := before[name]
		return ok && old == text
	})
	if err := writeFiles(root, changed); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "written: %s\n", strings.Join(slices.Sorted(maps.Keys(changed)), ", "))
	return err
}
