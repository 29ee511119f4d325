package rest

import (
	"context"

	"parley/engine"
	"parley/gateway/api"
)

// ListChannels says of each channel whether its messages go out.
func (s *Server) ListChannels(ctx context.Context, _ api.ListChannelsRequestObject) (api.ListChannelsResponseObject, error) {
	brand := who(ctx).User.Brand
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
						Channel: u.Channel, Class: or(string(u.Class)), Code: or(u.Code), Reason: or(u.Message),
						Since: msOr(u.Since), Next: msOr(u.ProbeAt), Alarm: or(u.Told),
					}
				}
			}
			out.Channels = append(out.Channels, c)
		}
		return nil
	})
	return out, err
}
