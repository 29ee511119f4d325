package authors

import (
	"cmp"
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
	return api.ListFAQ200JSONResponse{Entries: draw.Each(all, func(a learning.Answer) api.FAQEntry {
		return api.FAQEntry{Question: a.Question, Wordings: a.Wordings, Helped: a.Helped, Unhelped: a.Unhelped, At: draw.MSOr(a.At), Active: a.Active}
	})}, err
}

// ListUtterances gives what can be learnt, in groups.
func (s *Handlers) ListUtterances(ctx context.Context, r api.ListUtterancesRequestObject) (api.ListUtterancesResponseObject, error) {
	state := cmp.Or(engine.UtteranceState(draw.Given(r.Params.State)), engine.UtteranceOpen)
	groups, err := s.Learner.Groups(ctx, signin.Who(ctx).User.Brand, state)
	first := groups[:min(len(groups), draw.UpTo(r.Params.Limit, 50))]
	return api.ListUtterances200JSONResponse{Groups: draw.Each(first, utteranceGroup), Total: len(groups)}, err
}

func utteranceGroup(g learning.Group) api.UtteranceGroup {
	out := api.UtteranceGroup{Utterances: draw.Each(learning.Rows(g.Utterances), func(row learning.Row) api.Utterance {
		u := draw.Utterance(row.Utterance)
		if row.Count > 1 {
			u.Count = &row.Count
		}
		return u
	})}
	out.Suggestion.Kind = api.UtteranceGroupSuggestionKind(g.Suggestion.Kind)
	out.Suggestion.Name, out.Suggestion.Score = draw.Or(g.Suggestion.Name), g.Suggestion.Score
	return out
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
		Moved: draw.Each(l.Moved, moved), Broken: draw.Each(l.Broken, meaning), Changed: draw.Each(l.Changed, meaning),
		Tests: understood(l.Tests), Unplayed: l.Unplayed,
	}, nil
}

// DismissUtterances puts utterances aside.
func (s *Handlers) DismissUtterances(ctx context.Context, r api.DismissUtterancesRequestObject) (api.DismissUtterancesResponseObject, error) {
	return api.DismissUtterances204Response{}, s.Learner.Dismiss(ctx, signin.Who(ctx).User.Brand, r.Body.Ids, signin.Who(ctx).Actor())
}

func moved(m learning.Moved) api.MovedIntent {
	return api.MovedIntent{Intent: m.Intent, Before: understood(m.Before), After: understood(m.After)}
}

func understood(s learning.Share) api.Understood { return api.Understood{Right: s.Right, Of: s.Of} }

func meaning(c learning.Change) api.Meaning { return api.Meaning{Text: c.Text, Was: c.Was, Is: c.Is} }
