package oauth2

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
)

// A refusal is the error answer of RFC 6749 section 5.2.
type refusal struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
	URI         string `json:"error_uri"`
}

// post sends a form as the client and reads the JSON of the answer into v.
func (c Config) post(ctx context.Context, do Do, endpoint, address string, form url.Values, v any) error {
	if _, cause := secureURL(address); cause != "" {
		return &Error{Endpoint: endpoint, Description: "unfit URL: " + cause}
	}
	r := Request{Method: "POST", URL: address, Form: form, Header: [][2]string{{"Accept", "application/json"}}}
	secrets := c.authenticate(&r)
	for _, name := range [...]string{"code", "code_verifier", "device_code", "refresh_token"} {
		secrets = append(secrets, form.Get(name))
	}
	resp, err := do(ctx, r)
	if err != nil {
		return fmt.Errorf("%s: %w", endpoint, err)
	}
	if e := readJSON(endpoint, resp, v); e != nil {
		e.hide(secrets)
		e.tidy()
		if e.Code == "invalid_client" {
			e.Hint = c.againHint()
		}
		return e
	}
	return nil
}

// againHint says what to type when the server does not take the client.
func (c Config) againHint() string {
	had := c.ClientSecret != ""
	c.ClientSecret = "SECRET"
	if !had {
		return "the client may need its secret: `" + c.Line() + "`"
	}
	hint := "the secret may be wrong: `" + c.Line() + "`"
	if c.ClientAuth == "" {
		c.ClientAuth = "post"
		hint += ", or the server wants it in the form: `" + c.Line() + "`"
	}
	return hint
}

// authenticate adds to a request who the client is (RFC 6749 section 2.3.1) and
// returns what must not be shown of it.
func (c Config) authenticate(r *Request) (secrets []string) {
	if c.ClientSecret == "" || c.ClientAuth == "post" {
		r.Form.Set("client_id", c.ClientID)
		add(r.Form, "client_secret", c.ClientSecret)
		return []string{c.ClientSecret}
	}
	pair := url.QueryEscape(c.ClientID) + ":" + url.QueryEscape(c.ClientSecret)
	coded := base64.StdEncoding.EncodeToString([]byte(pair))
	r.Header = append(r.Header, [2]string{"Authorization", "Basic " + coded})
	return []string{c.ClientSecret, coded}
}

// readJSON reads an answer into v, or into the error it is. Some servers send
// an error with status 200, so what the body says comes first.
func readJSON(endpoint string, r Response, v any) *Error {
	if !json.Valid(r.Body) {
		return notJSON(endpoint, r)
	}
	// A member of another type is no reason to leave the others unread.
	var no refusal
	_ = json.Unmarshal(r.Body, &no)
	if no.Error != "" {
		return &Error{Endpoint: endpoint, Status: r.Status, Code: no.Error, Description: no.Description, URI: no.URI}
	}
	if r.Status < 200 || r.Status > 299 {
		return &Error{Endpoint: endpoint, Status: r.Status, Description: "status " + strconv.Itoa(r.Status) + " without a code that says why"}
	}
	if json.Unmarshal(r.Body, v) != nil {
		return notJSON(endpoint, r)
	}
	return nil
}
