package session

// A Source says who set a part of a request. A later one overrides an earlier
// one of the first four.
type Source uint8

// The sources.
const (
	FromDefault Source = iota // the program
	FromSession               // for every request
	FromOrigin                // by the session, for one origin
	FromRequest               // typed with this request
	FromAuth                  // the login of the origin
	FromURL                   // the userinfo of the URL
	FromNetrc                 // the file .netrc
	FromServer                // a cookie the server set
	FromEnv                   // a variable of the environment
)

// String names the source as it is shown to a person.
func (s Source) String() string {
	switch s {
	case FromSession:
		return "session"
	case FromOrigin:
		return "session, for this origin"
	case FromRequest:
		return "this request"
	case FromAuth:
		return "auth"
	case FromURL:
		return "the URL"
	case FromNetrc:
		return ".netrc"
	case FromServer:
		return "the server"
	case FromEnv:
		return "environment"
	}
	return "sonde"
}

// A Part is one thing a request is made of and who set it.
type Part struct {
	Name, Value string
	Secret      bool // Value is not to be shown
	Source      Source
	Detail      string // "HTTPS_PROXY", what the Source alone does not tell; "" if nothing
}

// A Lost is something that would have gone along if somebody stronger had not
// set the same.
type Lost struct {
	Kind string // "header", "param", "cookie", "auth", "proxy" or "ca"
	Part
	To Source // who won
}
