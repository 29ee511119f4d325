package rest_test

import (
	"bytes"
	"cmp"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"parley/engine"
	"parley/engine/versions"
	"parley/gateway/api"
	"parley/gateway/signin"
)

// row says who may use a route: the status by role of a person and of a token.
type row struct {
	prepare func(w *world, id string)
	body    func(w *world, id string) any
	person  [3]int // agent, supervisor, admin
	token   [3]int
	nobody  int  // 0 is 401
	public  bool // the same for all brands
	foreign int  // an admin of another brand; 0 is 404 for one thing, else as an admin
}

type fields = map[string]any

func all(status int) [3]int { return [3]int{status, status, status} }

func (w *world) rev(id string) int64 {
	var rev int64
	w.view(func(tx engine.Tx) error {
		conv, err := tx.Conversations().Get("acme", id)
		rev = conv.Rev
		return err
	})
	return rev
}

func (w *world) end() string {
	var last engine.Cursor
	w.view(func(tx engine.Tx) (err error) { last, err = tx.Events().Last(); return err })
	return last.String()
}

func matrix() map[string]row {
	mine := func(w *world, id string) { w.mine("acme", id, "acme-ana") }
	waiting := func(w *world, id string) { w.open("acme", id, "hello"); w.queue("acme", id, "care") }
	offered := func(w *world, id string) { waiting(w, id); w.offer("acme", id, "acme-ana") }
	atRev := func(more fields) func(*world, string) any {
		return func(w *world, id string) any {
			b := fields{"rev": w.rev(id)}
			for k, v := range more {
				b[k] = v
			}
			return b
		}
	}
	is := func(b any) func(*world, string) any { return func(*world, string) any { return b } }
	command := func(prepare func(*world, string), status int, body func(*world, string) any) row {
		return row{prepare: prepare, body: body, person: all(status), token: all(403)}
	}
	readers, admins := [3]int{403, 200, 200}, [3]int{403, 403, 200}
	pushed := func(w *world, id string) { w.push("acme", id) }
	activated := func(w *world, id string) {
		for _, mark := range []string{"base", id} {
			w.push("acme", mark)
			w.activate("acme", mark)
		}
	}
	waitsInBot := func(w *world, id string) { activated(w, "talks"); w.talk("acme", id, "hello") }
	both := func(w *world, id string) {
		for _, brand := range []string{"acme", "other"} {
			w.push(brand, "base")
			w.activate(brand, "base")
		}
	}
	missed := func(w *world, id string) { both(w, id); w.miss("acme", id, "what about "+id) }
	failed := func(w *world, id string) { w.fault("acme", id) }
	files := is(fields{"files": folder("acme", "")})
	return map[string]row{
		"GET /live":                        {person: all(426), token: all(426)},
		"GET /session":                     {person: all(200), token: all(200)},
		"POST /session":                    {body: func(_ *world, id string) any { return fields{"email": id, "password": "x"} }, person: all(401), token: all(401), nobody: 401},
		"DELETE /session":                  {person: all(204), token: all(403)},
		"PUT /presence":                    {body: is(fields{"presence": "away"}), person: all(200), token: all(403)},
		"GET /notices":                     {person: all(200), token: all(403)},
		"POST /notices/dismiss":            {body: is(fields{"n": []int{1}}), person: all(204), token: all(403)},
		"GET /channels":                    {person: readers, token: readers},
		"POST /channels/:channel/check":    {person: admins, token: admins, foreign: 404},
		"GET /agents":                      {person: all(200), token: all(200)},
		"GET /skills":                      {person: all(200), token: all(200)},
		"GET /events":                      {person: all(200), token: all(200)},
		"GET /conversations":               {prepare: mine, person: all(200), token: all(200)},
		"GET /conversations/:id":           {prepare: mine, person: all(200), token: all(200)},
		"GET /conversations/:id/messages":  {prepare: mine, person: all(200), token: all(200)},
		"POST /conversations/:id/accept":   {prepare: offered, person: [3]int{200, 409, 409}, token: all(403)},
		"POST /conversations/:id/decline":  {prepare: offered, person: [3]int{200, 409, 409}, token: all(403)},
		"POST /conversations/:id/take":     command(waiting, 200, atRev(nil)),
		"POST /conversations/:id/transfer": command(mine, 200, atRev(fields{"skill": "sales", "note": "please"})),
		"POST /conversations/:id/requeue":  command(mine, 200, atRev(nil)),
		"POST /conversations/:id/return":   command(mine, 200, atRev(nil)),
		"POST /conversations/:id/close":    command(mine, 200, atRev(fields{"outcome": "solved"})),
		"POST /conversations/:id/notes":    command(mine, 201, is(fields{"client_id": "client-1", "text": "n"})),
		"POST /conversations/:id/messages": command(mine, 201, func(w *world, _ string) any {
			return fields{"client_id": "client-1", "text": "hi", "after": w.end()}
		}),
		"POST /conversations/:id/read": command(mine, 204, func(w *world, id string) any {
			var first []engine.Message
			w.view(func(tx engine.Tx) (err error) { first, err = tx.Messages().List("acme", id, 0, 1); return err })
			return fields{"message": first[0].ID}
		}),
		"POST /conversations/:id/session": {prepare: waitsInBot, body: atRev(fields{"choice": "handover"}), person: [3]int{403, 200, 200}, token: [3]int{403, 200, 200}},
		"GET /conversations/:id/journal":  {prepare: waitsInBot, person: readers, token: readers},
		"GET /conversations/:id/test":     {prepare: waitsInBot, person: readers, token: readers},
		"GET /versions":                   {prepare: pushed, person: readers, token: readers},
		"GET /versions/log":               {prepare: pushed, person: readers, token: readers},
		"GET /versions/:version":          {prepare: pushed, person: readers, token: readers},
		"GET /versions/:version/diff":     {prepare: pushed, person: readers, token: readers},
		"POST /versions":                  {body: func(_ *world, id string) any { return fields{"files": folder("acme", id)} }, person: admins, token: admins},
		"POST /versions/rollback":         {prepare: activated, body: is(fields{}), person: admins, token: admins, foreign: 409},
		"PUT /versions/canary": {prepare: pushed, body: func(_ *world, id string) any {
			return fields{"version": hashOf("acme", id), "share": 10}
		}, person: admins, token: admins, foreign: 404},
		"DELETE /versions/canary": {prepare: func(w *world, id string) {
			w.push("acme", id)
			w.use(w.shelf.Canary(w.t.Context(), "acme", hashOf("acme", id), 5, versions.By{}))
		}, person: [3]int{403, 403, 204}, token: [3]int{403, 403, 204}, foreign: 409},
		"POST /versions/:version/activate": {prepare: pushed, body: is(fields{}), person: admins, token: admins},
		"POST /versions/:version/release": {prepare: func(w *world, id string) {
			activated(w, id)
			_, err := w.shelf.RollBack(w.t.Context(), "acme", versions.By{})
			w.use(err)
		}, body: is(fields{}), person: admins, token: admins},
		"POST /versions/:version/blast": {prepare: pushed, body: is(fields{}), person: readers, token: readers},
		"POST /versions/:version/try":   {prepare: pushed, body: is(fields{}), person: readers, token: readers},
		"GET /faults":                   {prepare: failed, person: readers, token: readers},
		"GET /faults/:id":               {prepare: failed, person: readers, token: readers},
		"GET /bots/reference":           {public: true, person: readers, token: readers},
		"POST /bots/check":              {body: files, person: readers, token: readers},
		"POST /bots/test":               {body: files, person: readers, token: readers},
		"POST /bots/replay":             {body: files, person: readers, token: readers, foreign: 400},
		"POST /bots/blast":              {prepare: pushed, body: files, person: readers, token: readers, foreign: 400},
		"POST /bots/simulate": {body: func(*world, string) any {
			return fields{"files": folder("acme", ""), "inputs": []any{}}
		}, person: readers, token: readers},
		"GET /intents":    {prepare: both, person: all(200), token: all(200)},
		"GET /utterances": {prepare: missed, person: readers, token: readers},
		"POST /utterances/accept": {prepare: missed, body: func(w *world, id string) any {
			return fields{"ids": []int64{w.utterance("acme", id)}, "question": "What about " + id + "?", "answer": "This."}
		}, person: admins, token: admins, foreign: 404},
		"POST /utterances/dismiss": {prepare: missed, body: func(w *world, id string) any {
			return fields{"ids": []int64{w.utterance("acme", id)}}
		}, person: [3]int{403, 204, 204}, token: [3]int{403, 204, 204}, foreign: 404},
		"POST /conversations/:id/messages/:message/intent": {prepare: mine, body: is(fields{"intent": nil}), person: all(200), token: all(403)},
		"POST /conversations/:id/messages/:message/send":   {prepare: mine, person: all(404), token: all(403)}, // the first message is the consumer's
		"POST /conversations/:id/messages/:message/tone":   {prepare: mine, body: is(fields{"tone": "negative"}), person: all(200), token: all(403)},
		"POST /conversations/:id/consent":                  {prepare: mine, body: is(fields{"opted_out": true, "source": "said so"}), person: all(200), token: all(403)},
		"GET /consumers/:id/consents": {prepare: func(w *world, id string) {
			w.update(func(tx engine.Tx) error {
				return tx.Consumers().Add(engine.Consumer{ID: id, Brand: "acme"}, engine.Identity{Brand: "acme", Kind: "webchat", Address: "v-" + id, Consumer: id})
			})
		}, person: all(200), token: all(200)},
		"GET /faq":     {prepare: both, person: readers, token: readers},
		"GET /tokens":  {person: [3]int{403, 403, 200}, token: [3]int{403, 403, 200}},
		"POST /tokens": {body: is(fields{"name": "n", "role": "agent"}), person: [3]int{403, 403, 201}, token: all(403)},
		"POST /consumers/:id/erase": {prepare: func(w *world, id string) {
			w.update(func(tx engine.Tx) error {
				return tx.Consumers().Add(engine.Consumer{ID: id, Brand: "acme"}, engine.Identity{Brand: "acme", Kind: "webchat", Address: "v-" + id, Consumer: id})
			})
		}, person: [3]int{403, 403, 200}, token: [3]int{403, 403, 200}},
		"DELETE /tokens/:id": {person: [3]int{403, 403, 204}, token: all(403)},
	}
}

