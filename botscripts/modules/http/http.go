package http

import (
	_ "embed"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/engine"
)

//go:embed http.yaml
var page string

// Module is require "http".
func Module() kernel.Module {
	const traits = engine.TraitJournaled | engine.TraitOutside | engine.TraitStrict
	return kernel.Module{Name: "http", Pages: []string{page}, Exports: []kernel.Export{
		{Name: "delete", Do: method("DELETE"), Traits: traits},
		{Name: "get", Do: method("GET"), Traits: traits},
		{Name: "patch", Do: method("PATCH"), Traits: traits},
		{Name: "post", Do: method("POST"), Traits: traits},
		{Name: "put", Do: method("PUT"), Traits: traits},
		{Name: "request", Do: request, Traits: traits},
	}}
}

const (
	maxBody    = 64 << 10
	maxHeaders = 20
	maxTimeout = 30 // seconds
	maxRetries = 3
	maxQuery   = 50
)

// method is http.get(url, options?) and its like.
func method(method string) func(kernel.Args) int {
	known := []string{"headers", "query", "secrets", "timeout", "retries", "interrupt"}
	if method != "GET" {
		known = append(known, "body", "json")
	}
	return func(a kernel.Args) int {
		t := a.Options(a.At(2), "options", known...)
		return send(a, read(a, method, a.At(1), t), a.BooleanOr(false, t.RawGetString("interrupt"), "interrupt"))
	}
}

// request is http.request{method=, url=, …}.
func request(a kernel.Args) int {
	t := a.Options(a.At(1), "request", "method", "url", "headers", "query", "secrets", "timeout", "retries", "interrupt", "body", "json")
	method := strings.ToUpper(a.Optional(t.RawGetString("method"), "method", 10))
	switch method {
	case "":
		method = "GET"
	case "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD":
	default:
		a.Fail("method must be GET, POST, PUT, PATCH, DELETE or HEAD, got %q", method)
	}
	return send(a, read(a, method, t.RawGetString("url"), t), a.BooleanOr(false, t.RawGetString("interrupt"), "interrupt"))
}

func read(a kernel.Args, method string, address lua.LValue, options *lua.LTable) engine.HTTPRequest {
	q := engine.HTTPRequest{Method: method, URL: a.Some(address, "url", kernel.MaxURL)}
	u, err := url.Parse(q.URL)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		a.Fail("url must begin with https:// and name a host")
	}
	if u.User != nil {
		a.Fail("url must not hold a user or password")
	}
	if query := a.Pairs(options.RawGetString("query"), "query", maxQuery, 4<<10); len(query) > 0 {
		q.URL = withQuery(u, query)
		if len(q.URL) > kernel.MaxURL {
			a.Fail("url and query are %d bytes long, at most %d are allowed", len(q.URL), kernel.MaxURL)
		}
	}
	q.Header = headers(a, options, "headers")
	q.Secrets = headers(a, options, "secrets")
	for _, name := range slices.Sorted(maps.Keys(q.Secrets)) {
		if len(SecretsIn(q.Secrets[name])) == 0 {
			a.Fail("secrets.%s must hold the name of a secret, as in \"Bearer {ORDERS_TOKEN}\"", name)
		}
		for _, other := range slices.Sorted(maps.Keys(q.Header)) {
			if strings.EqualFold(name, other) {
				a.Fail("%s is both in headers and in secrets", name)
			}
		}
	}
	q.Timeout = a.NumberOr(0, options.RawGetString("timeout"), "timeout", 0.1, maxTimeout)
	q.Retries = a.WholeOr(0, options.RawGetString("retries"), "retries", 0, maxRetries)
	return withBody(a, q, options)
}

