package practice

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
)

// secure gives p a client that trusts the API over TLS, for one of the
// protocols h2 and http/1.1.
func (p *peer) secure(protocol string) *peer {
	tr := &http.Transport{
		DisableCompression: true,
		ForceAttemptHTTP2:  protocol == "h2",
		TLSClientConfig:    &tls.Config{RootCAs: p.Roots(), NextProtos: []string{protocol}},
	}
	p.t.Cleanup(tr.CloseIdleConnections)
	client := *p.client
	client.Transport = tr
	return &peer{p.Server, p.t, &client, p.clock}
}

func TestTLSServesTheSameAPI(t *testing.T) {
	p := start(t)
	for _, protocol := range []string{"h2", "http/1.1"} {
		q := p.secure(protocol)
		req, err := http.NewRequest("GET", q.TLSURL()+"/user", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer x")
		resp, err := q.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if got := resp.TLS.NegotiatedProtocol; got != protocol || resp.StatusCode != 200 || (resp.ProtoMajor == 2) != (protocol == "h2") {
			t.Errorf("%s: got %s, %s, %d", protocol, got, resp.Proto, resp.StatusCode)
		}
		if want := `"url":"` + p.TLSURL() + `/users/jdoe"`; !strings.Contains(string(body), want) {
			t.Errorf("%s: got %s, want %s", protocol, body, want)
		}
		if resp.Header.Get("X-RateLimit-Limit") != "5000" || resp.Header.Get("Date") != "Tue, 06 May 2031 07:08:09 GMT" {
			t.Errorf("%s: got header %v", protocol, resp.Header)
		}
	}
	var index map[string]string
	p.get(&index, "/")
	if index["tls"] != p.TLSURL() || !strings.HasPrefix(index["tls"], "https://127.0.0.1:") {
		t.Errorf("index: got %q, want %q", index["tls"], p.TLSURL())
	}
	named := strings.Replace(p.TLSURL(), "127.0.0.1", "localhost", 1)
	if got := p.secure("h2").do("GET", named+"/users/jdoe", ""); !strings.Contains(got.body, `"url":"`+named+`/users/jdoe"`) {
		t.Errorf("by name: got %d %s", got.status, got.body)
	}
}

// State is shared: what one origin changes, the other shows.
func TestTLSSharesState(t *testing.T) {
	p := start(t)
	q := p.secure("h2")
	token := q.ask(q.TLSURL()+"/oauth/token", clientGrant, "client_id=c", "client_secret=s").Access
	if got := p.userBy(token); got != "jdoe" {
		t.Errorf("a token issued over TLS: got %s", got)
	}
	if got := q.do("POST", q.TLSURL()+"/repos/jdoe/hello-world/issues", `{"title":"over TLS"}`, asJDoe); got.status != 201 {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	if got := p.do("GET", "/repos/jdoe/hello-world/issues?per_page=1", "").body; !strings.Contains(got, `"title":"over TLS"`) {
		t.Errorf("got %s", got)
	}
}

func TestTLSIsNotTrustedByItself(t *testing.T) {
	p := start(t)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: x509.NewCertPool()}}}
	_, err := client.Get(p.TLSURL() + "/")
	var unknown x509.UnknownAuthorityError
	if !errors.As(err, &unknown) {
		t.Errorf("got %v, want an unknown authority", err)
	}
	if !p.Roots().Equal(p.Roots()) || p.Roots().Equal(x509.NewCertPool()) {
		t.Error("two pools differ, or are empty")
	}
}

// Faults that are about connections of HTTP/1.1 have to end over HTTP/2 too.
func TestFaultsOverHTTP2(t *testing.T) {
	p := start(t)
	q := p.secure("h2")
	for range 2 { // the connection goes away each time
		if got := q.do("GET", q.TLSURL()+"/drop/idle", ""); got.status != 200 || !strings.Contains(got.body, "closes") {
			t.Errorf("/drop/idle: got %d %s", got.status, got.body)
		}
	}
	if _, err := q.try("POST", q.TLSURL()+"/drop/read", "x"); err == nil {
		t.Error("/drop/read: the first time was answered")
	}
	if got := q.do("POST", q.TLSURL()+"/drop/read", "x"); got.status != 200 {
		t.Errorf("/drop/read: got %d", got.status)
	}
	if got, err := q.try("GET", q.TLSURL()+"/drop/half", ""); err == nil || len(got.body) != 100 {
		t.Errorf("/drop/half: got %d bytes, %v", len(got.body), err)
	}
	if got := q.do("GET", q.TLSURL()+"/terminal", ""); got.status != 200 || got.body != hostile+"\n" {
		t.Errorf("/terminal: got %d %q", got.status, got.body)
	}
	if got := q.do("GET", q.TLSURL()+"/events?n=2&every=1", ""); strings.Count(got.body, "event: tick") != 2 {
		t.Errorf("/events: got %q", got.body)
	}
}

// Close must not return while an answer over HTTP/2 is still being given.
func TestCloseWaitsForHTTP2(t *testing.T) {
	s, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	tr := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: s.Roots()}}
	defer tr.CloseIdleConnections()
	for range 3 {
		resp, err := (&http.Client{Transport: tr}).Get(s.TLSURL() + "/events?every=60000")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
	}
	handlers := func() int {
		stacks := make([]byte, 1<<20)
		return strings.Count(string(stacks[:runtime.Stack(stacks, true)]), "(*Server).events(")
	}
	if n := handlers(); n != 3 {
		t.Fatalf("got %d handlers before Close, want 3", n)
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if n := handlers(); n != 0 {
		t.Errorf("got %d handlers after Close, want 0", n)
	}
}

func TestIssuerOverTLS(t *testing.T) {
	p := start(t)
	q := p.secure("http/1.1")
	var v struct{ Issuer string }
	q.do("GET", q.TLSURL()+"/.well-known/openid-configuration", "").into(t, &v)
	if v.Issuer != p.TLSURL() {
		t.Errorf("got issuer %s, want %s", v.Issuer, p.TLSURL())
	}
	got := q.do("GET", q.TLSURL()+"/oauth/authorize?client_id=c&redirect_uri=http://127.0.0.1:1/", "")
	if to, _ := url.Parse(got.header.Get("Location")); to.Query().Get("iss") != p.TLSURL() {
		t.Errorf("got Location %s", to)
	}
}
