package draw

import (
	"parley/engine"
	"parley/gateway/api"
)

func Utterance(u engine.Utterance) api.Utterance {
	out := api.Utterance{
		Id: u.N, Conversation: u.Conversation, Message: Or(u.Message), Text: u.Text, Source: api.UtteranceSource(u.Source), State: api.UtteranceState(u.State),
		Intent: Or(u.Intent), Question: Or(u.Question), Version: Or(u.Version), By: Or(u.By), At: MS(u.At),
	}
	out.Guesses = Sized(out.Guesses, len(u.Guesses))
	for i, g := range u.Guesses {
		out.Guesses[i].Intent, out.Guesses[i].Probability = g.Intent, g.Probability
	}
	return out
}
