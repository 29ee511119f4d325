package botscripts

import (
	"strings"

	"parley/engine"
)

// Traits tells what a host call is by its name in journals; see engine.BotRuntime.
func Traits(call string) engine.Traits {
	module, _, dotted := strings.Cut(call, ".")
	switch {
	case call == engine.CallFAQ || call == engine.CallIntent:
		return engine.TraitUnderstands
	case call == "say", module == "ask", module == "choose", module == "confirm":
		return engine.TraitSpeaks
	case dotted && (module == "http" || module == "store" || module == "queue" || module == "consumer"):
		return engine.TraitOutside
	}
	return 0
}

// Traits is the function of this name; see engine.BotRuntime.
func (r *Runtime) Traits(call string) engine.Traits { return Traits(call) }
