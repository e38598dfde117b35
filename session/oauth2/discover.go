package oauth2

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// A metadata is what an issuer tells about itself (RFC 8414 section 2).
type metadata struct {
	Issuer      string   `json:"issuer"`
	TokenURL    string   `json:"token_endpoint"`
	AuthURL     string   `json:"authorization_endpoint"`
	DeviceURL   string   `json:"device_authorization_endpoint"`
	AuthMethods []string `json:"token_endpoint_auth_methods_supported"`
	Iss         bool     `json:"authorization_response_iss_parameter_supported"`
}

// Complete returns c with the URLs its grant needs, asking the issuer for those
// that are missing: first as OpenID Connect Discovery 1.0 section 4 has it, then
// as RFC 8414 section 3 does. URLs of c win over the issuer's. Nothing is sent
// if all are there. The error is a [*UsageError] if c has too little to ask, an
// [*Error], or that of do behind "discovery".
func (c Config) Complete(ctx context.Context, do Do) (Config, error) {
	if name, word := c.missing(); name == "" {
		return c, nil
	} else if c.Issuer == "" {
		return c, &UsageError{"no " + name, c.example(word)}
	}
	u, cause := secureURL(c.Issuer)
	if cause == "" && u.RawQuery != "" {
		cause = "it has a ? in it" // RFC 8414 section 2
	}
	if cause != "" {
		return c, &UsageError{"unfit URL of the issuer: " + cause, c.example("issuer=https://HOST")}
	}
	m, err := fetchMetadata(ctx, do, u)
	if err != nil {
		return c, err
	}
	// A slash at the end is the one difference both forms of the question have
	// no room for, so it does not tell one issuer from another.
	if strings.TrimSuffix(m.Issuer, "/") != strings.TrimSuffix(c.Issuer, "/") {
		return c, &Error{Endpoint: discovery, Description: fmt.Sprintf("%s says that it is the issuer %s", c.Issuer, clean(m.Issuer, 100))}
	}
	return c.merge(m, loopbackHost(u.Hostname()))
}

// merge fills in what c lacks. local says that the issuer is on this machine;
// one that is not has no say over what is sent to servers on this machine.
func (c Config) merge(m metadata, local bool) (Config, error) {
	for _, p := range [...]struct {
		name      string
		url, told *string
	}{
		{tokenEndpoint, &c.TokenURL, &m.TokenURL},
		{authEndpoint, &c.AuthURL, &m.AuthURL},
		{deviceEndpoint, &c.DeviceURL, &m.DeviceURL},
	} {
		if *p.url != "" || *p.told == "" {
			continue
		}
		u, cause := secureURL(*p.told)
		if cause == "" && !local && loopbackHost(u.Hostname()) {
			cause = "it is on this machine, and the issuer is not"
		}
		if cause != "" {
			return c, &Error{Endpoint: discovery, Description: "unfit URL of the " + p.name + ": " + cause}
		}
		*p.url = *p.told
	}
	if name, word := c.missing(); name != "" {
		return c, &Error{Endpoint: discovery, Description: "the issuer names no " + name, Hint: c.Line() + " " + word + "https://HOST"}
	}
	c.Issuer, c.RequireIss = m.Issuer, m.Iss
	if c.ClientAuth == "" && slices.Contains(m.AuthMethods, "client_secret_post") && !slices.Contains(m.AuthMethods, "client_secret_basic") {
		c.ClientAuth = "post"
	}
	return c, nil
}

// fetchMetadata asks an issuer in both forms. The error is that of the first
// form, unless only the second one says more than that nothing is there.
func fetchMetadata(ctx context.Context, do Do, issuer *url.URL) (metadata, error) {
	path := strings.TrimSuffix(issuer.EscapedPath(), "/")
	root := issuer.Scheme + "://" + issuer.Host
	m, err := fetch(ctx, do, root+path+"/.well-known/openid-configuration")
	refused, ok := errors.AsType[*Error](err)
	if !ok { // it is there, or there is no talking to the server
		return m, err
	}
	m, second := fetch(ctx, do, root+"/.well-known/oauth-authorization-server"+path)
	if second == nil || refused.Status == 404 {
		return m, second
	}
	return m, err
}

// fetch reads the metadata at an address.
func fetch(ctx context.Context, do Do, address string) (metadata, error) {
	var m metadata
	r := Request{Method: "GET", URL: address, Header: [][2]string{{"Accept", "application/json"}}}
	resp, err := do(ctx, r)
	if err != nil {
		return m, fmt.Errorf("%s: %w", discovery, err)
	}
	if resp.Status != 200 {
		return m, &Error{Endpoint: discovery, Status: resp.Status, Description: fmt.Sprintf("status %d of %s", resp.Status, address)}
	}
	if e := readJSON(discovery, resp, &m); e != nil {
		return m, e.tidy()
	}
	if m.Issuer == "" {
		return m, &Error{Endpoint: discovery, Status: resp.Status, Description: "no issuer in what is at " + address}
	}
	return m, nil
}
