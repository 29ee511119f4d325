package validate

import "parley/engine/understanding/assent"

func yesNo(text string, o Options) (any, Reason, bool) {
	switch assent.Read(text, o.Language) {
	case assent.Yes:
		return true, "", true
	case assent.No:
		return false, "", true
	case assent.Unsure:
		return nil, Unclear, false
	}
	return nil, NotUnderstood, false
}