func headers(a kernel.Args, options *lua.LTable, param string) map[string]string {
	header := a.Pairs(options.RawGetString(param), param, maxHeaders, 4<<10)
	for _, name := range slices.Sorted(maps.Keys(header)) {
		if strings.ContainsAny(name+header[name], "\r\n\x00") || strings.ContainsAny(name, " :") {
			a.Fail("%s: %q is not a valid header", param, name)
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

// SecretsIn are the names of secrets that a header holds in braces.
func SecretsIn(header string) (names []string) {
	for _, found := range secretReference.FindAllStringSubmatch(header, -1) {
		names = append(names, found[1])
	}
	return names
}

// unknownSecret gives the answer to raise when the brand lacks a secret. Only
// names are ever told.
func unknownSecret(r *kernel.Run, fn string, q engine.HTTPRequest) (engine.Raised, bool) {
	for _, header := range slices.Sorted(maps.Keys(q.Secrets)) {
		for _, name := range SecretsIn(q.Secrets[header]) {
			if _, ok := r.Turn.Brand.Secrets[name]; !ok {
				return engine.Raised{Raise: fn + ": there is no secret \"" + name + "\" in http.secrets (there are: " +
					kernel.ListOr(slices.Sorted(maps.Keys(r.Turn.Brand.Secrets)), "none") + ")"}, true
			}
		}
	}
	return engine.Raised{}, false
}

func withBody(a kernel.Args, q engine.HTTPRequest, options *lua.LTable) engine.HTTPRequest {
	body, value := options.RawGetString("body"), options.RawGetString("json")
	switch {
	case body != lua.LNil && value != lua.LNil:
		a.Fail("give body or json, not both")
	case body != lua.LNil:
		q.Body = a.Text(body, "body", maxBody)
	case value != lua.LNil:
		q.Body = a.ToJSON("json", value)
		if len(q.Body) > maxBody {
			a.Fail("json is %d bytes long, at most %d are allowed", len(q.Body), maxBody)
		}
		for _, name := range slices.Sorted(maps.Keys(q.Header)) {
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

// send makes the call outside and returns {status, body, headers, json, ok,
// error, interrupted}. What goes wrong on the way is in error; nothing is
// raised for it.
func send(a kernel.Args, q engine.HTTPRequest, interrupt bool) int {
	r := a.Run
	// Options that came later are arguments only where they are used, so that
	// journals from before keep their hashes.
	f := kernel.Fields{"method": q.Method, "url": q.URL, "headers": q.Header, "body": q.Body, "timeout": q.Timeout}
	if len(q.Secrets) > 0 {
		f["secrets"] = q.Secrets
	}
	if q.Retries > 0 {
		f["retries"] = q.Retries
	}
	if interrupt {
		f["interrupt"] = true
	}
	p := kernel.Decode[engine.HTTPAnswer](r.Suspending(a.L, a.Fn, f, func(step int) kernel.Pause {
		if failed, unknown := unknownSecret(r, a.Fn, q); unknown {
			return kernel.Pause{Answer: failed}
		}
		r.Effect(engine.Effect{Step: step, HTTP: &q})
		return kernel.Pause{Wait: engine.Wait{Kind: engine.WaitResult, Interrupt: interrupt}}
	}, func(in engine.InboxEntry) any {
		if in.Kind == engine.InboxInterrupt {
			return engine.HTTPAnswer{HTTPResponse: engine.HTTPResponse{Error: "interrupted"}, Interrupted: true}
		}
		return engine.HTTPAnswer{HTTPResponse: kernel.Decode[engine.HTTPResponse](in.Data)}
	}))
	ok := p.Error == "" && p.Status >= 200 && p.Status <= 299
	r.Try(attempted(q, p.HTTPResponse), ok)
	t := responseTable(r, a.L, p.HTTPResponse, ok)
	if p.Interrupted {
		t.RawSetString("interrupted", lua.LTrue)
	}
	return a.Return(t)
}

// attempted tells an agent about the call, without the query, which may hold
// what only the two machines should know.
func attempted(q engine.HTTPRequest, p engine.HTTPResponse) string {
	where := q.URL
	if u, err := url.Parse(q.URL); err == nil {
		where = u.Host + u.Path
	}
	if p.Error != "" {
		return fmt.Sprintf("%s %s: %s", q.Method, kernel.Shorten(where), kernel.Shorten(p.Error))
	}
	return fmt.Sprintf("%s %s: %d", q.Method, kernel.Shorten(where), p.Status)
}

func responseTable(r *kernel.Run, L *lua.LState, p engine.HTTPResponse, ok bool) *lua.LTable {
	r.VM.Charge(int64(len(p.Body)))
	t := L.CreateTable(0, 6)
	t.RawSetString("ok", lua.LBool(ok))
	t.RawSetString("status", lua.LNumber(p.Status))
	t.RawSetString("body", lua.LString(p.Body))
	headers := L.CreateTable(0, len(p.Header))
	for _, name := range slices.Sorted(maps.Keys(p.Header)) {
		headers.RawSetString(strings.ToLower(name), lua.LString(p.Header[name]))
	}
	t.RawSetString("headers", headers)
	switch v, err := r.ToLua([]byte(p.Body)); {
	case err == nil:
		t.RawSetString("json", v)
	case strings.Contains(strings.ToLower(p.Header["Content-Type"]), "json") && p.Body != "":
		t.RawSetString("json_error", lua.LString(kernel.WhyNotJSON(p.Body, err)))
	}
	kernel.SetText(t, "error", p.Error)
	return t
}
