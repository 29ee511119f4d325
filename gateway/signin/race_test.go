package signin_test

import (
	"testing"

	"parley/engine"
	"parley/gateway/signin"
)

// What happens to an account while a password is checked counts: whoever knew the old password gets no session that
// outlives it.
func TestAccountChangesDuringASignIn(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*engine.User){
		"another password": func(u *engine.User) { u.PasswordHash = "another" },
		"disabled":         func(u *engine.User) { u.Disabled = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, db, _ := setup(t, false)
			s.CheckWith(func(hash, password string) bool {
				err := db.Update(t.Context(), func(tx engine.Tx) error {
					u, err := tx.Users().Get("acme", "u1")
					if err != nil {
						return err
					}
					change(&u)
					return tx.Users().Save(u)
				})
				if err != nil {
					t.Error(err)
				}
				return signin.Verify(hash, password)
			})
			cookie, _, err := s.SignIn(t.Context(), "ana@acme.example", password, "127.0.0.1")
			if engine.CodeOf(err) != engine.Unauthenticated || cookie != nil {
				t.Errorf("a session: %v, %v", cookie, err)
			}
		})
	}
}
