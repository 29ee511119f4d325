package botscripts

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

const (
	maxBody    = 64 << 10
	maxHeaders = 20
	maxTimeout = 30 // seconds
	maxRetries = 3
	maxQuery   = 50
)

// httpMethod is http.get(url, options?) and its like.
func (r *run) httpMethod(method string) func(args) int {
	known := []string{"headers", "query", "secrets", "timeout", "retries", "interrupt"}
	if method != "GET" {
		known = append(known, "body", "json")
	}
	return func(a args) int {
		t := a.options(a.at(2), "options", known...)
		return r.http(a, r.httpArgs(a, method, a.at(1), t), a.flag(t, "interrupt"))
	}
}

// httpRequest is http.request{method=, url=, …}.
func (r *run) httpRequest(a args) int {
	t := a.options(a.at(1), "request", "method", "url", "headers", "query", "secrets", "timeout", "retries", "interrupt", "body", "json")
	method := strings.ToUpper(a.optional(t.RawGetString("method"), "method", 10))
	switch method {
	case "":
		method = "GET"
	case "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD":
	default:
		a.fail("method must be GET, POST, PUT, PATCH, DELETE or HEAD, got %q", method)
	}
	return r.http(a, r.httpArgs(a, method, t.RawGetString("url"), t), a.flag(t, "interrupt"))
}

func (a args) flag(options *lua.LTable, name string) bool {
	v := options.RawGetString(name)
	return v != lua.LNil && a.boolean(v, name)
}

func (r *run) httpArgs(a args, method string, address lua.LValue, options *lua.LTable) engine.HTTPRequest {
	q := engine.HTTPRequest{Method: method, URL: a.some(address, "url", maxURL)}
	u, err := url.Parse(q.URL)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		a.fail("url must begin with https:// and name a host")
	}
	if u.User != nil {
		a.fail("url must not hold a user or password")
	}
	if query := a.pairs(options.RawGetString("query"), "query", maxQuery, 4<<10); len(query) > 0 {
		q.URL = withQuery(u, query)
		if len(q.URL) > maxURL {
			a.fail("url and query are %d bytes long, at most %d are allowed", len(q.URL), maxURL)
		}
	}
	q.Header = a.headers(options, "headers")
	q.Secrets = a.headers(options, "secrets")
	for _, name := range sortedKeys(q.Secrets) {
		if len(secretsIn(q.Secrets[name])) == 0 {
			a.fail("secrets.%s must hold the name of a secret, as in \"Bearer {ORDERS_TOKEN}\"", name)
		}
		for _, other := range sortedKeys(q.Header) {
			if strings.EqualFold(name, other) {
				a.fail("%s is both in headers and in secrets", name)
			}
		}
	}
	if v := options.RawGetString("timeout"); v != lua.LNil {
		q.Timeout = a.number(v, "timeout", 0.1, maxTimeout)
	}
	if v := options.RawGetString("retries"); v != lua.LNil {
		q.Retries = a.whole(v, "retries", 0, maxRetries)
	}
	return r.withBody(a, q, options)
}

func (a args) headers(options *lua.LTable, param string) map[string]string {
	header := a.pairs(options.RawGetString(param), param, maxHeaders, 4<<10)
	for _, name := range sortedKeys(header) {
		if strings.ContainsAny(name+header[name], "\r\n\x00") || strings.ContainsAny(name, " :") {
			a.fail("%s: %q is not a valid header", param, name)
		}
	}
	return header
}

// withQuery appends parameters, sorted, to those that the URL has.
func withQuery(u *url.URL, query map[string]string) string {
	values := url.Values{}
	for name, value := range query {
		values.Set(name, value)
	}
	out := *u
	if out.RawQuery != "" {
		out.RawQuery += "&"
	}
	out.RawQuery += values.Encode()
	return out.String()
}

// secretReference is a secret's place in a header. It is never written.
var secretReference = regexp.MustCompile(`\{([A-Za-z_][A-Za-z0-9_]*)\}`)

func secretsIn(header string) (names []string) {
	for _, found := range secretReference.FindAllStringSubmatch(header, -1) {
		names = append(names, found[1])
	}
	return names
}

// unknownSecret gives the answer to raise when the brand lacks a secret. Only
// names are ever told.
func (r *run) unknownSecret(fn string, q engine.HTTPRequest) (engine.Raised, bool) {
	for _, header := range sortedKeys(q.Secrets) {
		for _, name := range secretsIn(q.Secrets[header]) {
			if _, ok := r.turn.Brand.Secrets[name]; !ok {
				return engine.Raised{Raise: fn + ": there is no secret \"" + name + "\" in http.secrets (there are: " +
					listOr(sortedKeys(r.turn.Brand.Secrets), "none") + ")"}, true
			}
		}
	}
	return engine.Raised{}, false
}

