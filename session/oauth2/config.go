package oauth2

import "net/url"

// The grants a [Config] can ask for.
const (
	GrantClient = "client" // client credentials
	GrantDevice = "device" // device authorization
	GrantCode   = "code"   // authorization code in a browser, with PKCE
)

// A Config says who asks which authorization server for what. It can be saved
// as JSON, which leaves the secret out. The zero value is of no use: ClientID
// and either Issuer or the URLs its grant needs have to be there.
type Config struct {
	Grant        string `json:"grant"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"-"` // "" for a public client

	Issuer    string `json:"issuer,omitempty"`     // names the server; [Config.Complete] asks it for the URLs
	TokenURL  string `json:"token_url,omitempty"`  // needed by all grants
	AuthURL   string `json:"auth_url,omitempty"`   // where the browser is sent; needed by GrantCode
	DeviceURL string `json:"device_url,omitempty"` // needed by GrantDevice

	Scope    string `json:"scope,omitempty"`    // separated by blanks; "" leaves the choice to the server
	Audience string `json:"audience,omitempty"` // a parameter some servers want; no RFC has it
	Resource string `json:"resource,omitempty"` // the API the token is for (RFC 8707)

	// ClientAuth is how the secret is sent: "basic" in a header, "post" in the
	// form. "" is "post" if the issuer says that it does not take "basic", and
	// "basic" otherwise.
	ClientAuth string `json:"client_auth,omitempty"`

	// RequireIss says that the answer a browser brings must name the issuer
	// (RFC 9207). [Config.Complete] sets it if the server promises to.
	RequireIss bool `json:"require_iss,omitempty"`
}

// form returns the parameters of a token request of one grant type.
func (c Config) form(grantType string) url.Values {
	f := url.Values{"grant_type": {grantType}}
	add(f, "resource", c.Resource)
	return f
}

// add sets a parameter that is left out when empty.
func add(f url.Values, name, value string) {
	if value != "" {
		f.Set(name, value)
	}
}

// missing names the first endpoint the grant needs and c does not have, with
// the word that gives it; "" if there is none.
func (c Config) missing() (name, word string) {
	switch {
	case c.TokenURL == "":
		return tokenEndpoint, "token="
	case c.Grant == GrantCode && c.AuthURL == "":
		return authEndpoint, "authorize="
	case c.Grant == GrantDevice && c.DeviceURL == "":
		return deviceEndpoint, "device="
	}
	return "", ""
}
