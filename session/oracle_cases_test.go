//go:build instruments

package session

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
)

// oracleCases makes the sessions of the differential test: always the same ones.
func oracleCases() (out []*oracleCase) {
	rnd := rand.New(rand.NewPCG(1996, 2616))
	for _, family := range []func(*rand.Rand) []*oracleCase{
		redirectCases, chainCases, locationCases, headerCases, paramCases, urlCases, cookieCases, localCookieCases, bodyCases, typedBodyCases, authCases, codingCases,
	} {
		out = append(out, family(rnd)...)
	}
	return out
}

// one is a case of one request to the step "start".
func one(about, method, url string) *oracleCase {
	return &oracleCase{about: about, Requests: []oracleRequest{{Method: method, URL: url}}, answers: map[string]scripted{}}
}

func pick[T any](rnd *rand.Rand, from ...T) T { return from[rnd.IntN(len(from))] }

// credit gives a session or its first request one kind of credentials.
func (c *oracleCase) credit(kind int) string {
	r := &c.Requests[0]
	switch kind % 8 {
	case 1:
		c.User, c.Password = "jdoe", "hunter2"
		return "session auth"
	case 2:
		r.URL = strings.Replace(r.URL, "{A}", "{A@}", 1)
		return "userinfo"
	case 3:
		r.Headers = append(r.Headers, pairOf("Authorization", "Token typed"))
		return "typed Authorization"
	case 4:
		c.Cookies = append(c.Cookies, pairOf("hand", "set"))
		return "cookie set by hand"
	case 5:
		r.Cookies = append(r.Cookies, pairOf("own", "cookie"))
		return "cookie of the request"
	case 6:
		c.Headers = append(c.Headers, pairOf("X-Api-Key", "k3y"))
		return "session key header"
	case 7:
		r.Headers = append(r.Headers, pairOf("Cookie", "typed=1"))
		return "typed Cookie"
	}
	return "no credentials"
}

// body gives the first request a body of one kind.
func (c *oracleCase) body(kind int) string {
	r := &c.Requests[0]
	r.Body = []string{"", "form", "json", "raw", "stream"}[kind%5]
	switch r.Body {
	case "form", "json":
		r.Fields = []pair{pairOf("name", "value"), pairOf("city", "Köln 50%")}
	case "raw", "stream":
		r.Raw = []byte("raw bytes \x00\xff")
	}
	return r.Body
}

// redirectCases goes through every status, method and destination.
func redirectCases(rnd *rand.Rand) (out []*oracleCase) {
	n := 0
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
			for _, to := range []string{"same", "{B}", "{L}"} {
				n++
				c := one("", method, "{A}{C}/start")
				location := to + "{C}/end"
				if to == "same" {
					location = pick(rnd, "{C}/end", "end", "../0/end", "{A}{C}/end", "end?q=1#frag", "./end;x", "//"+"{a}{C}/end")
				}
				body := ""
				if method != "HEAD" && method != "GET" {
					body = c.body(n)
				}
				c.about = fmt.Sprintf("%d %s to %s, %s, body %s", status, method, location, c.credit(n/3), body)
				c.Requests[0].Headers = append(c.Requests[0].Headers, pairOf("X-Trace", "7"))
				c.answers["0/start"] = scripted{status: status, lines: []string{"Location: " + location}, body: "moved"}
				out = append(out, c)
			}
		}
	}
	return out
}

// chainCases goes on: back home, through another origin, in circles.
func chainCases(rnd *rand.Rand) (out []*oracleCase) {
	for i, way := range [][]string{
		{"{B}{C}/s1", "{A}{C}/end"}, {"{B}{C}/s1", "{B}{C}/end"}, {"{L}{C}/s1", "end"}, {"s1", "{B}{C}/end"},
		{"{B}{C}/s1", "{L}{C}/s2", "{A}{C}/end"}, {"s1", "s2", "s3", "end"},
	} {
		for kind := range 8 {
			c := one("", pick(rnd, "GET", "POST"), "{A}{C}/start?a=b")
			c.about = fmt.Sprintf("chain %v, %s", way, c.credit(kind+i*8))
			step := "start"
			for n, location := range way {
				c.answers["0/"+step] = scripted{status: pick(rnd, 302, 307), lines: []string{"Location: " + location, fmt.Sprintf("Set-Cookie: hop%d=1; Path=/c", n)}}
				step = fmt.Sprintf("s%d", n+1)
			}
			out = append(out, c)
		}
	}
	return out
}

