package line

import "testing"

// TestJQStage takes the word jq, and -r, off a stage: neither is a program.
func TestJQStage(t *testing.T) {
	for _, tt := range []struct {
		text, program, stage string
		raw                  bool
	}{
		{"get /x | jq .a", "", ".a", false},
		{"get /x | jq -r .a", "", ".a", true},
		{"get /x | jq", "", ".", false},
		{".a | jq .b", ".a", ".b", false},
		{".a | -r .b", ".a", ".b", true},
		{".a | jqx", ".a | jqx", "", false},
		{"get /x | .a | jq .b | save f", "", ".b", false},
	} {
		ln, err := Parse(tt.text, Knows{
			Function: func(string) bool { return true },
			Program:  func(string) bool { return true },
		})
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		program, stage, raw := "", "", false
		if ln.Program != nil {
			program = ln.Program.Text
		}
		for _, st := range ln.Stages {
			if st.Kind == StageQuery {
				stage, raw = st.Program.Text, st.Program.Raw
			}
		}
		if program != tt.program || stage != tt.stage || raw != tt.raw {
			t.Errorf("%s: got %q | %q, raw %t; want %q | %q, raw %t", tt.text, program, stage, raw, tt.program, tt.stage, tt.raw)
		}
	}
}
