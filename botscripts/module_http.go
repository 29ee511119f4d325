package botscripts

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

const (
	maxBody    = 64 << 10
	maxHeaders = 20
	maxTimeout = 30 // seconds
)

func (r *run) httpGet(a args) int {
	t := a.options(a.at(2), "options", "headers", "timeout")
	return r.http(a, a.httpArgs("GET", a.at(1), t))
}

func (r *run) httpPost(a args) int {
	t := a.options(a.at(2), "options", "headers", "body", "json", "timeout")
	return r.http(a, r.withBody(a, a.httpArgs("POST", a.at(1), t), t))
}

func (r *run) httpRequest(a args) int {
	t := a.options(a.at(1), "request", "method", "url", "headers", "body", "json", "timeout")
	method := strings.ToUpper(a.optional(t.RawGetString("method"), "method", 10))
	switch method {
	case "":
		method = "GET"
	case "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD":
	default:
		a.fail("method must be GET, POST, PUT, PATCH, DELETE or HEAD, got %q", method)
	}
	return r.http(a, r.withBody(a, a.httpArgs(method, t.RawGetString("url"), t), t))
}

func (a args) httpArgs(method string, address lua.LValue, options *lua.LTable) engine.HTTPRequest {
	q := engine.HTTPRequest{Method: method, URL: a.some(address, "url", maxURL)}
	u, err := url.Parse(q.URL)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		a.fail("url must begin with https:// and name a host")
	}
	if u.User != nil {
		a.fail("url must not hold a user or password")
	}
	q.Header = a.pairs(options.RawGetString("headers"), "headers", maxHeaders, 4<<10)
	for _, name := range sortedKeys(q.Header) {
		if strings.ContainsAny(name+q.Header[name], "\r\n\x00") || strings.ContainsAny(name, " :") {
			a.fail("headers: %q is not a valid header", name)
		}
	}
	if v := options.RawGetString("timeout"); v != lua.LNil {
		q.Timeout = a.number(v, "timeout", 0.1, maxTimeout)
	}
	return q
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
// error}. What goes wrong on the way is in error; nothing is raised.
func (r *run) http(a args, q engine.HTTPRequest) int {
	f := fields{"method": q.Method, "url": q.URL, "headers": q.Header, "body": q.Body, "timeout": q.Timeout}
	p := decode[engine.HTTPResponse](r.suspending(a.L, a.fn, f, func(step int) pause {
		r.effect(engine.Effect{Step: step, HTTP: &q})
		return pause{wait: engine.Wait{Kind: engine.WaitResult}}
	}, func(in engine.InboxEntry) any {
		var p engine.HTTPResponse
		if err := json.Unmarshal(in.Data, &p); err != nil {
			panic(err) // a damaged inbox: becomes an internal fault
		}
		return p
	}))
	ok := p.Error == "" && p.Status >= 200 && p.Status <= 299
	r.try(attempted(q, p), ok)
	a.L.Push(r.responseTable(a.L, p, ok))
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
	if v, err := r.toLua([]byte(p.Body)); err == nil {
		t.RawSetString("json", v)
	}
	setText(t, "error", p.Error)
	return t
}
