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
	IngestPerSecond      float64 `json:"ingest_per_second"`
	IngestMS             Spread  `json:"ingest_ms"`
	TurnsPerSecond       float64 `json:"turns_per_second"`
	TurnMS               Spread  `json:"turn_ms"`
	BareInsertsPerSecond float64 `json:"bare_inserts_per_second"`
	WebhookHalfLoadMS    Spread  `json:"webhook_half_load_ms"`
	RSSMB                float64 `json:"rss_mb"`
	Lost                 int     `json:"lost"`
	Duplicated           int     `json:"duplicated"`
}

// JSON writes the result as one JSON object on one line.
func (r Result) JSON(w io.Writer) error { return json.NewEncoder(w).Encode(r) }

// Table writes the result for people.
func (r Result) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "\tper second\tp50 ms\tp99 ms\t\n")
	fmt.Fprintf(t, "bare inserts\t%.0f\t\t\t\n", r.BareInsertsPerSecond)
	fmt.Fprintf(t, "ingest\t%.0f\t%.1f\t%.1f\t\n", r.IngestPerSecond, r.IngestMS.P50, r.IngestMS.P99)
	fmt.Fprintf(t, "full turns\t%.0f\t%.1f\t%.1f\t\n", r.TurnsPerSecond, r.TurnMS.P50, r.TurnMS.P99)
	fmt.Fprintf(t, "webhook at half load\t%.0f\t%.1f\t%.1f\t\n", r.TurnsPerSecond/2, r.WebhookHalfLoadMS.P50, r.WebhookHalfLoadMS.P99)
	if err := t.Flush(); err != nil {
		return err
	}
	share := 0.0
	if r.BareInsertsPerSecond > 0 {
		share = 100 * r.IngestPerSecond / r.BareInsertsPerSecond
	}
	_, err := fmt.Fprintf(w, "\ningest is %.0f %% of bare inserts, memory %.0f MB, lost %d, duplicated %d\n",
		share, r.RSSMB, r.Lost, r.Duplicated)
	return err
}

func round(v float64, digits int) float64 {
	scale := math.Pow10(digits)
	return math.Round(v*scale) / scale
}
