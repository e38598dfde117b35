package repl

import (
	"strings"

	"sonde/repl/render"
	"sonde/session"
)

// notice tells the person something on Err, unless they asked for quiet.
func (sh *Shell) notice(text string) {
	if sh.Quiet {
		return
	}
	sh.out.Flush()
	render.Notice(sh.Err, sh.Session.Secrets.Mask(text), sh.Notes)
}

// hint gives a person at the prompt something to type: in full twice, then not
// again. id tells hints apart.
func (sh *Shell) hint(id, text string) {
	if sh.scripted || sh.Quiet || sh.hinted[id] >= 2 && id != "missing" {
		return
	}
	sh.hinted[id]++
	sh.out.Flush()
	render.Hint(sh.Err, marks(maskHint(text, sh.Session.Secrets.Mask)), sh.Notes)
}

// toType marks what is to be typed in a hint of the session: each of its lines,
// unless it says itself where words stand around it.
func toType(hint string) string {
	if hint == "" || strings.Contains(hint, "`") {
		return marks(hint)
	}
	return "‹" + strings.ReplaceAll(hint, "\n", "› · ‹") + "›"
}

// sessionNotice shows what the session says of a request under way.
func (sh *Shell) sessionNotice(n session.Notice) {
	switch n.Kind {
	case session.NoticeDebug:
		if !sh.Verbose {
			return
		}
	case session.NoticeRedirect:
		if !sh.Screen && !sh.Verbose {
			return
		}
	}
	text := n.Text
	if n.Hint != "" {
		join := " · "
		if n.Kind == session.NoticeCredentials {
			join = " · to allow it: "
		}
		text += join + toType(n.Hint)
	}
	if n.Kind == session.NoticeTLS && !sh.Quiet {
		sh.out.Flush()
		sh.warn(text)
		return
	}
	sh.notice(text)
}

// answerHint says what to type after an answer that wants something.
func (sh *Shell) answerHint(x *session.Exchange) {
	switch x.Status {
	case 400:
		sh.hint400(x)
	case 401:
		sh.hint401(x)
	case 407:
		sh.hint407(x)
	case 404:
		sh.hint("404", "404 can mean \"not there\" or \"not for you\": private things are hidden this way. What this session is: `session`")
	case 405:
		if allow, ok := x.HeaderValue("Allow"); ok {
			sh.hint("405", "this address knows "+allow+", not "+x.Sent.Method)
		}
	case 415, 406:
		sh.hint("415", "the server wants another kind of data; JSON goes with: `post "+sh.shownPath(x)+" name=value`")
	case 422:
		sh.hint("422", "the server read the data and refuses some of it; see: `.errors`")
	case 429, 403:
		sh.hintLimit(x)
	}
}

// hint401 tells the three reasons for a 401 apart.
func (sh *Shell) hint401(x *session.Exchange) {
	challenge, _ := x.HeaderValue("WWW-Authenticate")
	scheme, _, _ := strings.Cut(challenge, " ")
	sent := false
	for _, f := range x.Sent.Header {
		sent = sent || strings.EqualFold(f.Name, "Authorization")
	}
	switch {
	case challenge == "" && !sent:
		sh.hint("401 page", "the server wants to know who you are (401), and names no scheme: perhaps a login address that sets a cookie")
	case sent && sh.atGitHub(x):
		sh.hint("401 github", "GitHub's API takes tokens, not account passwords (since November 2020). Paste a personal access token: `auth "+sh.userOr("USER")+"`")
	case sent:
		sh.hint("401 sent", "the server got your login and does not take it: mistyped, expired or revoked. Again with: `auth "+sh.userOr("USER")+"`")
	case strings.EqualFold(scheme, "bearer"):
		sh.hint("401 bearer", "the server wants a token (401). Give it one with: `auth bearer`")
	default:
		sh.hint("401", "the server wants to know who you are (401). Log in with: `auth "+sh.userOr(sh.exampleUser())+"`")
	}
}

// hint400 knows the answer of a server that asked for a client certificate and got
// none: nginx says so in the body, after the handshake.
func (sh *Shell) hint400(x *session.Exchange) {
	const most = 4 << 10 // bytes of such a page
	if strings.HasPrefix(x.Sent.URL, "https:") && x.Body.Len() <= most &&
		strings.Contains(strings.ToLower(string(x.Body.Bytes())), "no required ssl certificate was sent") {
		sh.hint("400 cert", "the server wants a client certificate: `cert CERT.pem KEY.pem`")
	}
}

// hint407 is for the answer of a proxy itself, to a request it was to pass on.
func (sh *Shell) hint407(x *session.Exchange) {
	scheme, place, ok := strings.Cut(x.Conn.Proxy, "://")
	if !ok {
		return
	}
	if challenge, _ := x.HeaderValue("Proxy-Authenticate"); challenge != "" && !strings.Contains(strings.ToLower(challenge), "basic") {
		sh.hint("407 kind", "the proxy wants a login of another kind than Basic: "+challenge)
		return
	}
	text := "the proxy wants a login"
	for _, f := range x.Sent.Header {
		if strings.EqualFold(f.Name, "Proxy-Authorization") {
			text = "the proxy does not take the login"
		}
	}
	sh.hint("407", text+": `proxy "+scheme+"://USER:PASSWORD@"+place+"`")
}

// exampleUser is the name hints log in with: the practice API's own where it is
// asked.
func (sh *Shell) exampleUser() string {
	if sh.SecretNote != "" {
		return "jdoe"
	}
	return "USER"
}

func (sh *Shell) userOr(other string) string {
	if u := sh.Session.Identity(); u != "" {
		return u
	}
	return other
}

func (sh *Shell) atGitHub(x *session.Exchange) bool {
	return strings.HasPrefix(x.Sent.URL, "https://api.github.com/")
}

// hintLimit reads how long to wait from the headers and nothing else.
func (sh *Shell) hintLimit(x *session.Exchange) {
	if after, ok := x.HeaderValue("Retry-After"); ok {
		sh.hint("429", "the server asks to wait before the next request (Retry-After: "+after+")")
		return
	}
	if left, ok := x.HeaderValue("X-RateLimit-Remaining"); ok && left == "0" {
		sh.hint("429", "the requests of this hour are used up; see: `headers`")
	}
}

// shownPath is the path of an answer's URL as it would be typed.
func (sh *Shell) shownPath(x *session.Exchange) string {
	_, rest, _ := strings.Cut(x.Sent.URL, "://")
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		rest = rest[i:]
	}
	path, _, _ := strings.Cut(rest, "?")
	return path
}
