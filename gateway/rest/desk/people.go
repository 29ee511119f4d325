package desk

import (
	"context"
	"slices"
	"time"

	"parley/engine"
	"parley/engine/hours"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// ListAgents gives the brand's agents with state and load.
func (s *Handlers) ListAgents(ctx context.Context, _ api.ListAgentsRequestObject) (api.ListAgentsResponseObject, error) {
	brand := signin.Who(ctx).User.Brand
	out := api.ListAgents200JSONResponse{Agents: []api.Agent{}}
	err := s.Store.View(ctx, func(tx engine.Tx) error {
		users, err := tx.Users().List(brand)
		if err != nil {
			return err
		}
		load, err := tx.Conversations().Load(brand)
		if err != nil {
			return err
		}
		for _, u := range users {
			if !u.Disabled {
				out.Agents = append(out.Agents, s.agent(u, load))
			}
		}
		return nil
	})
	return out, err
}

// ListSkills gives the brand's skills with what waits and who is there.
func (s *Handlers) ListSkills(ctx context.Context, _ api.ListSkillsRequestObject) (api.ListSkillsResponseObject, error) {
	brand := signin.Who(ctx).User.Brand
	e, err := s.Catalog.Brand(ctx, brand)
	if err != nil {
		return nil, err
	}
	var users []engine.User
	var queue []engine.QueueEntry
	err = s.Store.View(ctx, func(tx engine.Tx) (err error) {
		if users, err = tx.Users().List(brand); err != nil {
			return err
		}
		queue, err = tx.Queue().List(brand)
		return err
	})
	if err != nil {
		return nil, err
	}
	now := s.Clock()
	return api.ListSkills200JSONResponse{Skills: draw.Each(e.Skills, func(skill engine.Skill) api.Skill {
		return skillOf(e.Brand, skill, users, queue, now)
	})}, nil
}

func skillOf(brand engine.Brand, skill engine.Skill, users []engine.User, queue []engine.QueueEntry, now time.Time) api.Skill {
	open := brand.Settings.Hours
	if skill.Hours != nil {
		open = *skill.Hours
	}
	out := api.Skill{
		Id: skill.ID, Name: skill.Name, Outcomes: draw.List(skill.Outcomes),
		Open: hours.IsOpen(open, brand.Settings.TimeZone, now),
	}
	if !out.Open {
		if at, ok := hours.NextOpening(open, brand.Settings.TimeZone, now); ok {
			out.OpensAt = draw.MSOr(at)
		}
	}
	for _, u := range users {
		if u.Available(now) && slices.Contains(u.Skills, skill.ID) {
			out.Online++
		}
	}
	for _, q := range queue {
		if q.Skill != skill.ID {
			continue
		}
		out.Waiting++
		if at := draw.MS(q.EnteredAt); out.Oldest == nil || at < *out.Oldest {
			out.Oldest = &at
		}
	}
	return out
}
