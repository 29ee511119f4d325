package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"parley/botscripts/check"
	"parley/engine"
	"parley/engine/versions"
	"parley/engine/versions/trial"
	"parley/gateway/api"
	"parley/gateway/folder"
)

// Brands gives the brand of the token.
func (c *Client) Brands(ctx context.Context) ([]string, error) {
	var s api.Session
	err := c.ask(ctx, http.MethodGet, "/session", nil, nil, &s)
	if err != nil {
		return nil, err
	}
	return []string{s.Brand.Id}, nil
}

// most is how long a list may be.
const most = 200

func page(since time.Time, limit int) url.Values {
	q := url.Values{"limit": {strconv.Itoa(max(1, min(limit, most)))}}
	if !since.IsZero() {
		q.Set("since", strconv.FormatInt(max(0, since.UnixMilli()), 10))
	}
	return q
}

// Overview lists versions with their figures, and what was done with them.
func (c *Client) Overview(ctx context.Context, brand string, since time.Time, limit int) (versions.Overview, error) {
	var list struct {
		Active   string
		Canary   *api.Canary
		Versions []api.Version
	}
	var log struct{ Releases []api.Release }
	o := versions.Overview{Brand: engine.Brand{ID: brand}}
	if err := c.ask(ctx, http.MethodGet, "/versions", page(since, limit), nil, &list); err != nil {
		return o, err
	}
	if err := c.ask(ctx, http.MethodGet, "/versions/log", page(time.Time{}, limit), nil, &log); err != nil {
		return o, err
	}
	o.Brand.Version = list.Active
	if list.Canary != nil {
		o.Brand.Canary = engine.Canary{Version: list.Canary.Version, Share: list.Canary.Share}
	}
	for _, v := range list.Versions {
		l := versions.Listed{Hash: v.Version, Model: text(v.Model), CreatedAt: time.UnixMilli(v.CreatedAt), Active: v.Active, Share: v.Share, Held: text(v.Held)}
		for _, b := range v.Bots {
			l.Figures = append(l.Figures, engine.VersionFigures{
				Version: v.Version, Bot: b.Bot, Conversations: b.Figures.Conversations, Waiting: b.Figures.Waiting,
				Contained: b.Figures.Contained, HandedOver: b.Figures.HandedOver, Failed: b.Figures.Failed,
			})
		}
		o.Versions = append(o.Versions, l)
	}
	for _, r := range log.Releases {
		e := engine.VersionChange{Brand: brand, Version: r.Version, Kind: engine.VersionChangeKind(r.Kind), Actor: r.Actor, Note: text(r.Note), At: time.UnixMilli(r.At)}
		if r.Share != nil {
			e.Share = *r.Share
		}
		o.History = append(o.History, e)
	}
	return o, nil
}

func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

type named struct {
	Version string
	Changed bool
}

// Find gives the full hash of a version.
func (c *Client) Find(ctx context.Context, _, prefix string) (string, error) {
	var v named
	err := c.ask(ctx, http.MethodGet, "/versions/"+url.PathEscape(prefix), url.Values{"files": {"false"}}, nil, &v)
	return v.Version, err
}

// Bundle gives a version with its files.
func (c *Client) Bundle(ctx context.Context, brand, hash string) (engine.Bundle, error) {
	var v struct {
		Version   string
		CreatedAt int64 `json:"created_at"`
		Files     map[string]string
	}
	err := c.ask(ctx, http.MethodGet, "/versions/"+url.PathEscape(hash), nil, nil, &v)
	return engine.Bundle{Hash: v.Version, Brand: brand, Files: v.Files, CreatedAt: time.UnixMilli(v.CreatedAt)}, err
}

// maxExamples is how many conversations a group names at most.
const maxExamples = 10_000

// Blast says what a version that need not be stored would make of what waits.
func (c *Client) Blast(ctx context.Context, b engine.Bundle, t trial.Options) (trial.Report, error) {
	var got api.Blast
	body := map[string]any{"files": b.Files, "sample": t.Sample}
	if t.Examples > 0 {
		body["examples"] = min(t.Examples, maxExamples)
	}
	if err := c.ask(ctx, http.MethodPost, "/bots/blast", nil, body, &got); err != nil {
		return trial.Report{}, err
	}
	r := trial.Report{Waiting: got.Waiting, Same: got.Same, Tried: got.Tried}
	for _, g := range got.Groups {
		group := trial.Group{Fate: trial.Fate(g.Fate), Bot: text(g.Bot), File: text(g.File), Message: text(g.Message), Sessions: g.Sessions}
		if g.Line != nil {
			group.Line = *g.Line
		}
		for _, e := range g.Examples {
			group.Examples = append(group.Examples, trial.Example{Session: e.Session, Conversation: e.Conversation, Version: e.Version})
		}
		r.Groups = append(r.Groups, group)
	}
	return r, nil
}

