package session

import (
	"slices"
	"time"

	"sonde/session/http1"
	"sonde/session/retry"
)

// Settings is what every request of a session inherits. It is plain data: the
// caller changes it between requests, and the next request follows it. The
// zero value is not useful; start from [DefaultSettings].
type Settings struct {
	Base string `json:"base,omitempty"` // absolute URL without userinfo, query and fragment; "" means none
	Dir  string `json:"dir,omitempty"`  // prefix of relative targets below the base's path, "repos/x"; "" means none

	Headers []Header `json:"headers,omitempty"` // sent with every request, in the order typed
	Params  []Param  `json:"params,omitempty"`  // added to every query, in the order typed

	ConnectTimeout   time.Duration `json:"connect_timeout"`    // for name lookup, TCP and TLS together; 0 means none
	FirstByteTimeout time.Duration `json:"first_byte_timeout"` // from the request's last byte to the answer's first; 0 means none
	Timeout          time.Duration `json:"timeout"`            // of each attempt, from its start to the end of the body; 0 means none

	Redirects int         `json:"redirects"`         // how many are followed; 0 means none, the 3xx is the answer
	Retries   []RetryRule `json:"retries,omitempty"` // what is repeated by itself; the longest prefix that fits decides, nil means nothing is

	Proxy     string `json:"proxy,omitempty"`      // URL of the proxy; "" leaves it to the environment, "off" means none
	IgnoreEnv bool   `json:"ignore_env,omitempty"` // proxies, .netrc and CA bundles the environment names are not used
	HTTP1     bool   `json:"http1,omitempty"`      // HTTP/2 is not offered

	Verify       string `json:"verify,omitempty"`        // "" system roots, "off" no check, else the path of a PEM file of CAs
	VerifyOrigin string `json:"verify_origin,omitempty"` // the only origin Verify holds for, others use the system roots; "" means every origin

	KeepAnswers int   `json:"keep_answers"` // exchanges remembered; below 1 means 1
	KeepBytes   int64 `json:"keep_bytes"`   // bytes of bodies remembered in memory; the newest body always is
	SpillOver   int64 `json:"spill_over"`   // bytes from where on a body is kept in a temporary file; 0 means none is
	MaxDecoded  int64 `json:"max_decoded"`  // bytes a content-coded body may decode to; 0 means no limit
	MaxBody     int64 `json:"max_body"`     // bytes of any body that is kept; 0 means no limit
	MaxHead     int   `json:"max_head"`     // bytes of an answer's head, interim ones counted in; 0 means 300 KiB
	MaxLines    int   `json:"max_lines"`    // lines of an answer's head; 0 means 5000
	MaxCodings  int   `json:"max_codings"`  // content codings of one body; 0 means 5
	MaxCookies  int   `json:"max_cookies"`  // Set-Cookie fields taken of one answer; 0 means 50
}

// A RetryRule says what is repeated by itself, and where.
type RetryRule struct {
	Prefix string       `json:"prefix,omitempty"` // of the URLs it is for; "" means all
	Policy retry.Policy `json:"policy"`
}

// A Header is a header field sent with every request.
type Header struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Drop   bool   `json:"drop,omitempty"`   // instead of being sent, a field the program would add by itself is left out
	Origin string `json:"origin,omitempty"` // "" means every origin; else the only one it goes to
	Secret bool   `json:"secret,omitempty"` // goes to one origin only and is masked; names that are secret by themselves need no mark
}

// A Param is a query parameter added to every request.
type Param struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Origin string `json:"origin,omitempty"` // "" means every origin; else the only one it goes to
	Secret bool   `json:"secret,omitempty"` // goes to one origin only and is masked; names that are secret by themselves need no mark
}

// DefaultSettings returns the settings a new session starts with.
func DefaultSettings() Settings {
	return Settings{
		ConnectTimeout:   10 * time.Second,
		FirstByteTimeout: 60 * time.Second,
		Redirects:        30,
		KeepAnswers:      100,
		KeepBytes:        64 << 20,
		SpillOver:        64 << 20,
		MaxDecoded:       100 << 20,
		MaxBody:          4 << 30,
		MaxHead:          http1.MaxHead,
		MaxLines:         http1.MaxLines,
		MaxCodings:       maxCodings,
		MaxCookies:       maxSetCookies,
	}
}

// Clone returns a deep copy.
func (s Settings) Clone() Settings {
	s.Headers = slices.Clone(s.Headers)
	s.Params = slices.Clone(s.Params)
	s.Retries = slices.Clone(s.Retries)
	return s
}
