package secret

import "strings"

// A pairFinder finds secret values by the name in front of them, in text of no
// known structure: name=value, name:=value, name==value, name: "value".
type pairFinder struct {
	text  string
	spans []span
	// secret says whether the name that starts at text[at] is one. nil finds
	// parameters of query strings only.
	secret func(name string, at int) bool
	// shell says whether text[at] is in a shell command, where a variable
	// stands for a secret that is elsewhere. nil means it never is.
	shell func(at int) bool
}

// equals looks at every equals sign.
func (f *pairFinder) equals() {
	for at := 0; ; {
		i := strings.IndexByte(f.text[at:], '=')
		if i < 0 {
			return
		}
		at += i
		end, value := at, at+1
		if value < len(f.text) && f.text[value] == '=' {
			value++
		}
		if end > 0 && f.text[end-1] == ':' {
			end--
		}
		at = max(value, f.pair(end, value))
	}
}

// pair looks at the name that ends at text[end] and the value that starts at
// text[value]. It returns the end of what it masked.
func (f *pairFinder) pair(end, value int) int {
	start := nameStart(f.text, end)
	name := f.text[start:end]
	before := byte(0)
	if start > 0 {
		before = f.text[start-1]
	}
	switch {
	case before == '?' || before == '&':
		if Param(unescape(name)) {
			return f.value(value, "&#")
		}
	case f.secret == nil:
	case name == "" || name[0] == '.' || before == '$':
		f.comparison(end, value)
	case f.secret(name, start) && !strings.HasPrefix(f.text[value:], "@"):
		return f.value(value, "&;|")
	}
	return value
}

// nameStart returns where the name that ends at text[end] starts.
func nameStart(text string, end int) int {
	start := end
	for start > 0 && end-start < nameLimit && nameByte(text[start-1]) {
		start--
	}
	return start
}

func nameByte(c byte) bool {
	return alnum(c) || strings.IndexByte("_-.[]%", c) >= 0
}

// value masks the value at text[at]: a quoted string, or all up to a blank, a
// quote, or a byte of stop. It returns where the value ends.
func (f *pairFinder) value(at int, stop string) int {
	p, _, ok := stringAt(f.text, at)
	if !ok {
		p = span{from: at, to: at + f.bareLen(at, stop)}
	}
	if content := f.text[p.from:p.to]; !stays(content) && !constant(content) && !f.expands(p.from, content) {
		f.spans = append(f.spans, p)
	}
	return p.to
}

// bareLen returns the length of the value without quotes at text[at].
func (f *pairFinder) bareLen(at int, stop string) int {
	for i := at; i < len(f.text); {
		if n := templateLen(f.text[i:]); n > 0 {
			i += n
			continue
		}
		if c := f.text[i]; blank(c) || strings.IndexByte("\"'`<>", c) >= 0 || strings.IndexByte(stop, c) >= 0 {
			return i - at
		}
		i++
	}
	return len(f.text) - at
}

// comparison masks the string that a jq program compares a plainly secret path
// or variable with, or assigns to it: .password == "…", $token = "…".
func (f *pairFinder) comparison(end, value int) {
	path := strings.TrimRight(f.text[max(0, end-nameLimit):end], " !|=")
	start := nameStart(path, len(path))
	name := path[start:]
	isPath := strings.HasPrefix(name, ".") || start > 0 && path[start-1] == '$'
	if !isPath || !plainly(name[strings.LastIndexByte(name, '.')+1:]) {
		return
	}
	f.literal(value)
}

// literal masks the string literal after text[at], blanks apart.
func (f *pairFinder) literal(at int) {
	if p, _, ok := stringAt(f.text, skipBlank(f.text, at)); ok && !stays(f.text[p.from:p.to]) {
		f.spans = append(f.spans, p)
	}
}

// colons looks at every colon behind a name without quotes: a member of a jq
// object, {password: "…"}, and a header field in quotes or with a scheme.
func (f *pairFinder) colons() {
	for at := 0; ; at++ {
		i := strings.IndexByte(f.text[at:], ':')
		if i < 0 {
			return
		}
		at += i
		end := len(strings.TrimRight(f.text[:at], " "))
		start := nameStart(f.text, end)
		if start == end {
			continue
		}
		name := f.text[start:end]
		if start > 0 && (f.text[start-1] == '"' || f.text[start-1] == '\'') {
			f.quotedHeader(name, start-1, at+1)
		} else if strings.EqualFold(strings.TrimPrefix(strings.ToLower(name), "proxy-"), "authorization") {
			f.bareHeader(at + 1)
		}
		if plainly(name) {
			f.member(name, at+1)
		}
	}
}

// member masks the string after text[at], which may be the value of a header
// field as well as that of an object's member.
func (f *pairFinder) member(name string, at int) {
	at = skipBlank(f.text, at)
	p, _, ok := stringAt(f.text, at)
	if !ok || f.text[at] == '"' && f.expands(at, f.text[p.from:p.to]) {
		return
	}
	f.spans = headerSpans(name, f.text, p.from, p.to, f.spans)
}

// quotedHeader masks the value at text[at] of a header field whose name stands
// behind the quote at text[quote], up to the same quote.
func (f *pairFinder) quotedHeader(name string, quote, at int) {
	if !certainHeader(name) {
		return
	}
	open := quote - slashes(f.text, 0, quote)
	p, _, _ := stringAt(f.text, open)
	to := min(p.to, len(f.text))
	if at >= to || f.text[quote] == '"' && f.expands(at, f.text[at:to]) {
		return
	}
	f.spans = headerSpans(name, f.text, at, to, f.spans)
}

// bareHeader masks the word behind the authentication scheme at text[at].
func (f *pairFinder) bareHeader(at int) {
	for at < len(f.text) && f.text[at] == ' ' {
		at++
	}
	scheme, _, ok := strings.Cut(f.text[at:], " ")
	if ok && knownScheme(scheme) {
		at += len(scheme)
		at += len(f.text[at:]) - len(strings.TrimLeft(f.text[at:], " \t"))
		f.value(at, "|")
	}
}

// expands reports whether value, which stands at text[at], is a variable of a
// shell.
func (f *pairFinder) expands(at int, value string) bool {
	return f.shell != nil && f.shell(at) && variable(afterScheme(value))
}

// afterScheme returns what follows an authentication scheme, or all of value.
func afterScheme(value string) string {
	value = strings.TrimSpace(value)
	if scheme, rest, ok := strings.Cut(value, " "); ok && knownScheme(scheme) {
		return strings.TrimSpace(rest)
	}
	return value
}
