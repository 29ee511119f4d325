package authors

import (
	"context"
	"regexp"
	"slices"
	"time"

	"parley/botscripts/brandfolder"
	"parley/botscripts/chattest"
	"parley/botscripts/check"
	"parley/botscripts/luaapi"
	"parley/engine"
	"parley/engine/log/recording"
	"parley/engine/simulate"
	"parley/engine/timetravel"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
	"parley/storage/memory"
)

// GetReference gives the Lua API for completion and help.
func (s *Handlers) GetReference(context.Context, api.GetReferenceRequestObject) (api.GetReferenceResponseObject, error) {
	pages, err := luaapi.Reference()
	if err != nil {
		return nil, err
	}
	raw, err := luaapi.JSON(pages)
	return referenceAnswer(raw), err
}

// CheckBots compiles and checks files.
func (s *Handlers) CheckBots(ctx context.Context, r api.CheckBotsRequestObject) (api.CheckBotsResponseObject, error) {
	b, found := s.reader.FromFiles(r.Body.Files)
	return api.CheckBots200JSONResponse{Version: b.Bundle.Hash, Problems: draw.List(s.problems(ctx, b, found))}, nil
}

// problems adds to what the folder's reader found what the compiler and the
// linter find. The brand must be the one of who asks.
func (s *Handlers) problems(ctx context.Context, b brandfolder.Brand, found []brandfolder.Problem) []api.Problem {
	var out []api.Problem
	add := func(p api.Problem) {
		if !slices.Contains(out, p) { // both read the texts
			out = append(out, p)
		}
	}
	for _, p := range found {
		add(api.Problem(p))
	}
	if id := signin.Who(ctx).User.Brand; b.Brand.ID != id && b.Brand.ID != "" {
		add(api.Problem{File: "brand.yaml", Message: "id: this is another brand; yours is " + id})
	}
	for _, p := range s.runtime.Check(b.Bundle) {
		add(api.Problem(p))
	}
	return out
}

// program reads what shall be tried: files, or a stored version.
func (s *Handlers) program(ctx context.Context, files *api.Files, name *string) (brandfolder.Brand, []api.Problem, error) {
	var b brandfolder.Brand
	switch {
	case files != nil && draw.Text(name) != "", files == nil && draw.Text(name) == "":
		return b, nil, engine.FieldError("files", "is needed, or version, and not both")
	case files == nil:
		stored, err := s.stored(ctx, *name)
		if err != nil {
			return b, nil, err
		}
		files = (*api.Files)(&stored.Files)
	}
	b, found := s.reader.FromFiles(*files)
	return b, s.problems(ctx, b, found), nil
}

// TestBots runs the tests of files.
func (s *Handlers) TestBots(ctx context.Context, r api.TestBotsRequestObject) (api.TestBotsResponseObject, error) {
	match, err := regexp.Compile(draw.Text(r.Body.Match))
	if err != nil {
		return nil, engine.FieldError("match", "is not a regular expression").Because(err)
	}
	b, problems, err := s.program(ctx, r.Body.Files, r.Body.Version)
	if err != nil {
		return nil, err
	}
	out := api.TestBots200JSONResponse{Problems: draw.List(problems), Tests: []api.TestResult{}}
	if len(problems) > 0 {
		return out, nil
	}
	cover := draw.Given(r.Body.Cover)
	// One processor, and the limits of those who answer consumers: they have the rest.
	rep, err := chattest.Suite{Brand: b, Store: memory.New, Match: match, Cover: cover, Workers: 1, Limits: chattest.Limits(), Kept: s.Kept}.Run(ctx)
	if err != nil {
		return nil, err
	}
	out.Problems = draw.Each(rep.Problems, func(p chattest.Problem) api.Problem { return api.Problem(p) })
	out.Failed, out.TookMs = rep.Failed(), rep.Took.Milliseconds()
	out.Passed = len(rep.Results) - out.Failed
	out.Tests = draw.Each(rep.Results, testResult)
	if cover {
		out.Cover = new(draw.Each(rep.Cover, func(f chattest.FileCover) api.FileCover {
			return api.FileCover{File: f.File, Lines: f.Lines, Ran: f.Ran, Percent: f.Percent(), Missed: draw.List(f.Missed)}
		}))
	}
	return out, nil
}

func testResult(t chattest.Result) api.TestResult {
	out := api.TestResult{
		File: t.Test.File, Line: t.Test.Line, Title: t.Test.Title, Passed: t.Failure == nil, TookMs: t.Took.Milliseconds(),
	}
	if f := t.Failure; f != nil {
		out.Failure = &api.TestFailure{
			Line: f.Line, Message: f.Message, Expected: draw.Or(f.Expected), Got: draw.Or(f.Got), Bot: draw.Or(f.Bot), Context: draw.List(f.Context),
		}
	}
	return out
}

const week = 7 * 24 * time.Hour

// ReplayBots runs files over recorded conversations.
func (s *Handlers) ReplayBots(ctx context.Context, r api.ReplayBotsRequestObject) (api.ReplayBotsResponseObject, error) {
	b, problems, err := s.program(ctx, r.Body.Files, r.Body.Version)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, engine.FieldError("files", "cannot be used: %s", check.Problem(problems[0]))
	}
	period := recording.Period{Brand: signin.Who(ctx).User.Brand, From: s.Clock().Add(-week), Limit: draw.UpTo(r.Body.Limit, 1000)}
	if r.Body.From != nil {
		period.From = time.UnixMilli(*r.Body.From)
	}
	if r.Body.Until != nil {
		period.Until = time.UnixMilli(*r.Body.Until)
	}
	v := timetravel.Version{Stage: simulate.Stage{Runtime: cancelled{s.runtime, ctx}, Store: memory.New}, Brand: b.Brand, Channels: b.Channels, Skills: b.Skills, Bundle: b.Bundle}
	out, show := api.ReplayBots200JSONResponse{Results: []api.ReplayResult{}}, draw.UpTo(r.Body.Show, 50)
	out.Summary, err = timetravel.Replay(ctx, v, func(fn func(recording.Recording) error) error {
		return recording.Each(ctx, s.Store, s.runtime.Traits, period, fn)
	}, func(res timetravel.Result) error {
		if len(out.Results) < show && (len(res.Differences) > 0 || res.Error != "") {
			res.Differences = draw.List(res.Differences)
			out.Results = append(out.Results, res)
		}
		return nil
	})
	return out, err
}

// cancelled is a runtime whose bots stop when the request has ended.
type cancelled struct {
	engine.BotRuntime
	ctx context.Context
}

func (r cancelled) Bot(hash, name string, load func() (engine.Bundle, error)) (engine.Bot, error) {
	b, err := r.BotRuntime.Bot(hash, name, load)
	return cancelledBot{b, r.ctx}, err
}

type cancelledBot struct {
	bot engine.Bot
	ctx context.Context
}

func (b cancelledBot) Step(t engine.Turn) (engine.Outcome, error) {
	if err := b.ctx.Err(); err != nil {
		return engine.Outcome{}, err
	}
	return b.bot.Step(t)
}
