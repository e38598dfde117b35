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
			err = &UsageError{name + "= is there twice", c.example("")}
		default:
			*field, given[name] = value, true
			err = c.checkSetting(name, value)
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
func (c Config) checkSetting(name, value string) error {
	if value == "" {
		return &UsageError{name + "= has no value", c.example(name + "=" + sampleOf(name))}
	}
	switch name {
	case "issuer", "token", "authorize", "device":
		if _, cause := secureURL(value); cause != "" {
			return &UsageError{name + "= wants a URL: " + cause, c.example(name + "=https://HOST")}
		}
	case "auth":
		if value != "basic" && value != "post" {
			return &UsageError{"auth= says how the secret is sent, basic or post", c.example("auth=post")}
		}
	}
	return nil
}

// sampleOf returns a value a setting may have, in capitals where it is to be
// replaced.
func sampleOf(name string) string {
	switch name {
	case "scope":
		return `"ONE TWO"`
	case "audience":
		return "TEXT"
	case "auth":
		return "post"
	}
	return "https://HOST"
}

// example is a whole line with one setting in it, "" for none.
func (c Config) example(setting string) string {
	line := "auth oauth2 " + c.Grant + " CLIENT_ID "
	switch name, _, _ := strings.Cut(setting, "="); name {
	case "issuer":
		return line + setting
	case "token", "authorize", "device":
		line += "token=https://HOST"
		switch c.Grant {
		case GrantCode:
			line += " authorize=https://HOST"
		case GrantDevice:
			line += " device=https://HOST"
		}
		return line
	}
	return strings.TrimRight(line+"issuer=https://HOST "+setting, " ")
}

// bare takes the i-th word behind the grant, which is not a setting. after says
// that settings came before it.
func (c *Config) bare(i int, word string, after bool) error {
	switch name, _, is := strings.Cut(word, "="); {
	case is && nearSetting(name):
		return &UsageError{name + "= is not one of " + keys, c.example("")}
	case after && is && settingName(name):
		return &UsageError{"no setting " + name + ", there are " + keys, c.example("")}
	case after:
		return &UsageError{"a word behind the settings, whose values want quotes if there are blanks in them", c.example(`scope="ONE TWO"`)}
	case word == "":
		return &UsageError{"an empty client id or secret", "auth oauth2 " + c.Grant + " CLIENT_ID env:SECRET issuer=https://HOST"}
	case i == 0:
		c.ClientID = word
	case i == 1:
		c.ClientSecret = word
	default:
		return &UsageError{"too many words behind the client id and its secret", "auth oauth2 " + c.Grant + " CLIENT_ID env:SECRET issuer=https://HOST"}
	}
	return nil
}

// settingName says that a name is one that a setting could have. What is not may be
// a secret with a sign of equality in it, which is not to be shown.
func settingName(name string) bool {
	return name != "" && len(name) <= 16 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") == ""
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
		return &UsageError{"no client id", c.example("")}
	}
	name, word := c.missing()
	if name == "" || c.Issuer != "" {
		return nil
	}
	if c.TokenURL == "" {
		return &UsageError{"nothing says which server to ask", c.example("")}
	}
	return &UsageError{"no " + name, c.example(word)}
}

// Line returns what is typed to log in as c does, by the rules of [ParseWords]:
//
//	auth oauth2 client my-app SECRET issuer=https://login.example.com scope="read write"
//
// SECRET stands for the client's secret if it has one. What the issuer tells is
// left out.
func (c Config) Line() string {
	words := []string{"auth", "oauth2", c.Grant, quoted(c.ClientID)}
	if c.ClientSecret != "" {
		words = append(words, "SECRET")
	}
	names := "issuer scope audience resource auth"
	if c.Issuer == "" {
		names = "token authorize device scope audience resource auth"
	}
	for name := range strings.FieldsSeq(names) {
		if value := *c.field(name); value != "" {
			words = append(words, name+"="+quoted(value))
		}
	}
	return strings.Join(words, " ")
}

// quoted returns a word in quotes if it has something in it that means more than
// itself on a line.
func quoted(word string) string {
	if !strings.ContainsAny(word, " \t'\"\\|#$<>{}[]") {
		return word
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "{{", `\{{`).Replace(word) + `"`
}
