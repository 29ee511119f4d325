package authors

import (
	"context"
	"encoding/json"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// GetJournal tells what the bots did in a conversation.
func (s *Handlers) GetJournal(ctx context.Context, r api.GetJournalRequestObject) (api.GetJournalResponseObject, error) {
	brand := signin.Who(ctx).User.Brand
	out := api.GetJournal200JSONResponse{Sessions: []api.BotSession{}}
	err := s.Store.View(ctx, func(tx engine.Tx) error {
		if _, err := tx.Conversations().Get(brand, r.Id); err != nil {
			return err
		}
		sessions, err := tx.History().Sessions(brand, r.Id)
		if err != nil {
			return err
		}
		for _, session := range sessions {
			entries, err := tx.Sessions().Journal(session.ID)
			if err != nil {
				return err
			}
			out.Sessions = append(out.Sessions, botSession(session, entries))
		}
		return nil
	})
	return out, err
}

func botSession(o engine.Session, entries []engine.JournalEntry) api.BotSession {
	out := api.BotSession{
		Id: o.ID, Conversation: o.Conversation, Bot: o.Bot, Version: o.Version, State: api.SessionState(o.State),
		CreatedAt: draw.MSOr(o.CreatedAt), Entries: draw.Each(entries, journalEntry),
	}
	if o.State == engine.SessionWaiting {
		out.Wait = wait(o.Wait)
	}
	return out
}

func journalEntry(e engine.JournalEntry) api.JournalEntry {
	out := api.JournalEntry{N: e.N, Call: e.Call, Args: value(e.Args), Line: draw.Or(e.Line), At: draw.MS(e.At)}
	if e.Answer != nil {
		out.Answer = value(e.Answer)
	}
	return out
}

func wait(w engine.Wait) *api.Wait {
	if w.Kind == "" {
		return nil
	}
	return &api.Wait{Kind: api.WaitKind(w.Kind), Step: w.Step, Until: draw.MSOr(w.Until)}
}

// value is stored JSON as it is; what was cut off is a text.
func value(raw []byte) any {
	switch {
	case len(raw) == 0:
		return json.RawMessage("null")
	case !json.Valid(raw):
		return string(raw)
	}
	return json.RawMessage(raw)
}
