package intents

import "parley/engine/understanding/nlu"

// Examples are the sentences of a brand's intents that its model is trained
// from, in the order of the file; nil without intents, and when the file has
// problems.
func Examples(files map[string]string) []nlu.Example {
	text, ok := files[File]
	if !ok {
		return nil
	}
	found, problems := Parse(text)
	if len(problems) > 0 {
		return nil
	}
	var out []nlu.Example
	for _, in := range found {
		for _, e := range in.Examples {
			out = append(out, nlu.Example{Text: e, Label: in.Name})
		}
	}
	return out
}

// Training are the options that a brand's model is trained with.
func Training() nlu.Options { return nlu.Options{} }

// ModelHash names the model of a brand's files: the same sentences give the same
// name. "" when there is nothing to train from.
func ModelHash(files map[string]string) string {
	examples := Examples(files)
	if len(examples) == 0 {
		return ""
	}
	return nlu.Hash(examples, Training())
}
