package repl

import (
	"os"
	"path/filepath"
	"strings"
)

// filesShown is how many files completion offers at most.
const filesShown = 200

// fileCandidates are the files a word begins the path of. Hidden ones are among
// them if the name starts with a dot; directories end in a slash, so that one can
// go on. Those whose name would not stay one word on a line are left out.
func fileCandidates(word string) []Candidate {
	dir, prefix := filepath.Split(word)
	from := dir
	if from == "" {
		from = "."
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return nil // nothing is told while a person types
	}
	var out []Candidate
	for _, e := range entries {
		name := e.Name()
		hidden := strings.HasPrefix(name, ".") && !strings.HasPrefix(prefix, ".")
		if hidden || !strings.HasPrefix(name, prefix) || !plainName(name) || len(out) == filesShown {
			continue
		}
		if info, err := os.Stat(filepath.Join(from, name)); err == nil && info.IsDir() { // a link to one is one
			out = append(out, Candidate{Text: dir + name + "/", Description: "a directory"})
			continue
		}
		out = append(out, Candidate{Text: dir + name, Space: true})
	}
	return out
}

// plainName reports whether a file's name means itself on a line.
func plainName(name string) bool {
	return !strings.ContainsAny(name, " \t\n\r'\"\\|<>{}[]#$`") && strings.IndexFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) < 0
}

// behind puts a mark before each candidate.
func behind(mark string, list []Candidate) []Candidate {
	for i := range list {
		list[i].Text = mark + list[i].Text
	}
	return list
}

// savesTo reports whether a stage of a line up to its last word is `save`.
func savesTo(stage string) bool {
	words := strings.Fields(stage)
	return len(words) > 0 && words[len(words)-1] == "save"
}

// intoFile reports whether the word behind text is the file of a redirection.
func intoFile(text string) bool {
	words := strings.Fields(text)
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	return last == ">" || last == ">>"
}
