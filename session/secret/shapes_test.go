package secret

import (
	"strings"
	"testing"
)

func TestMaskShapes(t *testing.T) {
	const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_123"
	pem := "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----"
	for _, test := range []struct{ text, want string }{
		{"ghp_0123456789abcdefghij", Mask},
		{"x=gho_0123456789abcdefghij&", "x=" + Mask + "&"},
		{"ghs_canary123", Mask},
		{"github_pat_11ABCDEFG0_abcdefghijkl", Mask},
		{"glpat-abcdefghij0123456789", Mask},
		{"sk-proj-abcdefghijklmnop1234", Mask},
		{"sk-some-long-word-of-prose", "sk-some-long-word-of-prose"},
		{"sk-learn", "sk-learn"},
		{"task-force-0123456789abcdefgh", "task-force-0123456789abcdefgh"},
		{"xoxb-123456789012-abcdefghij", Mask},
		{"sk_live_abcdefghijklmnop", Mask},
		{"AKIAIOSFODNN7EXAMPLE", Mask},
		{"AKIAIOSFODNN7EXAMPLE2", "AKIAIOSFODNN7EXAMPLE2"},
		{"AKIA", "AKIA"},
		{"AIza" + strings.Repeat("a", 35), Mask},
		{"a " + jwt + ".", "a " + Mask + "."},
		{"(" + jwt + ")", "(" + Mask + ")"},
		{"eyJhbGciOiJSU0EifQ.abcd.efgh.ijkl.mnop", Mask},
		{"eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", Mask},
		{"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0"},
		{"a\n" + pem + "\nb", "a\n" + Mask + "\nb"},
		{strings.ReplaceAll(pem, "\n", `\n`), Mask},
		{"-----BEGIN PRIVATE KEY-----\nMIIB", Mask},
		{"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"},
		{"see https://jdoe:hunter2@h.test/x.", "see https://jdoe:" + Mask + "@h.test/x."},
		{"git@github.com:a/b", "git@github.com:a/b"},
		{"https://h.test/ mail:a@b.test", "https://h.test/ mail:a@b.test"},
		{"graph_ghp_x ghp_", "graph_ghp_x ghp_"},
		{"", ""},
	} {
		got := MaskShapes(test.text)
		if got != test.want {
			t.Errorf("MaskShapes(%q)\n got %q\nwant %q", test.text, got, test.want)
		}
		if again := MaskShapes(got); again != got {
			t.Errorf("MaskShapes(%q) = %q, not itself", got, again)
		}
	}
}
