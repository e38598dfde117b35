package repl

import (
	"testing"

	"sonde/repl/query"
)

// TestTakenSecret: a name says that what it holds is a secret, unless the value is
// too short or too wordy for one.
func TestTakenSecret(t *testing.T) {
	for _, tt := range []struct {
		program, value string
		want           bool
	}{
		{".access_token", "abcdefgh12", true},
		{".data.refresh_token ", "abcdefgh12", true},
		{`.["api_key"]`, "abcdefgh12", true},
		{`."client-secret"`, "abcdefgh12", true},
		{"map(.password)", "abcdefgh12", true},
		{"$ENV.GITHUB_TOKEN", "abcdefgh12", true},
		{".access_token", "short", false},
		{".password", "a sentence that is long", false},
		{".login", "abcdefgh12", false},
		{".license.key", "mit", false},
		{"length", "abcdefgh12", false},
		{"token", "abcdefgh12", false},
		{"", "abcdefgh12", false},
	} {
		if got := takenSecret(tt.program, query.StringValue(tt.value)); got != tt.want {
			t.Errorf("%s of %q: got %v", tt.program, tt.value, got)
		}
	}
}
