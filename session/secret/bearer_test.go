package secret

import "testing"

// TestCredentialsOutOfPlace masks what follows a scheme where its place is
// mistyped, and leaves alone what only reads like it.
func TestCredentialsOutOfPlace(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"Autorization: Bearer CANARYbravo", "Autorization: Bearer " + Mask},
		{"atuh bearer CANARYalpha", "atuh bearer " + Mask},
		{"get /x X-Foo:'Bearer CANARYxxx'", "get /x X-Foo:'Bearer " + Mask + "'"},
		{"X-Foo: basic dXNlcjpwYXNz", "X-Foo: basic " + Mask},
		{"auth basic somebodyelse env:TOKEN", "auth basic somebodyelse env:TOKEN"},
		{"get /bearer | .token", "get /bearer | .token"},
		{"get /basic-auth/jdoe/pw", "get /basic-auth/jdoe/pw"},
		{"auth bearer env:A_LONG_NAME", "auth bearer env:A_LONG_NAME"},
	} {
		if got := Line(tt.line); got != tt.want || Line(got) != got {
			t.Errorf("%q: got %q, want %q", tt.line, got, tt.want)
		}
	}
}
