package listen

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync/atomic"
	"time"

	"parley/engine"
	"parley/engine/understanding/nlu"
	"parley/engine/understanding/sentiment"
)

const (
	lookEvery = 30 * time.Second // for labels that another process took
	// labels are the most that a brand's scorer is trained from, the newest.
	labels = 5000
	// rest is how many times as long as a training the next one waits.
	rest = 9
)

// Config is what a Listener works with. All fields are required.
type Config struct {
	Store engine.Store
	Clock engine.Clock
	Log   *slog.Logger
}

// Listener hears messages: by the brand's own labels where there are enough of
// them, else by lexicon. Safe for concurrent use. A nil Listener has the lexicon
// only, and cannot judge.
type Listener struct {
	cfg     Config
	wake    chan struct{}
	scorers atomic.Pointer[map[string]sentiment.Scorer] // by brand; a map that is in here never changes
}

// New makes a listener; Run lets it learn.
func New(cfg Config) *Listener {
	l := &Listener{cfg: cfg, wake: make(chan struct{}, 1)}
	l.scorers.Store(&map[string]sentiment.Scorer{})
	return l
}

func (l *Listener) scorer(brand string) sentiment.Scorer {
	if l == nil {
		return sentiment.Scorer{}
	}
	return (*l.scorers.Load())[brand]
}

// Run learns the brands' labels until ctx ends, and then returns nil: those that
// it finds at the start, those of Judge at once, and every 30 s those that other
// processes took. It trains for at most a tenth of the time.
func (l *Listener) Run(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	known := map[string]int64{} // version of the labels that each scorer was trained from
	for {
		began := l.cfg.Clock()
		if err := l.learn(ctx, known); err != nil && ctx.Err() == nil {
			l.cfg.Log.Error("what agents say of messages cannot be read", "error", err)
		}
		if !engine.Sleep(ctx, rest*l.cfg.Clock().Sub(began)) {
			return nil
		}
		select {
		case <-l.wake:
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// learn trains anew for the brands whose labels changed.
func (l *Listener) learn(ctx context.Context, known map[string]int64) error {
	versions := map[string]int64{}
	err := l.cfg.Store.View(ctx, func(tx engine.Tx) error {
		brands, err := tx.Brands().List()
		for _, b := range brands {
			if err == nil {
				versions[b.ID], err = tx.Tones().Version(b.ID)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	var errs []error
	for brand, version := range versions {
		if version == known[brand] {
			continue
		}
		if err := l.train(ctx, brand); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", brand, err))
			continue
		}
		known[brand] = version
	}
	return errors.Join(errs...)
}

func (l *Listener) train(ctx context.Context, brand string) error {
	judged, err := engine.View(ctx, l.cfg.Store, func(tx engine.Tx) ([]engine.Message, error) { return tx.Tones().Judged(brand, labels) })
	if err != nil {
		return err
	}
	var examples []nlu.Example
	for _, m := range judged {
		if text := m.Content.Text; hears(m.Content) {
			examples = append(examples, nlu.Example{
				Text: text[:min(len(text), longest)], Label: string(cmp.Or(m.Heard.Tone, engine.ToneNeutral)),
			})
		}
	}
	scorer, err := sentiment.Train(ctx, examples)
	if err != nil {
		return err
	}
	scorers := maps.Clone(*l.scorers.Load())
	scorers[brand] = scorer
	l.scorers.Store(&scorers)
	l.cfg.Log.Info("learnt how consumers sound", "brand", brand, "labels", len(examples), "by_lexicon", !scorer.Trained())
	return nil
}
