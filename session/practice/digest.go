package practice

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// What every challenge to a Digest login says.
const (
	digestRealm  = "practice"
	digestOpaque = "sondeopaque"
)

// staleEvery is which of the logins with ?stale=1 finds its nonce too old.
const staleEvery = 3

// digests is what the server knows of logins by Digest.
type digests struct {
	nonces ledger[nonce]
	stale  int // right logins with ?stale=1
}

// nonce is one that was sent in a challenge.
type nonce struct {
	count uint64 // the highest nc that came with it
	old   bool
}

func newDigests() digests { return digests{nonces: ledger[nonce]{prefix: "n"}} }

// digestOffer is how one resource wants to be logged in to: its query says it.
type digestOffer struct {
	algorithm string // as in RFC 7616, section 6.1
	qop       string // auth or auth-int
	stale     bool   // every third login finds its nonce too old
	password  string // the only one that opens; "" for any but "wrong"
}

// digestAlgorithms are those on offer; each may have -sess behind it.
func digestAlgorithms() []string { return []string{"MD5", "SHA-256", "SHA-512-256"} }

// digestOffer reads the query. If ok is false, the answer is given.
func (s *Server) digestOffer(w http.ResponseWriter, r *http.Request) (o digestOffer, ok bool) {
	q := r.URL.Query()
	o = digestOffer{algorithm: "SHA-256", qop: "auth", stale: q.Get("stale") == "1", password: q.Get("password")}
	if a := q.Get("algorithm"); a != "" {
		o.algorithm = a
	}
	if p := q.Get("qop"); p != "" {
		o.qop = p
	}
	if !slices.Contains(digestAlgorithms(), strings.TrimSuffix(o.algorithm, "-sess")) {
		s.problem(w, r, http.StatusUnprocessableEntity, "algorithm must be one of "+strings.Join(digestAlgorithms(), ", "))
		return o, false
	}
	if o.qop != "auth" && o.qop != "auth-int" {
		s.problem(w, r, http.StatusUnprocessableEntity, "qop must be auth or auth-int")
		return o, false
	}
	return o, true
}

// digest wants a login by RFC 7616. A server that keeps no passwords can tell
// the one that is wrong from the others, and no more, unless the query gives
// it one.
func (s *Server) digest(w http.ResponseWriter, r *http.Request) {
	o, ok := s.digestOffer(w, r)
	if !ok {
		return
	}
	body, ok := s.payload(w, r)
	if !ok {
		return
	}
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Digest") {
		s.challenge(w, r, o, false, "Requires authentication")
		return
	}
	p := authParams(rest)
	if target := p["uri"]; target != r.RequestURI && target != r.URL.RequestURI() {
		s.problem(w, r, http.StatusBadRequest, "Digest: uri is not the target of this request")
		return
	}
	user, nc, problem := o.judge(r.Method, p, body)
	if problem != "" {
		s.challenge(w, r, o, false, problem)
		return
	}
	if !s.spend(o, p["nonce"], nc, user) {
		s.challenge(w, r, o, true, "The nonce is stale")
		return
	}
	s.reply(w, r, http.StatusOK, struct {
		OK        bool   `json:"ok"`
		User      string `json:"user"`
		Algorithm string `json:"algorithm"`
		QOP       string `json:"qop"`
		Count     uint64 `json:"nc"`
	}{true, user, o.algorithm, o.qop, nc})
}

// challenge answers 401 with a new nonce.
func (s *Server) challenge(w http.ResponseWriter, r *http.Request, o digestOffer, stale bool, message string) {
	s.mu.Lock()
	fresh := s.state.digests.nonces.add(new(nonce))
	s.mu.Unlock()
	field := `Digest realm="` + digestRealm + `", qop="` + o.qop + `", algorithm=` + o.algorithm +
		`, nonce="` + fresh + `", opaque="` + digestOpaque + `", charset=UTF-8`
	if stale {
		field += ", stale=true"
	}
	w.Header()["WWW-Authenticate"] = []string{field}
	s.problem(w, r, http.StatusUnauthorized, message)
}

