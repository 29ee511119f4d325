package authors

import (
	"errors"

	"parley/engine"
	"parley/engine/versions"
	"parley/engine/versions/diff"
	"parley/engine/versions/trial"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
)

func version(v versions.Listed) api.Version {
	out := api.Version{
		Version: v.Hash, Model: draw.Or(v.Model), CreatedAt: draw.MS(v.CreatedAt), Active: v.Active, Share: v.Share, Held: draw.Or(v.Held), Figures: figures(v.Total()),
	}
	out.Bots = draw.Sized(out.Bots, len(v.Figures))
	for i, f := range v.Figures {
		out.Bots[i].Bot, out.Bots[i].Figures = f.Bot, figures(f)
	}
	return out
}

func figures(f engine.VersionFigures) api.Figures {
	return api.Figures{Conversations: f.Conversations, Waiting: f.Waiting, Contained: f.Contained, HandedOver: f.HandedOver, Failed: f.Failed}
}

func fileDiff(f diff.File) api.FileDiff {
	out := api.FileDiff{
		Path: f.Path, Part: api.FileDiffPart(f.Part), Change: api.FileDiffChange(f.Change), Added: f.Added, Removed: f.Removed,
	}
	out.Hunks = draw.Sized(out.Hunks, len(f.Hunks))
	for i, h := range f.Hunks {
		out.Hunks[i].New, out.Hunks[i].Old = h.New, h.Old
		out.Hunks[i].Lines = draw.Each(h.Lines, func(l diff.Line) string { return string(rune(l.Op)) + l.Text })
	}
	return out
}

func blast(r trial.Report) api.Blast {
	return api.Blast{Text: r.String(), Waiting: r.Waiting, Same: r.Same, Tried: r.Tried, Groups: draw.Each(r.Groups, blastGroup)}
}

func blastGroup(g trial.Group) api.BlastGroup {
	out := api.BlastGroup{
		Fate: api.BlastGroupFate(g.Fate), Bot: draw.Or(g.Bot), File: draw.Or(g.File), Line: draw.Or(g.Line), Message: draw.Or(g.Message), Sessions: g.Sessions,
	}
	out.Examples = draw.Sized(out.Examples, len(g.Examples))
	for i, e := range g.Examples {
		out.Examples[i].Conversation, out.Examples[i].Session, out.Examples[i].Version = e.Conversation, e.Session, e.Version
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
