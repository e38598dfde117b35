package repl

import "strings"

// A topic is a word help knows that is no command.
type topic struct{ name, about, text string }

// topics are the parts of the manual that belong to no single command.
func topics() []topic {
	return []topic{{
		name: "requests", about: "where the session differs from Python's requests, and why",
		text: `The session keeps what requests.Session keeps. On purpose it differs in this:

V1 credentials   They belong to the origin (scheme, host, port) they were given for.
                 requests sends session auth to every host that is asked; here a URL
                 out of a body cannot carry a login away. A line says what stayed
                 home and what to type to allow it.
V2 cookies       One set by hand goes to its origin only, not to every host. Cookies
                 of servers follow RFC 6265 and the public suffix list.
V3 order         Fields go out in the order typed, as with requests. Those the program
                 adds stand elsewhere: Authorization and Cookie behind yours, then
                 Content-Type and Content-Length.
V4 proxies       This machine is never asked through a proxy of the environment; one
                 that was typed (proxy URL) is asked for every host.
V5 secrets       Headers that hold a secret (X-Api-Key, a token, a value that came from
                 a secret) are bound to their origin as logins are. requests strips
                 Authorization only.
V6 sent twice    A GET, HEAD or OPTIONS whose kept connection broke before the answer
                 is sent once more on a new one, and a line says so; requests fails.
                 What changes something is never sent twice unless a retry rule that
                 names it says so.

Smaller ones: userinfo in a URL does not outdo a typed Authorization; Basic is
UTF-8; .netrc does not follow a redirect to another port or from https to http; a
307 or 308 whose body was a stream is an error, not an empty body; a second body
length is refused, not mended; the first wait of a retry is not zero; HTTP/2 is
spoken where the server offers it (--http1 or set http1 on: not); host names are
read as browsers read them (UTS #46).
`,
	}}
}

// topicText is what help says about a word that is no command, "" if nothing.
func topicText(word string) string {
	for _, t := range topics() {
		if strings.EqualFold(t.name, word) {
			return t.text
		}
	}
	return ""
}
