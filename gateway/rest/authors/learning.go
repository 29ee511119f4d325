package authors

import (
	"context"

	"parley/engine"
	"parley/engine/learning"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// ListFAQ gives the FAQ entries with what consumers said of them.
func (s *Handlers) ListFAQ(ctx context.Context, _ api.ListFAQRequestObject) (api.ListFAQResponseObject, error) {
	all, err := s.Learner.Answers(ctx, signin.Who(ctx).User.Brand)
	out := api.ListFAQ200JSONResponse{Entries: make([]api.FAQEntry, 0, len(all))}
	for _, a := range all {
		out.Entries = append(out.Entries, api.FAQEntry{
			Question: a.Question, Wordings: a.Wordings, Helped: a.Helped, Unhelped: a.Unhelped, At: draw.MSOr(a.At), Active: a.Active,
		})
	}
	return out, err
}

// ListUtterances gives what can be learnt, in groups.
func (s *Handlers) ListUtterances(ctx context.Context, r api.ListUtterancesRequestObject) (api.ListUtterancesResponseObject, error) {
	state := engine.UtteranceOpen
	if r.Params.State != nil {
		state = engine.UtteranceState(*r.Params.State)
	}
	groups, err := s.Learner.Groups(ctx, signin.Who(ctx).User.Brand, state)
	out := api.ListUtterances200JSONResponse{Groups: []api.UtteranceGroup{}, Total: len(groups)}
	for _, g := range groups[:min(len(groups), draw.UpTo(r.Params.Limit, 50))] {
		group := api.UtteranceGroup{Utterances: []api.Utterance{}}
		for _, row := range learning.Rows(g.Utterances) {
			u := draw.Utterance(row.Utterance)
			if row.Count > 1 {
				u.Count = &row.Count
			}
			group.Utterances = append(group.Utterances, u)
		}
		group.Suggestion.Kind = api.UtteranceGroupSuggestionKind(g.Suggestion.Kind)
		group.Suggestion.Name, group.Suggestion.Score = draw.Or(g.Suggestion.Name), g.Suggestion.Score
		out.Groups = append(out.Groups, group)
	}
	return out, err
}

// AcceptUtterances teaches the brand's bots.
func (s *Handlers) AcceptUtterances(ctx context.Context, r api.AcceptUtterancesRequestObject) (api.AcceptUtterancesResponseObject, error) {
	l, err := s.Learner.Accept(ctx, signin.Who(ctx).User.Brand, learning.Decision{
		Numbers: r.Body.Ids, Intent: draw.Text(r.Body.Intent), Question: draw.Text(r.Body.Question), Answer: draw.Text(r.Body.Answer),
	}, signin.Who(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return api.AcceptUtterances200JSONResponse{
		Accepted: l.Accepted(), Version: draw.Or(l.Version), Reasons: draw.List(l.Reasons()), Added: draw.List(l.Texts),
		IntentsBefore: understood(l.IntentsBefore), IntentsAfter: understood(l.IntentsAfter),
		FaqBefore: understood(l.FAQBefore), FaqAfter: understood(l.FAQAfter),
		Moved: moved(l.Moved), Broken: meanings(l.Broken), Changed: meanings(l.Changed),
		Tests: understood(l.Tests), Unplayed: l.Unplayed,
	}, nil
}

// DismissUtterances puts utterances aside.
func (s *Handlers) DismissUtterances(ctx context.Context, r api.DismissUtterancesRequestObject) (api.DismissUtterancesResponseObject, error) {
	return api.DismissUtterances204Response{}, s.Learner.Dismiss(ctx, signin.Who(ctx).User.Brand, r.Body.Ids, signin.Who(ctx).Actor())
}

func moved(all []learning.Moved) []api.MovedIntent {
	out := make([]api.MovedIntent, len(all))
	for i, m := range all {
		out[i] = api.MovedIntent{Intent: m.Intent, Before: understood(m.Before), After: understood(m.After)}
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
