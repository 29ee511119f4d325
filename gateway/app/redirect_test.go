package app_test

import (
	"net/http"
	"net/url"
	"testing"
)

// No address of the server sends a browser to another host, however it is written.
func TestNoAddressLeadsElsewhere(t *testing.T) {
	t.Parallel()
	s, _ := shop(t, helloLua, nil)
	client := *s.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, path := range []string{
		"/sign-in?next=http://evil.example", "/sign-in?next=%2F%2Fevil.example", "/sign-in?next=/%5Cevil.example", "//evil.example", "//evil.example/", "///evil.example/..",
		"/%5cevil.example/", "/%2fevil.example/", "/%2f%2fevil.example", "/%09/evil.example/", "/.//evil.example", "//evil.example/index.html", "/assets//evil.example/",
		"//evil.example/assets/..", "/inbox//evil.example/", "/chat//evil.example/", "//evil.example/%2e%2e", "/api/v1//evil.example/", "/hooks//evil.example/",
	} {
		req, err := http.NewRequest(http.MethodGet, s.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close() // nothing of it is needed
		to := resp.Header.Get("Location")
		if to == "" {
			continue
		}
		there, err := url.Parse(to)
		if err != nil || req.URL.ResolveReference(there).Host != req.URL.Host {
			t.Errorf("GET %s leads to %s", path, to)
		}
	}
}
