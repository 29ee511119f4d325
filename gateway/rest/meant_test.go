package rest_test

import (
	"net/http"
	"testing"

	"github.com/coder/websocket"

	"parley/engine"
	"parley/gateway/api"
)

// TestAPageAsksInNobodyElsesName plays a shared machine: Ana's page is still
// open when Bo signs in, so that what it sends has Bo's cookie.
func TestAPageAsksInNobodyElsesName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mine("acme", "c1", "acme-bo")
	page := w.as("acme-bo")
	page.header = http.Header{"Parley-User": {"acme-ana"}}
	seen := w.end()
	a := page.send("POST", "/conversations/c1/messages", fields{"client_id": "client-1", "text": "from Ana", "after": seen})
	refused(t, a, 401, engine.Unauthenticated, "")
	refused(t, page.send("POST", "/conversations/c1/notes", fields{"client_id": "client-2", "text": "from Ana"}), 401, engine.Unauthenticated, "")
	refused(t, page.send("GET", "/conversations", nil), 401, engine.Unauthenticated, "")
	socket, _, err := w.as("acme-bo").dial()
	if err != nil {
		t.Fatal(err)
	}
	socket.send(fields{"type": "hello", "after": seen, "user": "acme-ana"})
	if _, err := socket.read(); websocket.CloseStatus(err) != 4401 {
		t.Errorf("the socket of somebody else's page: got %v", err)
	}
	if w.end() != seen {
		t.Error("something was done all the same")
	}
	page.header = http.Header{"Parley-User": {"acme-bo"}}
	must[api.Message](t, page.send("POST", "/conversations/c1/messages", fields{"client_id": "client-1", "text": "from Bo", "after": seen}), 201)
}