// locationCases are redirects that are odd: in their form, or in their status.
func locationCases(*rand.Rand) (out []*oracleCase) {
	for _, location := range []string{
		"", "{C}/end a b", "http://evil:pw@{a}{C}/end", "hTTp://{a}{C}/end", "{C}/end\\x", "http:{C}/end", "http:end", "?only=query", "#frag", "{C}/end#frag", "{C}/end\xe9",
		"javascript:alert(1)", "ftp://{a}{C}/end", "mailto:jdoe@example.com", "http://:1/", "http://{a}9/", "//{a}{C}/end//x", "./../0/./end", "../../../../..{C}/end", "end?u=http://h/?x#f", "{C}/end\ttab",
		"http://[::1", "http://exa mple/", "{A}{C}/end?a=1&a=2", ";end", "end:1", "./end:1", "http://127.1:1/",
	} {
		c := one(fmt.Sprintf("Location %q", location), "GET", "{A}{C}/start?own=1")
		c.Params = []pair{pairOf("session", "1")}
		c.answers["0/start"] = scripted{status: 302, lines: []string{"Location: " + location}, body: "moved"}
		c.answers["0/"] = scripted{status: 200, body: "root"}
		out = append(out, c)
	}
	for _, status := range []int{200, 201, 202, 300, 304, 305, 306, 399, 404} {
		c := one(fmt.Sprint(status, " with a Location"), "POST", "{A}{C}/start")
		c.answers["0/start"] = scripted{status: status, lines: []string{"Location: end"}}
		out = append(out, c)
	}
	bare := one("302 without a Location", "GET", "{A}{C}/start")
	bare.answers["0/start"] = scripted{status: 302, body: "nowhere"}
	out = append(out, bare)
	for _, to := range []string{"end", "{B}{C}/end", "{L}{C}/end"} {
		c := one("typed Host, redirect to "+to, "GET", "{A}{C}/start")
		c.Requests[0].Headers = []pair{pairOf("Host", "virtual.test")}
		c.answers["0/start"] = scripted{status: 302, lines: []string{"Location: " + to, "Set-Cookie: a=1; Path=/"}}
		out = append(out, c)
	}
	return out
}

// headerCases merges headers of the session and of the request.
func headerCases(rnd *rand.Rand) (out []*oracleCase) {
	names := []string{"X-One", "x-two", "X-THREE", "Accept", "User-Agent", "Content-Language", "Range"}
	cased := []func(string) string{strings.ToUpper, strings.ToLower, func(s string) string { return s }}
	for range 48 {
		c := one("headers", pick(rnd, "GET", "POST"), "{A}{C}/start")
		for _, i := range rnd.Perm(len(names))[:rnd.IntN(5)] {
			c.Headers = append(c.Headers, pairOf(names[i], pick(rnd, "session", "a b", "", "x,y;z=1")))
		}
		r := &c.Requests[0]
		for _, i := range rnd.Perm(len(names))[:rnd.IntN(5)] {
			name := pick(rnd, cased...)(names[i])
			p := pairOf(name, pick(rnd, "own", "tab\there", "", "Grüße"))
			if rnd.IntN(3) == 0 {
				p = without(name)
			}
			r.Headers = append(r.Headers, p)
		}
		second := oracleRequest{Method: "GET", URL: "{A}{C}/start"}
		c.Requests = append(c.Requests, second)
		out = append(out, c)
	}
	return out
}

// paramCases merges queries and parameters.
func paramCases(rnd *rand.Rand) (out []*oracleCase) {
	names := []string{"a", "A", "b", "a[]", "ключ", "x y", "e"}
	values := []string{"1", "", "ö ü+%41&=", "~*'()!", "http://h/?q", "\"<>{}|\\^`", "50%"}
	for range 56 {
		c := one("params", "GET", "{A}{C}/start"+pick(rnd, "", "?q=2", "?", "?a=9&a=8", "?x=%41+b", "?k#frag", "#frag", "?a[]=1"))
		for _, i := range rnd.Perm(len(names))[:rnd.IntN(4)] {
			c.Params = append(c.Params, pairOf(names[i], pick(rnd, values...)))
		}
		for _, i := range rnd.Perm(len(names))[:rnd.IntN(4)] {
			switch rnd.IntN(4) {
			case 0:
				c.Requests[0].Params = append(c.Requests[0].Params, without(names[i]))
			case 1:
				c.Requests[0].Params = append(c.Requests[0].Params, pairOf(names[i], pick(rnd, values...)), pairOf(names[i], pick(rnd, values...)))
			default:
				c.Requests[0].Params = append(c.Requests[0].Params, pairOf(names[i], pick(rnd, values...)))
			}
		}
		out = append(out, c)
	}
	return out
}

