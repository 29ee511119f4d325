package uri

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEscape(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://a.example":                                  "https://a.example",
		"https://a.example/my photo.jpg":                     "https://a.example/my%20photo.jpg",
		"https://a.example/my%20photo.jpg":                   "https://a.example/my%20photo.jpg",
		"https://a.example/für/größe.jpg":                    "https://a.example/f%C3%BCr/gr%C3%B6%C3%9Fe.jpg",
		"https://a.example/f%c3%bcr":                         "https://a.example/f%c3%bcr",
		"https://a.example/🚲.png":                            "https://a.example/%F0%9F%9A%B2.png",
		"https://a.example/写真.jpg":                           "https://a.example/%E5%86%99%E7%9C%9F.jpg",
		"https://a.example/?q=red bike&x=a+b":                "https://a.example/?q=red%20bike&x=a+b",
		"https://a.example?q=ö":                              "https://a.example?q=%C3%B6",
		"https://a.example/100%":                             "https://a.example/100%25",
		"https://a.example/100%zz%2":                         "https://a.example/100%25zz%252",
		"https://a.example/a|b^c`d{e}\\f\"g<h>":              "https://a.example/a%7Cb%5Ec%60d%7Be%7D%5Cf%22g%3Ch%3E",
		"https://a.example/x[1]?y[]=2":                       "https://a.example/x%5B1%5D?y%5B%5D=2",
		"https://a.example/(a),'b';c:d@e!$&*+=~":             "https://a.example/(a),'b';c:d@e!$&*+=~",
		"https://a.example/x#ein Absatz":                     "https://a.example/x#ein%20Absatz",
		"https://a.example/x#a#b":                            "https://a.example/x#a%23b",
		"https://a.example/a?b?c":                            "https://a.example/a?b?c",
		"https://müller.example/x":                           "https://xn--mller-kva.example/x",
		"https://MÜLLER.example/x":                           "https://xn--mller-kva.example/x",
		"https://m%C3%BCller.example/x":                      "https://xn--mller-kva.example/x",
		"https://straße.example":                             "https://xn--strae-oqa.example",
		"https://例え.テスト/パス":                                  "https://xn--r8jz45g.xn--zckzah/%E3%83%91%E3%82%B9",
		"https://例え。テスト":                                     "https://xn--r8jz45g.xn--zckzah",
		"https://i❤.example/":                                "https://xn--i-7iq.example/",
		"https://xn--mller-kva.example":                      "https://xn--mller-kva.example",
		"https://пример.example:8443/путь":                   "https://xn--e1afmkfd.example:8443/%D0%BF%D1%83%D1%82%D1%8C",
		"https://my_host.example/":                           "https://my_host.example/",
		"https://user name:pä@a.example/":                    "https://user%20name:p%C3%A4@a.example/",
		"https://a@b@c.example/":                             "https://a%40b@c.example/",
		"https://[2001:db8::1]:8443/a b":                     "https://[2001:db8::1]:8443/a%20b",
		"http://127.0.0.1:8080/a b":                          "http://127.0.0.1:8080/a%20b",
		"HTTPS://A.example/X":                                "https://A.example/X",
		"  https://a.example/x ":                             "https://a.example/x",
		"https://a.example:/":                                "https://a.example:/",
		"https://a.example/a//b/../c/.":                      "https://a.example/a//b/../c/.",
		"https://a.example/e\u0301":                          "https://a.example/e%CC%81",
		"https://a.example/\u200bx":                          "https://a.example/%E2%80%8Bx",
		"https://a.example/a\u00a0b":                         "https://a.example/a%C2%A0b",
		"tel:+49 170 123":                                    "tel:+49170123",
		"mailto:jürgen@müller.example?subject=Grüße an alle": "mailto:j%C3%BCrgen@xn--mller-kva.example?subject=Gr%C3%BC%C3%9Fe%20an%20alle",
		"mailto:a@b.example":                                 "mailto:a@b.example",
	} {
		got, err := Escape(in)
		if err != nil || got != want {
			t.Errorf("%q became %q, %v; want %q", in, got, err, want)
		}
		if again, err := Escape(got); err != nil || again != got {
			t.Errorf("%q became %q when it was escaped again, %v", got, again, err)
		}
	}
}