// TestWhoMayDoWhat asks every route as everybody. A route without a row fails.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.push("acme", "base") // some rows need an active version, and routes come in no order
	w.activate("acme", "base")
	rows, found := matrix(), 0
	for _, r := range w.echo.Routes() {
		if r.Method == echo.RouteNotFound {
			continue
		}
		name := r.Method + " " + strings.TrimPrefix(r.Path, "/api/v1")
		row, ok := rows[name]
		if !ok {
			t.Errorf("%s has no row", name)
			continue
		}
		found++
		row.ask(t, w, r.Method, strings.TrimPrefix(r.Path, "/api/v1"))
	}
	if found != len(rows) {
		t.Errorf("%d of %d rows have a route", found, len(rows))
	}
	refused(t, w.nobody().send("GET", "/nothing", nil), 401, engine.Unauthenticated, "")
	refused(t, w.as("acme-ada").send("GET", "/nothing", nil), 404, engine.NotFound, "")
}

func (r row) ask(t *testing.T, w *world, method, path string) {
	t.Helper()
	op, ok := api.Of(method, path)
	if !ok && path != "/live" {
		t.Errorf("%s %s is not in the contract", method, path)
	}
	roles := []engine.Role{engine.RoleAgent, engine.RoleSupervisor, engine.RoleAdmin}
	people := []string{"acme-ana", "acme-sue", "acme-ada"}
	try := func(name string, who *someone, want int) answer {
		t.Helper()
		id := strings.NewReplacer("/", "-", ":id", "x", ":version", "v", ":message", "m", "conversations", "c", " ", "-").Replace(method + path + "-" + name)
		id = id[:min(len(id), 40)]
		if strings.HasPrefix(path, "/tokens/") {
			id = w.addToken("acme")
		} else if r.prepare != nil {
			r.prepare(w, id)
		}
		var body any
		if r.body != nil {
			body = r.body(w, id)
		}
		message := "none"
		if strings.Contains(path, ":message") {
			message = w.firstMessage("acme", id)
		}
		a := who.send(method, strings.NewReplacer(":id", id, ":version", hashOf("acme", id), ":message", message, ":channel", "acme.web").Replace(path), body)
		if a.StatusCode != want {
			t.Errorf("%s %s as %s: got %d %s, want %d", method, path, name, a.StatusCode, a.raw, want)
		}
		if a.StatusCode >= 400 && a.StatusCode != http.StatusUpgradeRequired && !bytes.Contains(a.raw, []byte(`"request_id":"`)) {
			t.Errorf("%s %s as %s: not an error of the contract: %s", method, path, name, a.raw)
		}
		return a
	}
	for i, role := range roles {
		may := op.Public || path == "/live" || role.Allows(op.Role)
		if may == (r.person[i] == 403) || (may && !op.Person) == (r.token[i] == 403) {
			t.Errorf("%s %s: the contract has another rule for %s", method, path, role)
		}
		try(string(role), w.as(people[i]), r.person[i])
		try("t-"+string(role), w.bearing("acme", role), r.token[i])
	}
	nobody := r.nobody
	if nobody == 0 {
		nobody = http.StatusUnauthorized
	}
	try("nobody", w.nobody(), nobody)
	bad := w.nobody()
	bad.bearer = "plt_x.y"
	try("a bad token", bad, nobody)
	foreign := cmp.Or(r.foreign, r.person[2])
	if strings.Contains(path, ":id") || strings.Contains(path, ":version") {
		foreign = http.StatusNotFound
	}
	if a := try("foreign", w.as("other-ada"), foreign); bytes.Contains(a.raw, []byte("acme")) && r.body == nil && !r.public || bytes.Contains(a.raw, []byte("Maya")) {
		t.Errorf("%s %s shows another brand: %s", method, path, a.raw)
	}
}

func (w *world) addToken(brand string) string {
	id, _ := w.token(engine.Token{Brand: brand, Name: "t", Role: engine.RoleAgent, ExpiresAt: w.clock().AddDate(1, 0, 0)})
	return id
}

// What the contract does not open to somebody is closed to everybody.
func TestRoutesAreClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.echo.GET("/api/v1/extra", func(c echo.Context) error { return c.String(200, "open") }, w.rest.Guard)
	refused(t, w.as("acme-ada").send("GET", "/extra", nil), 404, engine.NotFound, "")
	for _, role := range []engine.Role{engine.RoleAgent, engine.RoleSupervisor, engine.RoleAdmin} {
		if err := w.rest.Enter(api.Operation{}, signin.Principal{User: engine.User{Role: role}}); engine.CodeOf(err) != engine.Forbidden {
			t.Errorf("an operation without a role, as %s: %v", role, err)
		}
	}
}
