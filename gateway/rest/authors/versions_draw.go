package authors

import (
	"errors"
	"fmt"

	"parley/engine"
	"parley/engine/versions"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
)

func version(v versions.Listed) api.Version {
	out := api.Version{
		Version: v.Hash, Model: draw.Or(v.Model), CreatedAt: draw.MS(v.CreatedAt), Active: v.Active, Share: v.Share, Held: draw.Or(v.Held), Figures: figures(v.Total()),
	}
	out.Bots = draw.List(out.Bots)
	for _, f := range v.Figures {
		out.Bots = append(out.Bots, struct {
			Bot     string      `json:"bot"`
			Figures api.Figures `json:"figures"`
		}{f.Bot, figures(f)})
	}
	return out
}

func figures(f engine.VersionFigures) api.Figures {
	return api.Figures{Conversations: f.Conversations, Waiting: f.Waiting, Contained: f.Contained, HandedOver: f.HandedOver, Failed: f.Failed}
}

func fileDiff(f versions.FileDiff) api.FileDiff {
	out := api.FileDiff{
		Path: f.Path, Part: api.FileDiffPart(f.Part), Change: api.FileDiffChange(f.Change), Added: f.Added, Removed: f.Removed,
	}
	out.Hunks = draw.List(out.Hunks)
	for _, h := range f.Hunks {
		lines := []string{}
		for _, l := range h.Lines {
			lines = append(lines, string(rune(l.Op))+l.Text)
		}
		out.Hunks = append(out.Hunks, struct {
			Lines []string `json:"lines"`
			New   int      `json:"new"`
			Old   int      `json:"old"`
		}{lines, h.New, h.Old})
	}
	return out
}

func blast(r versions.Report) api.Blast {
	out := api.Blast{Text: r.String(), Waiting: r.Waiting, Same: r.Same, Tried: r.Tried, Groups: []api.BlastGroup{}}
	for _, g := range r.Groups {
		group := api.BlastGroup{
			Fate: api.BlastGroupFate(g.Fate), Bot: draw.Or(g.Bot), File: draw.Or(g.File), Line: draw.Or(g.Line), Message: draw.Or(g.Message), Sessions: g.Sessions,
		}
		group.Examples = draw.List(group.Examples)
		for _, e := range g.Examples {
			group.Examples = append(group.Examples, struct {
				Conversation string `json:"conversation"`
				Session      string `json:"session"`
				Version      string `json:"version"`
			}{e.Conversation, e.Session, e.Bundle})
		}
		out.Groups = append(out.Groups, group)
	}
	return out
}

func faultGroup(g engine.FaultGroup) api.FaultGroup {
	return api.FaultGroup{
		Id: g.ID, Fault: g.Fault, Conversations: g.Conversations, Count: g.Count, First: draw.MS(g.First), Last: draw.MS(g.Last), Sample: draw.Or(g.Sample),
	}
}

// wordsOf is an error as a sentence about a file.
func wordsOf(err error) string {
	var e *engine.Error
	if errors.As(err, &e) && e.Field != "" {
		return e.Field + " " + e.Message
	}
	return engine.MessageOf(err)
}

func problemText(p api.Problem) string {
	switch {
	case p.File == "":
		return p.Message
	case p.Line == 0:
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
}