func TestEscapeRefuses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "begin with a scheme", "a.example/x": "begin with a scheme", "//a.example": "begin with a scheme", "1http://x": "begin with a scheme", "ht tp://x": "begin with a scheme", "://x": "begin with a scheme",
		"https:": "must name a host", "https:/a.example": "must name a host", "https://": "must name a host", "https:///x": "must name a host", "https://?x": "must name a host", "https://:80/": "must name a host", "https://u@/": "must name a host",
		"https://a.example/\nx": "one line", "https://a\t.example/": "one line", "https://a.example/\x00": "one line", "https://a.example/\xff": "one line", "https://a.example/\x7f": "one line",
		"https://a b.example": "no name", "https://a<b.example": "no name", "https://a\\b.example": "no name", "https://a..example": "no name", "https://.example": "no name", "https://a%.example": "no name", "https://a%20b.example": "no name",
		"https://a%2Fb.example": "no name", "https://ü%.example": "no name", "https://-ü-.example": "no name", "https://ａ／b.example": "no name",
		"https://a.example:x/": "port", "https://a.example:0": "port", "https://a.example:65536": "port", "https://a.example:-1": "port", "https://[::1]x/": "port",
		"https://[::1/": "does not end", "https://[a.example]/": "no IPv6", "https://[1.2.3.4]": "no IPv6", "https://[fe80::1%25eth0]/": "no IPv6",
		"https://" + strings.Repeat("a.", 200) + "example": "no name", "https://" + strings.Repeat("ü", 100) + ".example": "no name",
	} {
		if got, err := Escape(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q became %q, %v; want an error with %q", in, got, err, want)
		}
	}
}

// Whatever is escaped is ASCII, parses, stays when it is escaped again, and
// means the same.
func TestEscapeHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		path, query, fragment := rapid.String().Draw(t, "path"), rapid.String().Draw(t, "query"), rapid.String().Draw(t, "fragment")
		in := "https://a.example/" + path + "?" + query + "#" + fragment
		got, err := Escape(in)
		if err != nil {
			return
		}
		for i := range len(got) {
			if got[i] <= ' ' || got[i] >= 0x7f || strings.IndexByte("<>\"{}|\\^`[]", got[i]) >= 0 {
				t.Fatalf("%q became %q", in, got)
			}
		}
		if again, err := Escape(got); err != nil || again != got {
			t.Fatalf("%q became %q, then %q, %v", in, got, again, err)
		}
		u, err := url.Parse(got)
		if err != nil || u.Host != "a.example" {
			t.Fatalf("%q became %q: %v", in, got, err)
		}
		if plain := strings.TrimSpace(in); !strings.Contains(plain, "%") && !strings.ContainsAny(path, "?#") && u.Path != strings.SplitN(strings.SplitN(plain, "#", 2)[0], "?", 2)[0][len("https://a.example"):] {
			t.Fatalf("%q became %q, whose path is %q", in, got, u.Path)
		}
	})
}

func TestText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                             "",
		"no address ä":                 "no address ä",
		"See https://a.example/größe.": "See https://a.example/gr%C3%B6%C3%9Fe.",
		"(https://a.example/ü), and https://müller.example!": "(https://a.example/%C3%BC), and https://xn--mller-kva.example!",
		"https://a.example/x_(ä) ä":                          "https://a.example/x_(%C3%A4) ä",
		"„https://a.example/ä“ und «https://b.example/ä»":    "„https://a.example/%C3%A4“ und «https://b.example/%C3%A4»",
		"https://a.example/100% sure":                        "https://a.example/100%25 sure",
		"https://a.example/a%20b":                            "https://a.example/a%20b",
		"见https://a.example/x。谢谢":                            "见https://a.example/x。谢谢",
		"https://a.example/xを見て":                             "https://a.example/xを見て",
		"https://a.example/写真 を見て":                           "https://a.example/%E5%86%99%E7%9C%9F を見て",
		"https://a.example/写真。":                              "https://a.example/%E5%86%99%E7%9C%9F。",
		"https://a.example/🚲 🚲":                              "https://a.example/%F0%9F%9A%B2 🚲",
		"HTTP://a.example/ä":                                 "http://a.example/%C3%A4",
		"https://":                                           "https://",
		"https://..ä/ and https:///ä":                        "https://..ä/ and https:///ä",
		"https://a.example/?q=ä&r=[1]":                       "https://a.example/?q=%C3%A4&r=%5B1%5D",
		"https://a.example/x,ä…":                             "https://a.example/x,%C3%A4…",
		"line https://a.example/ä\nnext":                     "line https://a.example/%C3%A4\nnext",
	} {
		if got := Text(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
		if again := Text(Text(in)); again != Text(in) {
			t.Errorf("%q is escaped twice: %q", in, again)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("https://a.example/ä und https://[::1]/b")
	f.Fuzz(func(t *testing.T, s string) {
		once := Text(s)
		if again := Text(once); again != once {
			t.Fatalf("%q became %q, then %q", s, once, again)
		}
	})
}
