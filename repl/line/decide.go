package line

import (
	"fmt"
	"slices"
	"strings"
)

// decide finds out from its first word what the line at pos is, sets Kind, Pos,
// Name and Method, and gives the offset at which the rest is to be read: of the
// value of a header, behind a command or method word, else of the first word.
func (p *parser) decide(ln *Line, pos int) (int, *SyntaxError) {
	ln.Pos = pos
	if p.lineEnds(pos) {
		ln.Kind = Empty
		return pos, nil
	}
	first := p.first(pos)
	switch c := p.text[pos]; {
	case c == '#':
		ln.Kind = Comment
	case c == '!':
		ln.Kind = Shell
		return pos + 1, nil
	case c == '@':
		ln.Kind, ln.Name = Identity, first[1:]
		return pos + len(first), nil
	case first == "":
		return pos, p.noFirst(pos)
	case isMethod(first):
		ln.Kind, ln.Name, ln.Method = Request, strings.ToUpper(first), true
		return pos + len(first), nil
	case first == "send":
		return p.send(ln, pos+len(first))
	case ask(p.k.Command, first):
		ln.Kind, ln.Name = Command, first
		return pos + len(first), nil
	case isAddress(first):
		ln.Kind, ln.Name = Request, "GET"
	case p.startsQuery(first):
		ln.Kind = Query
	case isTarget(first, p.k.HasBase):
		ln.Kind, ln.Name = Request, "GET"
	default:
		return p.sticky(ln, pos, first)
	}
	return pos, nil
}

// first is the first word as typed: up to a blank, a pipe or the end of the line.
func (p *parser) first(pos int) string {
	end := pos
	for !p.wordEnds(end) && !(p.text[end] == '\\' && p.joinsOrEnds(end)) {
		end++
	}
	return p.text[pos:end]
}

// joinsOrEnds reports whether the backslash at pos is the last byte of its line.
func (p *parser) joinsOrEnds(pos int) bool {
	return p.joins(pos) > 0 || p.lineEnds(pos+1)
}

// noFirst is the error for a line that starts with a pipe or is only a backslash.
func (p *parser) noFirst(pos int) *SyntaxError {
	if p.text[pos] == '|' {
		return failAt(pos, "get /path | .", "nothing before the |")
	}
	return p.finalBackslash(pos)
}

func (p *parser) finalBackslash(pos int) *SyntaxError {
	return p.open(pos, "", `no line after the final \`)
}

// Methods are the words that start a request, as help spells them. The method of
// send is the word after it.
func Methods() []string {
	return []string{"get", "post", "put", "patch", "delete", "head", "options", "send"}
}

func isMethod(word string) bool {
	const longest = len("options")
	if len(word) > longest {
		return false
	}
	switch strings.ToLower(word) {
	case "get", "post", "put", "patch", "delete", "head", "options":
		return true
	}
	return false
}

// send reads the method of `send METHOD URL`.
func (p *parser) send(ln *Line, pos int) (int, *SyntaxError) {
	ln.Kind, ln.Method = Request, true
	pos = p.blanks(pos)
	const hint = "send PROPFIND /path"
	if p.lineEnds(pos) {
		return pos, failAt(pos, hint, "send: no method")
	}
	method := p.first(pos)
	for i := range len(method) {
		if !isTokenByte(method[i]) {
			return pos, failAt(pos+i, hint, "send: invalid method %q", clip(method))
		}
	}
	if method == "" {
		return pos, failAt(pos, hint, "send: no method")
	}
	ln.Name = strings.ToUpper(method)
	return pos + len(method), nil
}

// startsQuery reports whether a line with this first word is a query: by its
// first byte, or by a jq keyword or function in front.
func (p *parser) startsQuery(first string) bool {
	if isDigit(first[0]) || strings.IndexByte(`.[{($"`, first[0]) >= 0 {
		return true
	}
	n := identifier(first)
	if n == 0 || !ask(p.k.Function, first[:n]) {
		return false
	}
	// name: is a header and name== a parameter; name= is neither jq nor ours
	return n == len(first) || first[n] != ':' && first[n] != '='
}

// identifier is the length of the jq identifier that s starts with.
func identifier(s string) int {
	i := 0
	for i < len(s) && (s[i] == '_' || isLetter(s[i]) || i > 0 && isDigit(s[i])) {
		i++
	}
	return i
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// isTokenByte reports whether c may stand in a method or a header name: the tchar
// of RFC 9110, section 5.6.2.
func isTokenByte(c byte) bool {
	return isDigit(c) || isLetter(c) || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

// sticky decides a line whose first word is none of the words that are known:
// Name:value, name==value, or a mistake.
func (p *parser) sticky(ln *Line, pos int, first string) (int, *SyntaxError) {
	sep := strings.IndexAny(first, ":=")
	if sep < 1 {
		return pos, unknown(pos, first)
	}
	name, tail := first[:sep], first[sep:]
	switch {
	case strings.HasPrefix(tail, "=="):
		if ask(p.k.Function, name) {
			value := clip(strings.TrimRight(p.text[pos+sep+2:p.lineEnd(pos)], " \t\r"))
			return pos, failAt(pos, fmt.Sprintf("%s == %s   or   param %s==%s", name, value, name, value),
				"%q is a query or a parameter", name+"=="+value)
		}
		if strings.ContainsAny(name, `'"\{}`) {
			return pos, unknown(pos, first)
		}
		ln.Kind, ln.Name = Param, name
		return pos + sep + 2, nil
	case tail[0] == ':' && !strings.HasPrefix(tail, ":=") && isToken(name):
		ln.Kind, ln.Name = Header, name
		return pos + sep + 1, nil
	}
	return pos, unknown(pos, first)
}

func isToken(s string) bool {
	for i := range len(s) {
		if !isTokenByte(s[i]) {
			return false
		}
	}
	return s != ""
}

// unknown is the error for a first word that starts nothing, with the line it
// may have been meant for.
func unknown(pos int, first string) *SyntaxError {
	e := failAt(pos, "", "no command %q", clip(first))
	e.Unknown = first
	name, value, item := strings.Cut(first, "=")
	switch {
	case first == "-r":
		e.Hint = "jq -r PROGRAM"
	case first[0] == '\'':
		e.Hint = "get " + clip(first)
	case item && name != "" && !strings.HasSuffix(name, ":"):
		e.Hint = clip(name + "==" + value)
	case item && name != "":
		e.Hint = "post /path " + clip(first)
	case strings.Contains(first, "/"):
		e.Hint = "get " + clip(first)
		if method, path, _ := strings.Cut(first, "/"); slices.Contains(Methods(), strings.ToLower(method)) {
			e.Hint = method + " /" + clip(path)
		}
	}
	return e
}
