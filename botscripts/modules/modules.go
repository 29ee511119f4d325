package modules

import (
	"strings"
	"sync"

	"parley/botscripts/chat"
	"parley/botscripts/kernel"
	"parley/botscripts/modules/consumer"
	"parley/botscripts/modules/faq"
	"parley/botscripts/modules/hours"
	"parley/botscripts/modules/http"
	"parley/botscripts/modules/i18n"
	"parley/botscripts/modules/intent"
	"parley/botscripts/modules/json"
	"parley/botscripts/modules/language"
	"parley/botscripts/modules/log"
	"parley/botscripts/modules/math"
	"parley/botscripts/modules/os"
	"parley/botscripts/modules/queue"
	"parley/botscripts/modules/schedule"
	"parley/botscripts/modules/sentiment"
	"parley/botscripts/modules/slots"
	"parley/botscripts/modules/store"
	"parley/botscripts/modules/text"
	"parley/botscripts/modules/time"
	"parley/engine"
)

// All is every module, in the order of the reference.
func All() []kernel.Module {
	return []kernel.Module{
		chat.Module(), consumer.Module(), chat.Conversation(),
		faq.Module(), intent.Module(), slots.Module(), sentiment.Module(), language.Module(),
		http.Module(), store.Module(), queue.Module(), hours.Module(), schedule.Module(), i18n.Module(),
		time.Module(), text.Module(), json.Module(), log.Module(),
		os.Module(), math.Module(),
	}
}

// Traits tells what a host call is by its name in journals; see
// engine.BotRuntime. What a function does in several entries has its name with
// a further word after a dot, as "ask.again".
func Traits(call string) engine.Traits {
	for known := traits(); ; {
		if t, ok := known[call]; ok {
			return t
		}
		i := strings.LastIndexByte(call, '.')
		if i < 0 {
			return 0
		}
		call = call[:i]
	}
}

// traits are those of every function. They are never written.
var traits = sync.OnceValue(func() map[string]engine.Traits {
	all := map[string]engine.Traits{}
	for _, m := range All() {
		for _, e := range m.Exports {
			all[m.Entry(e)] = e.Traits
		}
	}
	return all
})
