package session

import "time"

// A Cookie is one cookie the session holds (RFC 6265, section 5.3).
type Cookie struct {
	Name, Value string
	Domain      string    // host it was set by or for, without a leading dot
	HostOnly    bool      // not for subdomains of Domain
	Path        string    // begins with a slash
	Expires     time.Time // zero means when the session ends
	Secure      bool      // only over https
	HttpOnly    bool
	SameSite    string // "Strict", "Lax", "None" or "" as the server said; kept, not acted on
	HandSet     bool   // set by the user: goes to Origin only
	Origin      string // where it came from, or for a hand-set one the only origin it goes to
}

// A SetCookie is what became of one Set-Cookie field.
type SetCookie struct {
	Cookie
	Removed bool   // the field had expired and took the cookie away
	Refused string // why the cookie was not taken, "" if it was
}