// Push stores a version. The error may be folder.Problems.
func (c *Client) Push(ctx context.Context, b engine.Bundle, by versions.By) (bool, error) {
	var got struct {
		Version  string
		Fresh    bool
		Problems []api.Problem
	}
	if err := c.ask(ctx, http.MethodPost, "/versions", nil, map[string]any{"files": b.Files, "note": by.Note}, &got); err != nil {
		return false, err
	}
	var problems folder.Problems
	for _, p := range got.Problems {
		problems = append(problems, check.Problem(p).String())
	}
	switch {
	case len(problems) > 0:
		return false, problems
	case got.Version != b.Hash:
		return false, engine.Errorf(engine.Conflict, "The server takes these files for another version.")
	}
	return got.Fresh, nil
}

// do asks for a change of a version.
func (c *Client) do(ctx context.Context, method, path string, body map[string]any) (v named, err error) {
	if body == nil { // ask would take it for one
		return v, c.ask(ctx, method, path, nil, nil, nil)
	}
	return v, c.ask(ctx, method, path, nil, body, &v)
}

// Activate lets new conversations run a version.
func (c *Client) Activate(ctx context.Context, _, hash string, by versions.By) (bool, error) {
	v, err := c.do(ctx, http.MethodPost, "/versions/"+url.PathEscape(hash)+"/activate", map[string]any{"note": by.Note})
	return v.Changed, err
}

// RollBack goes back to the last good version.
func (c *Client) RollBack(ctx context.Context, _ string, by versions.By) (string, error) {
	v, err := c.do(ctx, http.MethodPost, "/versions/rollback", map[string]any{"note": by.Note})
	return v.Version, err
}

// Canary tries a version on a share of new conversations.
func (c *Client) Canary(ctx context.Context, _, hash string, share int, by versions.By) error {
	_, err := c.do(ctx, http.MethodPut, "/versions/canary", map[string]any{"version": hash, "share": share, "note": by.Note})
	return err
}

// StopCanary ends the canary.
func (c *Client) StopCanary(ctx context.Context, _ string, _ versions.By) error {
	_, err := c.do(ctx, http.MethodDelete, "/versions/canary", nil)
	return err
}

// Release allows a held version again.
func (c *Client) Release(ctx context.Context, _, hash string, by versions.By) error {
	_, err := c.do(ctx, http.MethodPost, "/versions/"+url.PathEscape(hash)+"/release", map[string]any{"note": by.Note})
	return err
}

// Move takes a conversation off the version of its session.
func (c *Client) Move(ctx context.Context, brand, conversation string, choice versions.Choice, rev int64, by versions.By) (engine.Conversation, error) {
	var conv api.Conversation
	body := map[string]any{"choice": choice, "rev": rev, "note": by.Note}
	err := c.ask(ctx, http.MethodPost, "/conversations/"+url.PathEscape(conversation)+"/session", nil, body, &conv)
	return engine.Conversation{ID: conv.Id, Brand: brand, State: engine.State(conv.State), Owner: engine.Owner(conv.Owner), Rev: conv.Rev}, err
}

// Faults lists where bots failed.
func (c *Client) Faults(ctx context.Context, brand string, since time.Time, limit int) ([]engine.FaultGroup, error) {
	var got struct{ Faults []api.FaultGroup }
	err := c.ask(ctx, http.MethodGet, "/faults", page(since, limit), nil, &got)
	var out []engine.FaultGroup
	for _, g := range got.Faults {
		out = append(out, faultGroup(brand, g))
	}
	return out, err
}

// Fault gives one fault with the conversations that met it.
func (c *Client) Fault(ctx context.Context, brand, id string, limit int) (engine.FaultGroup, []string, error) {
	var got struct {
		Fault         api.FaultGroup
		Conversations []string
	}
	err := c.ask(ctx, http.MethodGet, "/faults/"+url.PathEscape(id), nil, nil, &got)
	return faultGroup(brand, got.Fault), got.Conversations[:min(limit, len(got.Conversations))], err
}

func faultGroup(brand string, g api.FaultGroup) engine.FaultGroup {
	return engine.FaultGroup{
		Brand: brand, ID: g.Id, Fault: g.Fault, Conversations: g.Conversations, Count: g.Count,
		First: time.UnixMilli(g.First), Last: time.UnixMilli(g.Last), Sample: text(g.Sample),
	}
}
