package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"text/tabwriter"
)

// Result is what one run measured. Times are milliseconds.
type Result struct {
	IngestPerSecond      float64        `json:"ingest_per_second"`
	IngestMS             Spread         `json:"ingest_ms"`
	TurnsPerSecond       float64        `json:"turns_per_second"`
	TurnMS               Spread         `json:"turn_ms"`
	BareInsertsPerSecond float64        `json:"bare_inserts_per_second"`
	WebhookHalfLoadMS    Spread         `json:"webhook_half_load_ms"`
	FloorPerSecond       float64        `json:"floor_per_second"`
	TurnCoreMS           float64        `json:"turn_core_ms"` // of processor time, clients and fake provider included
	ListsMS              Spread         `json:"lists_ms"`
	SearchMS             Spread         `json:"search_ms"`
	NodeCores            []float64      `json:"node_cores,omitempty"` // that each of several nodes was busy with
	Database             *DatabaseCosts `json:"database,omitempty"`   // nil on SQLite
	RSSMB                float64        `json:"rss_mb"`
	Lost                 int            `json:"lost"`
	Duplicated           int            `json:"duplicated"`
}

// JSON writes the result as one JSON object on one line.
func (r Result) JSON(w io.Writer) error { return json.NewEncoder(w).Encode(r) }

// Table writes the result for people.
func (r Result) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "\tper second\tp50 ms\tp99 ms\t\n")
	fmt.Fprintf(t, "bare inserts\t%.0f\t\t\t\n", r.BareInsertsPerSecond)
	fmt.Fprintf(t, "floor\t%.0f\t\t\t\n", r.FloorPerSecond)
	fmt.Fprintf(t, "ingest\t%.0f\t%.1f\t%.1f\t\n", r.IngestPerSecond, r.IngestMS.P50, r.IngestMS.P99)
	fmt.Fprintf(t, "full turns\t%.0f\t%.1f\t%.1f\t\n", r.TurnsPerSecond, r.TurnMS.P50, r.TurnMS.P99)
	fmt.Fprintf(t, "webhook at half load\t%.0f\t%.1f\t%.1f\t\n", r.TurnsPerSecond/2, r.WebhookHalfLoadMS.P50, r.WebhookHalfLoadMS.P99)
	fmt.Fprintf(t, "lists meanwhile\t\t%.1f\t%.1f\t\n", r.ListsMS.P50, r.ListsMS.P99)
	fmt.Fprintf(t, "searches meanwhile\t\t%.1f\t%.1f\t\n", r.SearchMS.P50, r.SearchMS.P99)
	if err := t.Flush(); err != nil {
		return err
	}
	share := func(v float64) float64 {
		if r.BareInsertsPerSecond == 0 {
			return 0
		}
		return 100 * v / r.BareInsertsPerSecond
	}
	_, err := fmt.Fprintf(w, "\nof bare inserts: floor %.0f %%, ingest %.0f %%, full turns %.1f %%; a turn takes %.2f ms of a core\n"+
		"memory %.0f MB, lost %d, duplicated %d\n",
		share(r.FloorPerSecond), share(r.IngestPerSecond), share(r.TurnsPerSecond), r.TurnCoreMS, r.RSSMB, r.Lost, r.Duplicated)
	if d := r.Database; d != nil && err == nil {
		_, err = fmt.Fprintf(w, "of PostgreSQL a turn takes %.1f round trips with %.1f statements and waits %.1f ms; %.3f updates are run again\n"+
			"cores in use: %.2f by this process, %.2f by the database and all else, by the nodes %v\n",
			d.Trips, d.Statements, d.WaitMS, d.Again, d.ClientCores, d.OtherCores, r.NodeCores)
	}
	return err
}

func round(v float64, digits int) float64 {
	scale := math.Pow10(digits)
	return math.Round(v*scale) / scale
}
