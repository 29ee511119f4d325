package example

import (
	"encoding/json"
	"net/http"
	"time"
)

// Order is what the order service tells about one order.
type Order struct {
	Number  string   `json:"number"` // five digits
	Status  string   `json:"status"` // "being built", "ready for pick-up", "shipped", "delivered", "cancelled"
	Carrier string   `json:"carrier,omitempty"`
	ETA     string   `json:"eta,omitempty"` // date, "2026-11-25"; "" when there is nothing to wait for
	Items   []string `json:"items"`
}

// Orders is the shop's order service, which the example's bot asks:
//
//	GET /orders/{number} → 200 Order | 404 {"error": "…"}
//
// It stands for the host orders.acme.example. Dates count from now, so the
// orders never look old.
func Orders(now func() time.Time) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{number}", func(w http.ResponseWriter, r *http.Request) {
		for _, o := range orders(now()) {
			if o.Number == r.PathValue("number") {
				reply(w, http.StatusOK, o)
				return
			}
		}
		reply(w, http.StatusNotFound, map[string]string{"error": "there is no order with this number"})
	})
	return mux
}

func orders(now time.Time) []Order {
	in := func(days int) string { return now.AddDate(0, 0, days).Format("2006-01-02") }
	return []Order{
		{"10001", "shipped", "DHL", in(2), []string{"Urban 5 city bike, 54 cm, petrol"}},
		{"10002", "being built", "Acme Van", in(6), []string{"Tramonto e-bike, 750 Wh, size M", "Child seat"}},
		{"10003", "delivered", "DHL", "", []string{"Rain jacket, M", "Merino gloves"}},
		{"10004", "ready for pick-up", "", "", []string{"Gravel 7, 56 cm, sand"}},
		{"10005", "shipped", "UPS", in(1), []string{"Folding lock", "Front light 100 lux"}},
		{"10006", "cancelled", "", "", []string{"Kids 20, red"}},
		{"10007", "shipped", "Swiss Post", in(4), []string{"Pannier set, olive"}},
		{"10008", "being built", "Acme Van", in(9), []string{"Cargo 2 e-bike with rain cover"}},
	}
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // the caller hung up: nobody to tell
}
