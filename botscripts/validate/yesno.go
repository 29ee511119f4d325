package validate

import "parley/engine/understanding/slots"

func yesNo(text string, o Options) (any, Reason, bool) {
	switch slots.Assent(text, o.Language) {
	case slots.Yes:
		return true, "", true
	case slots.No:
		return false, "", true
	case slots.Unsure:
		return nil, Unclear, false
	}
	return nil, NotUnderstood, false
}