// urlCases are paths and queries as people and servers write them, typed and as
// a Location.
func urlCases(*rand.Rand) (out []*oracleCase) {
	for _, end := range []string{
		"/ø", "/%C3%B8", "/%c3%b8", "/%41%7e", "/a%2Fb", "/a b", "/a%20b", "/[x]", "/{x}", "/a|b^c`d", "/\"q\"<>", "/~user", "/it's(1)!*", "/a;v=1,2:3@4$5&6=7",
		"/a+b", "/a//b", "/./b", "/x/../b", "/x/%2e%2e/b", "/100%", "/%zz%41", "?", "?&&", "?a=b&c", "??x", "?a=[1]", "?q=ö ü", "?q=%C3%B6+%2B", "?u=http://h/p?x#f", "?a='b'|{c}",
		"?t=~%7E", "?p=%", "/日本語?語=本", "/.", "/..hidden", "?a;b=c", "/x?y=a/b/../c", "/ends/", "/%F0%9F%8D%AA",
	} {
		typed := one("URL "+end, "GET", "{A}{C}/start"+end)
		typed.Requests[0].pasted = strings.Contains(end, " ")
		led := one("Location "+end, "GET", "{A}{C}/start")
		led.answers["0/start"] = scripted{status: 302, lines: []string{"Location: {C}/end" + end}}
		out = append(out, typed, led)
	}
	return out
}

// cookieCases set cookies and see where they go.
func cookieCases(*rand.Rand) (out []*oracleCase) {
	for _, lines := range [][]string{
		{"a=1"}, {"a=1; Path=/"}, {"a=1; Path=/c"}, {"a=1; Path=/cc"}, {"a=1; Path=/; Expires=Thu, 01-Jan-1970 00:00:01 GMT"}, {"a=1; Path=/; Expires=Fri, 31 Dec 2100 23:59:59 GMT"},
		{"a=1; Path=/; Max-Age=0"}, {"a=1; Path=/; Max-Age=60"}, {"a=1; Path=/; Max-Age=-1"}, {"a=1; Path=/; Secure"}, {"a=1; Path=/; HttpOnly; SameSite=Lax"}, {"a=1; Path=/; Domain=127.0.0.1"},
		{"a=1; Path=/; Domain=localhost"}, {"a=1; Path=/; Domain=example.com"}, {"a=\"q v\"; Path=/"}, {"a=b=c; Path=/"}, {"a=; Path=/"}, {"a=1; Path=/", "b=2; Path=/", "A=3; Path=/"},
		{"wide=1; Path=/", "near=2; Path=/c"}, {"a=1; Path=/", "a=2; Path=/c"}, {"a=1; Path=/", "a=2; Path=/"}, {"hand=server; Path=/"}, {"a=1; path=/; EXPIRES=Sun, 06 Nov 2094 08:49:37 GMT"},
		{"novalue; Path=/"}, {"a = 1 ; Path = /"}, {"a=1; Path=c"}, {"a=1; Path=/; Max-Age=60; Expires=Thu, 01-Jan-1970 00:00:01 GMT"}, {"a=1,b=2; Path=/"}, {"__Host-a=1; Path=/; Secure"}, {"a=ü; Path=/"},
	} {
		c := one(fmt.Sprintf("cookies %q", lines), "GET", "{A}{C}/start")
		for i, line := range lines {
			lines[i] = "Set-Cookie: " + line
		}
		c.answers["0/start"] = scripted{status: 200, lines: lines}
		c.Cookies = []pair{pairOf("hand", "set")}
		for _, at := range []string{"{A}{C}/start", "{B}{C}/start", "{L}{C}/start"} {
			c.Requests = append(c.Requests, oracleRequest{Method: "GET", URL: at})
		}
		c.Requests = append(c.Requests, oracleRequest{Method: "GET", URL: "{A}{C}/start", Cookies: []pair{pairOf("a", "own"), pairOf("z", "9")}})
		moved := *c
		moved.about, moved.answers = "redirect with "+c.about, map[string]scripted{"0/start": {status: 302, lines: append([]string{"Location: end"}, lines...)}}
		moved.Requests = append([]oracleRequest(nil), c.Requests...)
		out = append(out, c, &moved)
	}
	return out
}

