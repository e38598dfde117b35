package repl

import (
	"strings"

	"sonde/repl/query"
	"sonde/session/secret"
)

// leastTaken is the length from which a value is believed to be a secret because
// of the name it was taken from. A shorter one is a setting more often.
const leastTaken = 8

// takenSecret reports whether the result of a program is a secret by the name it
// was taken from: `.access_token`, `.[0]["api_key"]`, `$ENV.TOKEN`.
func takenSecret(program string, v query.Value) bool {
	s, ok := v.Str()
	return ok && len(s) >= leastTaken && !strings.ContainsAny(s, " \t\n") && secret.Field(lastName(program))
}

// fromEnvironment reports whether a program reads the environment. Whoever puts
// a value there instead of into the line has a reason.
func fromEnvironment(program string) bool { return strings.Contains(program, "$ENV") }

// lastName is the key a path ends with, "" if the program does not end with one.
func lastName(program string) string {
	text := strings.TrimRight(program, " \t\r\n?)")
	if inner, ok := strings.CutSuffix(text, `"]`); ok {
		i := strings.LastIndexByte(inner, '"')
		return inner[i+1:]
	}
	text = strings.TrimSuffix(text, `"`)
	i := strings.LastIndexFunc(text, func(r rune) bool {
		return !(r == '_' || r == '-' || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z')
	})
	if i < 0 || !strings.HasSuffix(strings.TrimSuffix(text[:i+1], `"`), ".") {
		return ""
	}
	return text[i+1:]
}
