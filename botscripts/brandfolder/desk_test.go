package brandfolder_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts/brandfolder"
	"parley/engine"
)

func TestDesk(t *testing.T) {
	t.Parallel()
	for yaml, tt := range map[string]struct {
		want    engine.DeskSettings
		problem string
	}{
		"": {},
		"desk: { lapsed_offers: 5, lost_connection: 90s, away: 2h30m, transfer_wait: 3m }": {want: engine.DeskSettings{LapsedOffers: 5, LostSeconds: 90, AwaySeconds: 9000, TransferSeconds: 180}},
		"desk: { lapsed_offers: never, lost_connection: never, away: never }":              {want: engine.DeskSettings{LapsedOffers: -1, LostSeconds: -1, AwaySeconds: -1}},
		"desk: { lapsed_offers: 0 }":    {problem: "desk.lapsed_offers must be a whole number from 1 to 100"},
		"desk: { lost_connection: 5 }":  {problem: "desk.lost_connection must be a time from 10s to 720h such as 90s, 5m or 2h, or never"},
		"desk: { away: 1s }":            {problem: "desk.away must be a time from 10s"},
		"desk: { transfer_wait: 721h }": {problem: "desk.transfer_wait must be a time from 10s"},
		"desk: { lost_conection: 5m }":  {problem: "lost_conection"},
	} {
		b, problems := brandfolder.Reader{}.Load(fstest.MapFS{"brand.yaml": {Data: []byte("id: acme\n" + yaml + "\n")}})
		var found []string
		for _, p := range problems {
			if p.Line == 2 {
				found = append(found, p.Message)
			}
		}
		if got := strings.Join(found, "; "); !strings.Contains(got, tt.problem) || tt.problem == "" && got != "" {
			t.Errorf("%s: the problem is %q, want %q", yaml, got, tt.problem)
		}
		if diff := cmp.Diff(tt.want, b.Brand.Settings.Desk); tt.problem == "" && diff != "" {
			t.Errorf("%s: %s", yaml, diff)
		}
	}
}

func TestDeskInEffect(t *testing.T) {
	t.Parallel()
	var zero, never engine.DeskSettings
	never.LapsedOffers, never.LostSeconds, never.AwaySeconds, never.TransferSeconds = -1, -1, -1, -1
	if zero.MaxLapses() != 3 || zero.Lost() != 5*time.Minute || zero.Away() != 2*time.Hour || zero.TransferWait() != 5*time.Minute {
		t.Errorf("the defaults are %d, %s, %s, %s", zero.MaxLapses(), zero.Lost(), zero.Away(), zero.TransferWait())
	}
	const decade = 10 * 365 * 24 * time.Hour
	if never.MaxLapses() < 1e6 || never.Lost() < decade || never.Away() < decade || never.TransferWait() < decade {
		t.Error("never comes")
	}
}
