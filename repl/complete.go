package repl

import (
	"context"
	"slices"
	"strings"
	"time"

	"sonde/repl/line"
	"sonde/repl/query"
	"sonde/session/secret"
)

// A Completion is what a word could become.
type Completion struct {
	Start, End int // the bytes of the line that a candidate replaces
	Candidates []Candidate
}

// A Candidate is one of them.
type Candidate struct {
	Text        string // what is inserted
	Description string // beside it in the menu; optional
	Space       bool   // a blank follows
}

// headerNames are the request headers a person is likely to type.
func headerNames() []string {
	return []string{
		"Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Content-Type",
		"Cookie", "If-Match", "If-Modified-Since", "If-None-Match", "Origin", "Prefer", "Range", "Referer",
		"User-Agent", "X-CSRFToken", "X-Request-Id",
	}
}

// pathsKept is how many paths completion remembers.
const pathsKept = 500

// pathMemory is the paths that were asked for and those that answers named.
type pathMemory struct{ list []string }

func (m *pathMemory) add(path string) {
	if !strings.HasPrefix(path, "/") || !plainPath(path) {
		return
	}
	if slices.Contains(m.list, path) {
		return
	}
	m.list = append(m.list, path)
	if len(m.list) > pathsKept {
		m.list = slices.Delete(m.list, 0, 1)
	}
}

