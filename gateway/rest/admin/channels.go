package admin

import (
	"context"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// ListChannels says of each channel whether its messages go out.
func (s *Handlers) ListChannels(ctx context.Context, _ api.ListChannelsRequestObject) (api.ListChannelsResponseObject, error) {
	brand := signin.Who(ctx).User.Brand
	out := api.ListChannels200JSONResponse{Channels: []api.Channel{}}
	err := s.Store.View(ctx, func(tx engine.Tx) error {
		all, err := tx.Brands().Channels(brand)
		if err != nil {
			return err
		}
		unwell, err := tx.Circuits().List(brand)
		if err != nil {
			return err
		}
		for _, ch := range all {
			c := api.Channel{Id: ch.ID, Kind: string(ch.Kind), Name: ch.Name}
			for _, u := range unwell {
				if u.Channel == ch.ID && u.Open() {
					c.Trouble = &api.ChannelTrouble{
						Channel: u.Channel, Class: draw.Or(string(u.Class)), Code: draw.Or(u.Code), Reason: draw.Or(u.Message),
						Since: draw.MSOr(u.Since), Next: draw.MSOr(u.ProbeAt), Alarm: draw.Or(u.Told),
					}
				}
			}
			out.Channels = append(out.Channels, c)
		}
		return nil
	})
	return out, err
}

// CheckChannel asks the provider of one of the brand's channels.
func (s *Handlers) CheckChannel(ctx context.Context, req api.CheckChannelRequestObject) (api.CheckChannelResponseObject, error) {
	ch, entry, err := s.Catalog.Channel(ctx, req.Channel)
	if err != nil && engine.CodeOf(err) != engine.NotFound {
		return nil, err
	}
	if err != nil || entry.Brand.ID != signin.Who(ctx).User.Brand {
		return nil, engine.Errorf(engine.NotFound, "There is no such channel.")
	}
	found, webhook := s.Look(ctx, ch)
	out := api.CheckChannel200JSONResponse{Webhook: draw.Or(webhook), Findings: []api.Finding{}}
	for _, f := range found {
		out.Findings = append(out.Findings, api.Finding{What: f.What, Ok: f.OK, Problem: draw.Or(f.Problem)})
	}
	return out, nil
}
