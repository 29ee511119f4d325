package rest

import (
	"context"

	"parley/botscripts/knowledge"
	"parley/engine"
	"parley/engine/learning"
	"parley/gateway/api"
)

// learner is the learning loop over the server's store.
func (s *Server) learner() *learning.Learner {
	return &learning.Learner{Store: s.Store, Clock: s.Clock, Versions: s.Versions, Book: knowledge.Book{Kept: s.Kept}}
}

func learningLimits(request any) error {
	switch r := request.(type) {
	case api.CorrectIntentRequestObject:
		return length("intent", text(r.Body.Intent), 0, maxIntent)
	case api.JudgeToneRequestObject:
		return oneOf("tone", r.Body.Tone, engine.ToneNegative, engine.ToneNeutral, engine.TonePositive)
	case api.ListUtterancesRequestObject:
		return first(optionalOf("state", r.Params.State, api.UtteranceOpen, api.UtteranceAccepted, api.UtteranceDismissed),
			within("limit", r.Params.Limit, 1, maxPage))
	case api.AcceptUtterancesRequestObject:
		return first(length("intent", text(r.Body.Intent), 0, maxIntent), length("question", text(r.Body.Question), 0, maxQuestion),
			length("answer", text(r.Body.Answer), 0, maxAnswer))
	}
	return nil
}

const (
	maxIntent   = 80
	maxQuestion = 500
	maxAnswer   = 8000
)

// CorrectIntent keeps what an agent says that a message means.
func (s *Server) CorrectIntent(ctx context.Context, r api.CorrectIntentRequestObject) (api.CorrectIntentResponseObject, error) {
	u, err := person(ctx)
	if err != nil {
		return nil, err
	}
	if len(r.Message) > maxID {
		return nil, engine.Errorf(engine.NotFound, "There is no such message.")
	}
	kept, err := s.learner().Correct(ctx, u.Brand, r.Id, r.Message, r.Body.Intent, actor(ctx))
	return api.CorrectIntent200JSONResponse(utterance(kept)), err
}

// ListIntents names the intents.
func (s *Server) ListIntents(ctx context.Context, _ api.ListIntentsRequestObject) (api.ListIntentsResponseObject, error) {
	names, err := s.learner().Intents(ctx, who(ctx).User.Brand)
	return api.ListIntents200JSONResponse{Intents: list(names)}, err
}

// ListFAQ gives the FAQ entries with what consumers said of them.
func (s *Server) ListFAQ(ctx context.Context, _ api.ListFAQRequestObject) (api.ListFAQResponseObject, error) {
	all, err := s.learner().Answers(ctx, who(ctx).User.Brand)
	out := api.ListFAQ200JSONResponse{Entries: make([]api.FAQEntry, 0, len(all))}
	for _, a := range all {
		out.Entries = append(out.Entries, api.FAQEntry{
			Question: a.Question, Wordings: a.Wordings, Helped: a.Helped, Unhelped: a.Unhelped, At: msOr(a.At), Active: a.Active,
		})
	}
	return out, err
}

// ListUtterances gives what can be learnt, in groups.
func (s *Server) ListUtterances(ctx context.Context, r api.ListUtterancesRequestObject) (api.ListUtterancesResponseObject, error) {
	state := engine.UtteranceOpen
	if r.Params.State != nil {
		state = engine.UtteranceState(*r.Params.State)
	}
	groups, err := s.learner().Groups(ctx, who(ctx).User.Brand, state)
	out := api.ListUtterances200JSONResponse{Groups: []api.UtteranceGroup{}, Total: len(groups)}
	for _, g := range groups[:min(len(groups), upTo(r.Params.Limit, 50))] {
		group := api.UtteranceGroup{Utterances: []api.Utterance{}}
		for _, row := range learning.Rows(g.Utterances) {
			u := utterance(row.Utterance)
			if row.Count > 1 {
				u.Count = &row.Count
			}
			group.Utterances = append(group.Utterances, u)
		}
		group.Suggestion.Kind = api.UtteranceGroupSuggestionKind(g.Suggestion.Kind)
		group.Suggestion.Name, group.Suggestion.Score = or(g.Suggestion.Name), g.Suggestion.Score
		out.Groups = append(out.Groups, group)
	}
	return out, err
}

// AcceptUtterances teaches the brand's bots.
func (s *Server) AcceptUtterances(ctx context.Context, r api.AcceptUtterancesRequestObject) (api.AcceptUtterancesResponseObject, error) {
	l, err := s.learner().Accept(ctx, who(ctx).User.Brand, learning.Decision{
		Numbers: r.Body.Ids, Intent: text(r.Body.Intent), Question: text(r.Body.Question), Answer: text(r.Body.Answer),
	}, actor(ctx))
	if err != nil {
		return nil, err
	}
	return api.AcceptUtterances200JSONResponse{
		Accepted: l.Accepted(), Version: or(l.Version), Reasons: list(l.Reasons()), Added: list(l.Texts),
		IntentsBefore: understood(l.IntentsBefore), IntentsAfter: understood(l.IntentsAfter),
		FaqBefore: understood(l.FAQBefore), FaqAfter: understood(l.FAQAfter),
		Moved: moved(l.Moved), Broken: meanings(l.Broken), Changed: meanings(l.Changed),
		Tests: understood(l.Tests), Unplayed: l.Unplayed,
	}, nil
}

// DismissUtterances puts utterances aside.
func (s *Server) DismissUtterances(ctx context.Context, r api.DismissUtterancesRequestObject) (api.DismissUtterancesResponseObject, error) {
	return api.DismissUtterances204Response{}, s.learner().Dismiss(ctx, who(ctx).User.Brand, r.Body.Ids, actor(ctx))
}

func moved(all []learning.Moved) []api.MovedIntent {
	out := make([]api.MovedIntent, len(all))
	for i, m := range all {
		out[i] = api.MovedIntent{Intent: m.Intent, Before: understood(m.Before), After: understood(m.After)}
	}
	return out
}

func utterance(u engine.Utterance) api.Utterance {
	out := api.Utterance{
		Id: u.N, Conversation: u.Conversation, Message: or(u.Message), Text: u.Text, Source: api.UtteranceSource(u.Source), State: api.UtteranceState(u.State),
		Intent: or(u.Intent), Question: or(u.Question), Version: or(u.Bundle), By: or(u.By), At: ms(u.At),
	}
	out.Guesses = list(out.Guesses)
	for _, g := range u.Guesses {
		out.Guesses = append(out.Guesses, struct {
			Intent      string  `json:"intent"`
			Probability float64 `json:"probability"`
		}{g.Intent, g.Probability})
	}
	return out
}

func understood(s learning.Share) api.Understood { return api.Understood{Right: s.Right, Of: s.Of} }

func meanings(list []learning.Change) []api.Meaning {
	out := []api.Meaning{}
	for _, c := range list {
		out = append(out, api.Meaning{Text: c.Text, Was: c.Was, Is: c.Is})
	}
	return out
}
