package postgres

import "context"

// Forget runs what removes conversations. Triggers take them out of the index with that;
// what was being put in just then is out with the next batch.
func (x *Index) Forget(_ context.Context, _ string, _ []string, then func() error) error {
	return then()
}

// Scrub does nothing: what was removed leaves PostgreSQL's files as it vacuums them.
func (*Index) Scrub(context.Context) error { return nil }
