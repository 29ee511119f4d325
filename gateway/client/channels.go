package client

import (
	"context"
	"net/http"
	"net/url"

	"parley/engine"
	"parley/gateway/api"
)

// Channels are the brand's, with id, kind and name.
func (c *Client) Channels(ctx context.Context) ([]engine.Channel, error) {
	var got api.ListChannels200JSONResponse
	if err := c.ask(ctx, http.MethodGet, "/channels", nil, nil, &got); err != nil {
		return nil, err
	}
	out := make([]engine.Channel, len(got.Channels))
	for i, ch := range got.Channels {
		out[i] = engine.Channel{ID: ch.Id, Kind: engine.ChannelKind(ch.Kind), Name: ch.Name}
	}
	return out, nil
}

// CheckChannel lets the server ask the channel's provider whether it is set up well.
func (c *Client) CheckChannel(ctx context.Context, id string) ([]engine.Finding, error) {
	var got api.CheckChannel200JSONResponse
	if err := c.ask(ctx, http.MethodPost, "/channels/"+url.PathEscape(id)+"/check", nil, nil, &got); err != nil {
		return nil, err
	}
	out := make([]engine.Finding, len(got.Findings))
	for i, f := range got.Findings {
		out[i] = engine.Finding{What: f.What, OK: f.Ok, Problem: text(f.Problem)}
	}
	return out, nil
}
