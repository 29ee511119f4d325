package draw

import (
	"parley/engine"
	"parley/gateway/api"
)

func Utterance(u engine.Utterance) api.Utterance {
	out := api.Utterance{
		Id: u.N, Conversation: u.Conversation, Message: Or(u.Message), Text: u.Text, Source: api.UtteranceSource(u.Source), State: api.UtteranceState(u.State),
		Intent: Or(u.Intent), Question: Or(u.Question), Version: Or(u.Bundle), By: Or(u.By), At: MS(u.At),
	}
	out.Guesses = List(out.Guesses)
	for _, g := range u.Guesses {
		out.Guesses = append(out.Guesses, struct {
			Intent      string  `json:"intent"`
			Probability float64 `json:"probability"`
		}{g.Intent, g.Probability})
	}
	return out
}
