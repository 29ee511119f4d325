package move

import (
	"context"
	"slices"
	"strings"

	"parley/engine"
)

// Kind says what the values of a column are.
type Kind int

// Kinds of columns, as both databases have them.
const (
	Text  Kind = iota // string
	Whole             // int64
	Real              // float64
)

// Column is one of a table. Any may hold nil.
type Column struct {
	Name string
	Kind Kind
}

// Table is what is moved as one. Its rows are read by Key, which names one row.
type Table struct {
	Name    string
	Key     []string
	Columns []Column // in the order of a row's values
}

// At is where a column stands in a row.
func (t Table) At(column string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == column })
}

// Names are those of the columns.
func (t Table) Names() (names []string) {
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	return names
}

// keyOf is a row's key.
func (t Table) keyOf(row []any) (key []any) {
	for _, name := range t.Key {
		key = append(key, row[t.At(name)])
	}
	return key
}

// Tables are those that are moved, without their columns, each behind those that its
// rows name: an inbox and the log are chained to conversations.
func Tables() (all []Table) {
	for _, line := range strings.Fields(`brands:id channels:id skills:brand,id bundles:brand,hash users:id retention:brand,kind
		notices:agent,n logins:token_hash tokens:id consumers:id identities:brand,kind,address consents:n
		conversations:n messages:n inbox:conversation,n sessions:id journal:session,n outbox:seq circuits:channel
		queue:conversation timers:id bot_values:brand,key followups:id version_changes:n faults:brand,id
		fault_conversations:brand,fault,conversation utterances:brand,n tone_versions:brand faq_feedback:brand,question
		events:seq projections:name projection_rows:name,key marks:key keys:name blobs:id`) {
		name, key, _ := strings.Cut(line, ":")
		all = append(all, Table{Name: name, Key: strings.Split(key, ",")})
	}
	return all
}

// Stays are the tables that are not moved: each database has its own, or counts anew,
// or they tell of processes that are not there any more.
func Stays() []string {
	return []string{"store", "probe", "leases", "attendance", "open_counts", "queue_counts"}
}

// shared gives the tables with the columns that both have, and refuses what does not fit.
func shared(ctx context.Context, from Source, to Target) (all []Table, err error) {
	for _, t := range Tables() {
		if t.Columns, err = from.Columns(ctx, t.Name); err != nil {
			return nil, err
		}
		other, err := to.Columns(ctx, t.Name)
		if err != nil {
			return nil, err
		}
		if !same(t.Columns, other) {
			return nil, engine.Errorf(engine.Internal, "the table %s has other columns there than here", t.Name)
		}
		all = append(all, t)
	}
	return all, nil
}

func same(a, b []Column) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	by := func(a, b Column) int { return strings.Compare(a.Name, b.Name) }
	slices.SortFunc(a, by)
	slices.SortFunc(b, by)
	return slices.Equal(a, b)
}
