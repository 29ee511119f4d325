package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"parley/engine"
	"parley/gateway/office"
)

// How often the desk is asked while webhooks come: about what a hundred agents' pages ask.
const (
	listsPerSecond    = 20
	searchesPerSecond = 4
)

// desk asks as agents' pages do.
type desk struct {
	base, token string
	http        *http.Client
}

func (b *run) openDesk(ctx context.Context, s *site) (*desk, error) {
	made, err := office.Folder{Store: s.store(), Clock: time.Now}.CreateToken(ctx, office.Token{Name: "bench", Role: engine.RoleSupervisor})
	if err != nil {
		return nil, err
	}
	return &desk{base: "http://" + s.hosts[0] + "/api/v1/conversations?", token: made.Secret, http: &http.Client{Timeout: answerTime}}, nil
}

func (d *desk) close() { d.http.CloseIdleConnections() }

// watch asks for lists and searches until ctx ends, and gives how long each took.
func (d *desk) watch(ctx context.Context) (lists, searches []time.Duration, err error) {
	var group sync.WaitGroup
	var listErr, searchErr error
	group.Go(func() {
		lists, listErr = d.repeat(ctx, listsPerSecond, func(n int) url.Values {
			return url.Values{"view": {[]string{"queue", "all"}[n%2]}}
		})
	})
	group.Go(func() {
		searches, searchErr = d.repeat(ctx, searchesPerSecond, func(n int) url.Values {
			return url.Values{"view": {"all"}, "search": {"order " + number(int64(n))}}
		})
	})
	group.Wait()
	return lists, searches, errors.Join(listErr, searchErr)
}

func (d *desk) repeat(ctx context.Context, perSecond float64, query func(n int) url.Values) (took []time.Duration, err error) {
	due := make(chan time.Time)
	// A late answer puts off what follows, as a page does that waits for it.
	go pace(ctx, perSecond, due)
	n := 0
	for range due {
		n++
		began := time.Now()
		if err := d.ask(query(n)); err != nil {
			return took, err
		}
		took = append(took, time.Since(began))
	}
	return took, nil
}

// ask reads one answer whole. It is not cut off by the phase's end.
func (d *desk) ask(query url.Values) error {
	req, err := http.NewRequest(http.MethodGet, d.base+query.Encode(), nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+d.token)
	resp, err := d.http.Do(req)
	if err != nil {
		return fmt.Errorf("asking for conversations: %w", err)
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("asking for conversations was answered %d: %s", resp.StatusCode, body)
	}
	return nil
}