func (r *run) withBody(a args, q engine.HTTPRequest, options *lua.LTable) engine.HTTPRequest {
	body, value := options.RawGetString("body"), options.RawGetString("json")
	switch {
	case body != lua.LNil && value != lua.LNil:
		a.fail("give body or json, not both")
	case body != lua.LNil:
		q.Body = a.text(body, "body", maxBody)
	case value != lua.LNil:
		q.Body = r.toJSON(a, "json", value)
		if len(q.Body) > maxBody {
			a.fail("json is %d bytes long, at most %d are allowed", len(q.Body), maxBody)
		}
		for _, name := range sortedKeys(q.Header) {
			if strings.EqualFold(name, "Content-Type") {
				return q
			}
		}
		if q.Header == nil {
			q.Header = map[string]string{}
		}
		q.Header["Content-Type"] = "application/json"
	}
	return q
}

// http makes the call outside and returns {status, body, headers, json, ok,
// error, interrupted}. What goes wrong on the way is in error; nothing is
// raised for it.
func (r *run) http(a args, q engine.HTTPRequest, interrupt bool) int {
	// Options that came later are arguments only where they are used, so that
	// journals from before keep their hashes.
	f := fields{"method": q.Method, "url": q.URL, "headers": q.Header, "body": q.Body, "timeout": q.Timeout}
	if len(q.Secrets) > 0 {
		f["secrets"] = q.Secrets
	}
	if q.Retries > 0 {
		f["retries"] = q.Retries
	}
	if interrupt {
		f["interrupt"] = true
	}
	p := decode[engine.HTTPAnswer](r.suspending(a.L, a.fn, f, func(step int) pause {
		if failed, unknown := r.unknownSecret(a.fn, q); unknown {
			return pause{answer: failed}
		}
		r.effect(engine.Effect{Step: step, HTTP: &q})
		return pause{wait: engine.Wait{Kind: engine.WaitResult, Interrupt: interrupt}}
	}, func(in engine.InboxEntry) any {
		if in.Kind == engine.InboxInterrupt {
			return engine.HTTPAnswer{HTTPResponse: engine.HTTPResponse{Error: "interrupted"}, Interrupted: true}
		}
		var p engine.HTTPAnswer
		if err := json.Unmarshal(in.Data, &p.HTTPResponse); err != nil {
			panic(err) // a damaged inbox: becomes an internal fault
		}
		return p
	}))
	ok := p.Error == "" && p.Status >= 200 && p.Status <= 299
	r.try(attempted(q, p.HTTPResponse), ok)
	t := r.responseTable(a.L, p.HTTPResponse, ok)
	if p.Interrupted {
		t.RawSetString("interrupted", lua.LTrue)
	}
	a.L.Push(t)
	return 1
}

// attempted tells an agent about the call, without the query, which may hold
// what only the two machines should know.
func attempted(q engine.HTTPRequest, p engine.HTTPResponse) string {
	where := q.URL
	if u, err := url.Parse(q.URL); err == nil {
		where = u.Host + u.Path
	}
	if p.Error != "" {
		return fmt.Sprintf("%s %s: %s", q.Method, shorten(where), shorten(p.Error))
	}
	return fmt.Sprintf("%s %s: %d", q.Method, shorten(where), p.Status)
}

func (r *run) responseTable(L *lua.LState, p engine.HTTPResponse, ok bool) *lua.LTable {
	r.vm.Charge(int64(len(p.Body)))
	t := L.CreateTable(0, 6)
	t.RawSetString("ok", lua.LBool(ok))
	t.RawSetString("status", lua.LNumber(p.Status))
	t.RawSetString("body", lua.LString(p.Body))
	headers := L.CreateTable(0, len(p.Header))
	for _, name := range sortedKeys(p.Header) {
		headers.RawSetString(strings.ToLower(name), lua.LString(p.Header[name]))
	}
	t.RawSetString("headers", headers)
	switch v, err := r.toLua([]byte(p.Body)); {
	case err == nil:
		t.RawSetString("json", v)
	case strings.Contains(strings.ToLower(p.Header["Content-Type"]), "json") && p.Body != "":
		t.RawSetString("json_error", lua.LString(whyNotJSON(p.Body, err)))
	}
	setText(t, "error", p.Error)
	return t
}
