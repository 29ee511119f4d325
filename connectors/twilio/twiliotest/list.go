package twiliotest

import (
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// list answers with the messages that match To, From, DateSent, DateSent> and
// DateSent<, newest first, a page at a time.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	size := number(query.Get("PageSize"), 50, 1000)
	page := number(query.Get("Page"), 0, 1<<20)
	dates, ok := parseDates(query)
	if !ok {
		refuse(w, http.StatusBadRequest, 20001, "DateSent is not a date")
		return
	}

	s.mu.Lock()
	candidates := s.sent
	if to := query.Get("To"); to != "" {
		candidates = s.byTo[to]
	}
	found := []messageResource{}
	matched := 0
	for i := len(candidates) - 1; i >= 0 && len(found) <= size; i-- {
		m := candidates[i]
		if from := query.Get("From"); from != "" && from != m.From || !dates.match(m.At) {
			continue
		}
		matched++
		if matched > page*size {
			found = append(found, resource(s.cfg.AccountSID, m))
		}
	}
	s.mu.Unlock()

	var next *string
	if len(found) > size {
		found = found[:size]
		query.Set("Page", strconv.Itoa(page+1))
		query.Set("PageSize", strconv.Itoa(size))
		query.Set("PageToken", "PA"+found[size-1].SID)
		uri := r.URL.Path + "?" + query.Encode()
		next = &uri
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"messages": found, "page": page, "page_size": size, "start": page * size, "end": page*size + max(len(found)-1, 0),
		"uri": r.URL.RequestURI(), "first_page_uri": r.URL.Path, "next_page_uri": next, "previous_page_uri": nil,
	})
}

// dates are whole days in UTC, or instants.
type dates struct{ from, until time.Time }

func parseDates(query url.Values) (dates, bool) {
	var d dates
	for _, key := range []string{"DateSent", "DateSent>", "DateSent<"} {
		raw := query.Get(key)
		if raw == "" {
			continue
		}
		begin, err := time.Parse(time.DateOnly, raw)
		end := begin.AddDate(0, 0, 1)
		if err != nil {
			if begin, err = time.Parse(time.RFC3339, raw); err != nil {
				return d, false
			}
			end = begin.Add(time.Second)
		}
		if key != "DateSent<" {
			d.from = begin
		}
		if key != "DateSent>" {
			d.until = end
		}
	}
	return d, true
}

func (d dates) match(at time.Time) bool {
	return !at.Before(d.from) && (d.until.IsZero() || at.Before(d.until))
}

func number(raw string, fallback, limit int) int {
	n, err := strconv.Atoi(raw)
	if err != nil || n < 0 {
		return fallback
	}
	return min(n, limit)
}
