package oauth2

import (
	"slices"
	"strings"
)

// A UsageError says what is wrong with what was typed, never with the text of a
// word that may be a secret.
type UsageError struct {
	Msg  string
	Hint string // something to type instead; "" if there is nothing
}

// Error returns what is wrong.
func (e *UsageError) Error() string { return e.Msg }

// keys are the settings ParseWords knows, as they are typed.
const keys = "issuer= token= authorize= device= scope= audience= resource= auth="

// ParseWords reads what is typed to set up a login:
//
//	client|device|code CLIENT_ID [SECRET] SETTING…
//
// where the settings are issuer=URL, or token=URL with authorize=URL for code
// and device=URL for device, and scope="a b", audience=TEXT, resource=URL and
// auth=basic|post. The secret comes back as it was typed: a word that refers to
// one is looked up by the caller, who also asks for a missing one; only the
// grant client has to have one. The error is a [*UsageError].
func ParseWords(words []string) (Config, error) {
	c := Config{}
	if len(words) == 0 || !slices.Contains([]string{GrantClient, GrantDevice, GrantCode}, words[0]) {
		return c, &UsageError{"the word after oauth2 is client, device or code", "auth oauth2 client CLIENT_ID issuer=https://HOST"}
	}
	c.Grant = words[0]
	given := map[string]bool{}
	for i, word := range words[1:] {
		name, value, is := strings.Cut(word, "=")
		var err error
		switch field := c.field(name); {
		case !is || field == nil:
			err = c.bare(i, word, len(given) > 0)
		case given[name]:
			err = &UsageError{name + "= is there twice", ""}
		default:
			*field, given[name] = value, true
			err = checkSetting(name, value)
		}
		if err != nil {
			return Config{}, err
		}
	}
	return c, c.checkWords()
}

// field returns where the setting of a name goes, nil if there is none.
func (c *Config) field(name string) *string {
	switch name {
	case "issuer":
		return &c.Issuer
	case "token":
		return &c.TokenURL
	case "authorize":
		return &c.AuthURL
	case "device":
		return &c.DeviceURL
	case "scope":
		return &c.Scope
	case "audience":
		return &c.Audience
	case "resource":
		return &c.Resource
	case "auth":
		return &c.ClientAuth
	}
	return nil
}

// checkSetting says what is wrong with the value of a setting.
func checkSetting(name, value string) error {
	if value == "" {
		return &UsageError{name + "= has no value", ""}
	}
	switch name {
	case "issuer", "token", "authorize", "device":
		if _, cause := secureURL(value); cause != "" {
			return &UsageError{name + "= wants a URL: " + cause, name + "=https://HOST"}
		}
	case "auth":
		if value != "basic" && value != "post" {
			return &UsageError{"auth= says how the secret is sent, basic or post", "auth=post"}
		}
	}
	return nil
}

// bare takes the i-th word behind the grant, which is not a setting. after says
// that settings came before it.
func (c *Config) bare(i int, word string, after bool) error {
	switch name, _, is := strings.Cut(word, "="); {
	case is && nearSetting(name):
		return &UsageError{name + "= is not one of " + keys, ""}
	case after:
		return &UsageError{"a word behind the settings, whose values want quotes if there are blanks in them", `scope="read write"`}
	case word == "":
		return &UsageError{"an empty client id or secret", "auth oauth2 " + c.Grant + " CLIENT_ID env:SECRET"}
	case i == 0:
		c.ClientID = word
	case i == 1:
		c.ClientSecret = word
	default:
		return &UsageError{"too many words behind the client id and its secret", "auth oauth2 " + c.Grant + " CLIENT_ID env:SECRET issuer=https://HOST"}
	}
	return nil
}

// nearSetting says that a name reads like a setting that was mistyped, or like a
// name for what has none. Without it the word would be taken, and sent, as the
// secret.
func nearSetting(name string) bool {
	name = strings.ToLower(name)
	if name == "id" || name == "secret" || strings.HasPrefix(name, "client_") {
		return true
	}
	return len(name) >= 3 && slices.ContainsFunc(strings.Fields(keys), func(key string) bool {
		key = strings.TrimSuffix(key, "=")
		return strings.HasPrefix(key, name) || strings.HasPrefix(name, key)
	})
}

// checkWords says what is missing.
func (c Config) checkWords() error {
	if c.ClientID == "" {
		return &UsageError{"no client id", "auth oauth2 " + c.Grant + " CLIENT_ID issuer=https://HOST"}
	}
	name, word := c.missing()
	if name == "" || c.Issuer != "" {
		return nil
	}
	if c.TokenURL == "" {
		return &UsageError{"nothing says which server to ask", "auth oauth2 " + c.Grant + " CLIENT_ID issuer=https://HOST"}
	}
	return &UsageError{"no " + name, word + "https://HOST"}
}