// localCookieCases set cookies for localhost, which has no dot.
func localCookieCases(*rand.Rand) (out []*oracleCase) {
	for _, domain := range []string{"", "; Domain=localhost", "; Domain=.localhost", "; Domain=local", "; Domain=127.0.0.1"} {
		c := one("localhost sets a cookie"+domain, "GET", "{L}{C}/start")
		c.answers["0/start"] = scripted{status: 200, lines: []string{"Set-Cookie: a=1; Path=/" + domain}}
		c.Requests = append(c.Requests, oracleRequest{Method: "GET", URL: "{L}{C}/end"}, oracleRequest{Method: "GET", URL: "{A}{C}/end"})
		out = append(out, c)
	}
	return out
}

// typedBodyCases type the fields that describe a body.
func typedBodyCases(*rand.Rand) (out []*oracleCase) {
	for _, typed := range [][]pair{
		{pairOf("Content-Type", "application/vnd.api+json")}, {pairOf("content-type", "text/csv")}, {pairOf("Content-Type", "")}, {without("Content-Type")},
		{pairOf("Content-Language", "en")}, {pairOf("Content-Encoding", "identity")}, {pairOf("Content-Length", "3")}, {pairOf("Expect", "nothing")},
	} {
		for _, status := range []int{200, 302, 307} {
			c := one("", "POST", "{A}{C}/start")
			c.body(2)
			c.Requests[0].Headers = typed
			c.about = fmt.Sprintf("typed %s on a body, then %d", *typed[0][0], status)
			c.answers["0/start"] = scripted{status: status, lines: []string{"Location: end"}}
			out = append(out, c)
		}
	}
	return out
}

// bodyCases are bodies of every kind with every method.
func bodyCases(*rand.Rand) (out []*oracleCase) {
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"} {
		for kind := range 5 {
			c := one("", method, "{A}{C}/start")
			c.about = method + " with body " + c.body(kind)
			out = append(out, c)
		}
	}
	for _, value := range []string{"", "a b", "~*'()!-._", "ö&=+%", "line\r\nbreak", "😀", "\"\\/", "\u2028<>&"} {
		for _, kind := range []string{"form", "json"} {
			c := one(fmt.Sprintf("%s of %q", kind, value), "POST", "{A}{C}/start")
			c.Requests[0].Body, c.Requests[0].Fields = kind, []pair{pairOf("k", value), pairOf("k2", "x")}
			if kind == "form" {
				c.Requests[0].Fields = append(c.Requests[0].Fields, pairOf("k", "again"))
			}
			out = append(out, c)
		}
	}
	c := one("empty raw body", "POST", "{A}{C}/start")
	c.Requests[0].Body = "raw"
	return append(out, c)
}

// authCases give credentials in two places at once, and such that are not ASCII.
func authCases(*rand.Rand) (out []*oracleCase) {
	for first := range 8 {
		for second := first + 1; second < 8; second++ {
			c := one("", "GET", "{A}{C}/start")
			c.about = c.credit(first) + " and " + c.credit(second)
			c.Requests = append(c.Requests, oracleRequest{Method: "GET", URL: "{A}{C}/start"}, oracleRequest{Method: "GET", URL: "{B}{C}/start"})
			out = append(out, c)
		}
	}
	for _, user := range []string{"jörg", "имя", "a b"} {
		c := one("session auth of "+user, "GET", "{A}{C}/start")
		c.User, c.Password = user, "p:w%41"
		out = append(out, c)
	}
	return out
}

// codingCases answer in content codings.
func codingCases(*rand.Rand) (out []*oracleCase) {
	plain := strings.Repeat("hello, world. ", 100)
	pack := func(open func(io.Writer) io.WriteCloser) string {
		var b bytes.Buffer
		w := open(&b)
		io.WriteString(w, plain)
		w.Close()
		return b.String()
	}
	zipped := pack(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	for _, tt := range []struct{ coding, body string }{
		{"gzip", zipped}, {"GZIP", zipped}, {"x-gzip", zipped}, {"deflate", deflated(plain, true)}, {"deflate", deflated(plain, false)}, {"identity", plain},
		{"gzip, gzip", gzipped(zipped)}, {"gzip", plain}, {"gzip", zipped[:len(zipped)/2]}, {"gzip", ""}, {"unknown", plain}, {"gzip", zipped + "JUNK"}, {"gzip", zipped + zipped},
		{"deflate, gzip", gzipped(deflated(plain, true))}, {"gzip", zipped[:len(zipped)-8] + "12345678"},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			c := one("coding "+tt.coding, method, "{A}{C}/start")
			c.answers["0/start"] = scripted{status: 200, lines: []string{"Content-Encoding: " + tt.coding}, body: tt.body}
			out = append(out, c)
		}
	}
	return out
}
