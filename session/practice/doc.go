// Package practice is a small REST API to learn and to test against, served
// inside the program on loopback addresses. It looks like a well-known code
// host (users, repositories, issues, Link headers, rate limits, entity tags)
// and adds resources that misbehave on purpose. All data is invented and made
// by rule, so that two servers give the same bytes but for their ports, the
// clock they were given and what their clients changed.
//
// # Logging in
//
// Any user name is an account and any password or token opens it, except the
// password (or token) "wrong". Bearer tokens belong to jdoe, but "NAME-token"
// belongs to NAME. Accounts that nobody has used yet are unknown, but for jdoe
// and a few others that always exist. Rate limits are counted and told, never
// enforced: /limited is the resource that refuses.
//
// # Resources of the API
//
//	GET  /  /openapi.json                    the index and the description
//	GET PATCH /user, GET /user/repos         who is logged in
//	GET  /users/{login}[/repos]              anybody
//	GET  /repos/{owner}/{repo}               one repository; private ones only for the owner
//	GET POST /repos/{owner}/{repo}/issues    issues, kept in memory
//	GET PATCH DELETE …/issues/{number}       changed by their author or the owner only
//
// # Cookies
//
//	POST /login      form or JSON user and password: cookies sid and csrftoken, and a token
//	GET  /private    wants the cookie sid
//	POST /private/note   wants X-CSRFToken equal to the cookie csrftoken as well
//	POST /logout     takes both back
//
// # More ways to log in
//
//	/digest-auth     Digest (RFC 7616); ?algorithm= MD5, SHA-256, SHA-512-256 (and
//	                 -sess), ?qop= auth, auth-int; with ?stale=1 every third login
//	                 finds its nonce too old; ?password= is the only one that opens
//	/api-key         a key in X-Api-Key or ?api_key=
//	POST /oauth/token    client_credentials, authorization_code with PKCE, device
//	                 codes and refresh tokens, each good for one time; tokens of
//	                 jdoe for 3600 s, or for the seconds in ?expires= or lifetime=
//	GET  /oauth/authorize    a code at once, for a redirect_uri of this machine
//	POST /oauth/device   a code for GET /oauth/verify?user_code=, which agrees
//	/.well-known/oauth-authorization-server and openid-configuration
//
// An issued token that expired or was revoked is refused as RFC 6750 has it.
//
// # Redirects
//
//	/redirect/{n}    n hops on this origin to /echo
//	/moved 301, /see-other 303 to /user; /temporary 307, /permanent 308 to /echo
//	/loop            to itself; /away to the second origin, whose /there tells
//	                 which credentials arrived there without repeating them
//
// # Faults
//
//	/flaky           502, 502, 200, and so on, counted per server
//	/limited         one answer a second, else 429 with Retry-After in seconds
//	/limited/date    the same with a date
//	/drop/idle       answers, then closes the connection without having said so
//	/drop/read       closes without an answer every first, third, fifth … time,
//	                 counted per method, so that one repetition gets through
//	/drop/half       promises 1000 bytes, sends 100 and closes
//	/slow?seconds=   answers late; /drip?bytes=&delay= byte by byte
//	/status/{code}   that status
//
// # Formats
//
//	/echo            the request as it arrived, any method, any path below it
//	/bytes/{n}       octets, with ranges; /big?mb= a huge JSON array
//	/events /lines   server-sent events, newline-delimited JSON
//	/gzip /deflate /br /zstd   content codings
//	/xml /html /png /text /latin1   media types
//	/terminal        escape sequences in reason, header and body; /terminal/json
//
// # TLS
//
// The same resources with the same data are served over TLS with HTTP/2, under
// a certificate that is made when the first client comes. What depends on the
// framing of HTTP/1.1 does as much as HTTP/2 has: the faults that drop a
// connection reset a stream, and only the body of /terminal is hostile.
package practice