// plainPath reports whether a path may be offered: short, without a secret, and
// of characters that mean nothing else on a line. A server names it; what is
// inserted must stay one word.
func plainPath(path string) bool {
	for i := range len(path) {
		c := path[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && strings.IndexByte("/-._~%?=&:@+,", c) < 0 {
			return false
		}
	}
	return len(path) < 200 && secret.URL(path) == path
}

// Complete is what the word at byte pos of text could become. It asks no server.
func (sh *Shell) Complete(text string, pos int) Completion {
	pos = min(max(pos, 0), len(text))
	start := strings.LastIndexAny(text[:pos], " \t\n") + 1
	word := text[start:pos]
	c := Completion{Start: start, End: pos}
	if at := innerStart(text[:pos]); at > 0 {
		return sh.completeInner(text, at, pos)
	}
	first, rest, _ := strings.Cut(strings.TrimLeft(text[:pos], " \t"), " ")
	if at := strings.LastIndex(text[:pos], "{{"); at >= 0 && !strings.Contains(text[at:pos], "}}") {
		return sh.completeQuery(text[at+2:pos], at+2, pos)
	}
	if at := strings.Index(text[:pos], "|"); at >= 0 && !line.TakesRest(first) {
		if savesTo(text[at+1 : start]) {
			c.Candidates = fileCandidates(word)
			return c
		}
		return sh.completeQuery(text[at+1:pos], at+1, pos)
	}
	switch {
	case strings.TrimSpace(text[:start]) == "":
		return sh.completeFirst(c, text[:pos], word)
	case stickyName(first) != "":
		c.Candidates = valueCandidates(stickyName(first), strings.TrimPrefix(strings.TrimLeft(text[:start], " \t"), first), word, "")
	case startsWithMethod(first):
		return sh.completeRequest(c, text[:pos], word, strings.TrimSpace(rest) == word && !strings.EqualFold(first, "send"))
	case first == "let" && !strings.Contains(rest, "="):
	case line.TakesRest(first) || first == "jq":
		return sh.completeQuery(text[len(first):pos], len(first), pos)
	case sh.lookup(first) != nil:
		c.Candidates = sh.argumentWords(sh.lookup(first), append(strings.Fields(text[pos-len(rest):start]), word))
	default:
		return sh.completeQuery(text[:pos], 0, pos)
	}
	return c
}

// completeFirst completes the first word of a line, which is text.
func (sh *Shell) completeFirst(c Completion, text, word string) Completion {
	name, value, isHeader := strings.Cut(word, ":")
	switch {
	case strings.HasPrefix(word, "@"):
		c.Candidates = sh.identityCandidates("@", word)
	case isHeader && stickyName(word) != "":
		c.Candidates = valueCandidates(name, "", value, name+":")
	case word == "" || strings.ContainsAny(word, ".[({$"):
		return sh.completeQuery(text, 0, len(text))
	default:
		c.Candidates = append(sh.firstWords(word), headerCandidates(word)...)
	}
	return c
}

// completeRequest completes the last word of a request, which is text.
func (sh *Shell) completeRequest(c Completion, text, word string, url bool) Completion {
	switch {
	case intoFile(text[:c.Start]):
		c.Candidates = fileCandidates(word)
	case word != "" && strings.ContainsAny(word[:1], ".$") && !strings.HasPrefix(word, "./"):
		return sh.completeQuery(word, c.Start, c.End)
	default:
		c.Candidates = sh.requestWords(word, url)
	}
	return c
}

// firstWords are methods, commands and functions.
func (sh *Shell) firstWords(word string) []Candidate {
	var out []Candidate
	for _, m := range []string{"get", "post", "put", "patch", "delete", "head", "options", "send"} {
		out = appendIf(out, word, m, "a "+strings.ToUpper(m)+" request", true)
	}
	for _, c := range sh.table {
		out = appendIf(out, word, c.Name, c.Short, c.Args != "")
	}
	if len(word) > 0 {
		for _, f := range append(answerFunctions(), "keys", "length", "map(") {
			out = appendIf(out, word, f, "of the last answer", false)
		}
	}
	return out
}

// answerFunctions are the functions of queries about the answer at hand.
func answerFunctions() []string {
	return []string{"status", "reason", "headers", "header(", "elapsed", "url", "links", "cookies", "cookie("}
}

// functionCandidates are the functions of queries that a word begins, those about
// the answer first.
func functionCandidates(word string) []Candidate {
	if word == "" {
		return nil
	}
	var out []Candidate
	for _, f := range answerFunctions() {
		out = appendIf(out, word, f, "of the last answer", false)
	}
	for _, f := range query.Functions() {
		if !slices.ContainsFunc(answerFunctions(), func(own string) bool { return strings.TrimSuffix(own, "(") == f }) {
			out = appendIf(out, word, f, "a function", false)
		}
	}
	return out
}

// headerCandidates are the header names a word begins, whatever its case.
func headerCandidates(word string) []Candidate {
	var out []Candidate
	for _, h := range headerNames() {
		if len(word) <= len(h) && strings.EqualFold(word, h[:len(word)]) && word != "" {
			out = append(out, Candidate{Text: h + ":", Description: "a header"})
		}
	}
	return out
}

func appendIf(out []Candidate, word, text, about string, space bool) []Candidate {
	if strings.HasPrefix(text, word) {
		out = append(out, Candidate{Text: text, Description: about, Space: space})
	}
	return out
}

// knownPaths are the paths asked for and those in URLs of the last body, the
// newest first.
func (sh *Shell) knownPaths() []string {
	out := slices.Clone(sh.paths.list)
	slices.Reverse(out)
	if x := sh.Session.Current(); x != nil && x.Body.Len() < 1<<20 {
		for _, p := range pathsIn(x.Body.Bytes(), sh.Session.Settings.Base) {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// pathsIn finds URLs below base in a body, as paths below it.
func pathsIn(body []byte, base string) []string {
	var out []string
	if base == "" {
		return nil
	}
	text := string(body)
	for len(out) < pathsKept {
		i := strings.Index(text, base+"/")
		if i < 0 {
			break
		}
		text = text[i+len(base):]
		end := strings.IndexAny(text, "\" \n<{")
		if end < 0 {
			break
		}
		p := text[:end]
		if len(p) > 1 && !slices.Contains(out, p) && plainPath(p) {
			out = append(out, p)
		}
		text = text[end:]
	}
	return out
}

// completeTime is how long completion may think about a body.
const completeTime = 30 * time.Millisecond

// completeQuery completes the path at the end of a program, with the keys that
// are really there in the last body, or a variable.
func (sh *Shell) completeQuery(program string, at, pos int) Completion {
	start := pathStart(program)
	path := program[start:]
	if strings.HasPrefix(path, "$") && !strings.ContainsAny(path, ".[") {
		c := Completion{Start: at + start, End: pos}
		for n := range sh.vars {
			c.Candidates = appendIf(c.Candidates, path, "$"+n, "", false)
		}
		slices.SortFunc(c.Candidates, func(a, b Candidate) int { return strings.Compare(a.Text, b.Text) })
		return c
	}
	cut := strings.LastIndexByte(path, '.')
	if cut < 0 {
		return Completion{Start: at + start, End: pos, Candidates: functionCandidates(path)}
	}
	parent, prefix := path[:cut], path[cut+1:]
	c := Completion{Start: at + start + cut + 1, End: pos}
	for _, k := range sh.keysAt(parent) {
		if strings.HasPrefix(k, prefix) && isName(k) {
			c.Candidates = append(c.Candidates, Candidate{Text: k})
		}
	}
	return c
}

// pathStart is where the path at the end of a program begins: brackets stay
// together, everything else that cannot stand in a path ends it.
func pathStart(program string) int {
	depth := 0
	for i := len(program) - 1; i >= 0; i-- {
		switch c := program[i]; {
		case c == ']':
			depth++
		case c == '[' && depth == 0:
			return i + 1
		case c == '[':
			depth--
		case depth > 0:
		case c == '.' || c == '_' || c == '$' || c == '"' || c >= 0x80 ||
			'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '?':
		default:
			return i + 1
		}
	}
	return 0
}

// keysAt are the keys of the objects at a path of the last body, or of the
// elements of the list there, in the order first seen in the first of them.
func (sh *Shell) keysAt(parent string) []string {
	if parent == "" {
		parent = "."
	}
	ctx, stop := context.WithTimeout(context.Background(), completeTime)
	defer stop()
	p := line.Program{Text: "[limit(20; (" + parent + ")) | if type == \"array\" then .[0:20][] else . end | objects | keys[]] | unique[]", Pos: -1}
	vs, err := sh.results(ctx, p, "", 500)
	if err != nil {
		return nil
	}
	keys := make([]string, 0, len(vs))
	for _, v := range vs {
		if k, ok := v.Str(); ok {
			keys = append(keys, k)
		}
	}
	return keys
}