// judge checks all of a login but its nonce. The problem is "" for a good one.
func (o digestOffer) judge(method string, p map[string]string, body []byte) (user string, nc uint64, problem string) {
	user, ok := digestUser(p)
	algorithm := p["algorithm"]
	if algorithm == "" {
		algorithm = "MD5" // RFC 7616, section 3.3
	}
	nc, err := strconv.ParseUint(p["nc"], 16, 32)
	size := hex.EncodedLen(o.hash().Size())
	switch {
	case !ok:
		return "", 0, "Digest: a username or username* is needed, and no userhash"
	case p["realm"] != digestRealm:
		return "", 0, "Digest: realm is not that of the challenge"
	case p["opaque"] != digestOpaque:
		return "", 0, "Digest: opaque is not that of the challenge"
	case !strings.EqualFold(algorithm, o.algorithm):
		return "", 0, "Digest: algorithm is not that of the challenge"
	case p["qop"] != o.qop:
		return "", 0, "Digest: qop is not that of the challenge"
	case p["cnonce"] == "":
		return "", 0, "Digest: cnonce is missing"
	case err != nil || len(p["nc"]) != 8 || nc == 0:
		return "", 0, "Digest: nc must be eight hexadecimal digits, from 00000001"
	case len(p["response"]) != size || strings.Trim(p["response"], "0123456789abcdef") != "":
		return "", 0, "Digest: response must be " + strconv.Itoa(size) + " hexadecimal digits in lower case"
	case p["response"] == o.response(method, wrong, user, p, body),
		o.password != "" && p["response"] != o.response(method, o.password, user, p, body):
		return "", 0, "Bad credentials"
	}
	return user, nc, ""
}

// digestUser is the name in one of its two forms (RFC 7616, section 3.4).
func digestUser(p map[string]string) (user string, ok bool) {
	user = p["username"]
	if coded := p["username*"]; user == "" && len(coded) > len("UTF-8''") && strings.EqualFold(coded[:len("UTF-8''")], "UTF-8''") {
		user, _ = url.PathUnescape(coded[len("UTF-8''"):])
	}
	return user, user != "" && !strings.EqualFold(p["userhash"], "true")
}

// spend takes a nonce for one request. It reports whether that was its turn: a
// nonce that is not known and a count that came before are stale.
func (s *Server) spend(o digestOffer, id string, nc uint64, user string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := &s.state.digests
	n := d.nonces.find(id)
	if n == nil || n.old || nc <= n.count {
		return false
	}
	n.count = nc
	if o.stale {
		d.stale++
		if n.old = d.stale%staleEvery == 0; n.old {
			return false
		}
	}
	s.meet(user)
	return true
}

// response computes what a client with that password sends (RFC 7616, section
// 3.4.1).
func (o digestOffer) response(method, password, user string, p map[string]string, body []byte) string {
	sum := func(parts ...string) string {
		h := o.hash()
		h.Write([]byte(strings.Join(parts, ":"))) // a hash takes everything
		return hex.EncodeToString(h.Sum(nil))
	}
	a1 := sum(user, p["realm"], password)
	if strings.HasSuffix(o.algorithm, "-sess") {
		a1 = sum(a1, p["nonce"], p["cnonce"])
	}
	a2 := sum(method, p["uri"])
	if o.qop == "auth-int" {
		a2 = sum(method, p["uri"], sum(string(body)))
	}
	return sum(a1, p["nonce"], p["nc"], p["cnonce"], o.qop, a2)
}

func (o digestOffer) hash() hash.Hash {
	switch strings.TrimSuffix(o.algorithm, "-sess") {
	case "SHA-256":
		return sha256.New()
	case "SHA-512-256":
		return sha512.New512_256()
	}
	return md5.New()
}
