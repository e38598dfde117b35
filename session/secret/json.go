package secret

import (
	"strconv"
	"strings"
)

// JSON masks the values of secret members (see Field) in a JSON text, several
// texts in a row, or one cut short: strings, numbers, which become a string,
// and all strings and numbers in an array or object that a secret name holds.
// What is JSON stays JSON, and every other byte stays as it is.
func JSON(b []byte) []byte {
	return []byte(settle(string(b), func(s string) []span { return jsonSpans(jsonValue{text: s, quoted: true}) }))
}

// nameLimit is how long a name may be, in bytes, to be looked for behind a
// colon or an equals sign.
const nameLimit = 256

// jsonSpans returns the spans of v and those of all secret JSON members in its
// text, wherever and however deep in quotes they stand.
func jsonSpans(v jsonValue) []span {
	for at := 0; ; at++ {
		i := strings.IndexByte(v.text[at:], ':')
		if i < 0 {
			return v.spans
		}
		at += i
		name, quote, ok := memberName(v.text, at)
		if !ok || !Field(name) {
			continue
		}
		v.deep, v.quote = plainly(name), quote
		// What lies before the end of the value is masked already. To pass over
		// it keeps the time linear, however the members are nested.
		at = max(at, v.mask(at+1)-1)
	}
}

// memberName returns the quoted name that stands before the colon at
// text[colon], and its quote: in JSON within a string that has backslashes.
func memberName(text string, colon int) (name, quote string, ok bool) {
	end := len(strings.TrimRight(text[:colon], " \t\r\n")) - 1
	if end < 1 || text[end] != '"' && text[end] != '\'' {
		return "", "", false
	}
	depth := slashes(text, 0, end)
	quote = text[end-depth : end+1]
	end -= depth
	low := max(0, end-nameLimit)
	for i := end - 1; i >= low; i-- {
		if text[i] == '\n' {
			break
		}
		if text[i] != quote[depth] || slashes(text, 0, i) != depth {
			continue
		}
		name = text[i+1 : end]
		if strings.IndexByte(name, '\\') >= 0 {
			if plain, err := strconv.Unquote(`"` + name + `"`); err == nil {
				name = plain
			}
		}
		return name, quote, true
	}
	return "", "", false
}

// slashes counts the backslashes right before text[i], down to text[low].
func slashes(text string, low, i int) int {
	n := 0
	for i-n-1 >= low && text[i-n-1] == '\\' {
		n++
	}
	return n
}

// stringAt returns the content of the string literal whose opening quote, with
// depth backslashes before it, begins at text[at], and where the text goes on
// after it. A string without an end goes to the end of text. ok is false if no
// string starts there.
func stringAt(text string, at int) (content span, next int, ok bool) {
	depth := 0
	for at+depth < len(text) && text[at+depth] == '\\' {
		depth++
	}
	open := at + depth
	if open >= len(text) || text[open] != '"' && text[open] != '\'' {
		return span{}, at, false
	}
	from := open + 1
	for i := from; i < len(text); i++ {
		if text[i] != text[open] {
			continue
		}
		own, ok := closes(slashes(text, from, i), depth)
		if !ok {
			continue
		}
		if next = i + 1; own < depth {
			next = i - own // the quote is another string's
		}
		return span{from: from, to: i - own}, next, true
	}
	return span{from: from, to: len(text)}, len(text), true
}

// closes reports whether a quote behind n backslashes closes a string whose own
// quotes have depth backslashes, or one around that, and how many of the n
// belong to that quote. Every string around doubles the backslashes and adds
// one for a quote, so that what is left over of n tells whose quote it is.
func closes(n, depth int) (own int, ok bool) {
	unit := 2 * (depth + 1)
	if n%unit == unit-1 {
		return 0, false // a quote of the value
	}
	for own = depth; own > 0 && n%(2*(own+1)) != own; {
		own = (own - 1) / 2
	}
	return own, true
}

// A jsonValue masks one value of a secret member after the other.
type jsonValue struct {
	text   string
	quoted bool              // numbers are replaced by a string
	shell  func(at int) bool // as in pairFinder; nil means no
	deep   bool              // what is in objects is secret too
	quote  string            // that of the member's name
	spans  []span
}

// mask appends the secret spans of the value that follows text[at], and returns
// the end of what it masked.
func (v *jsonValue) mask(at int) int {
	at = skipEscaped(v.text, at)
	if at == len(v.text) || templateLen(v.text[at:]) > 0 {
		return at
	}
	switch c := v.text[at]; {
	case c == '[' || c == '{' && v.deep:
		return v.nested(at)
	case c == '{':
		return at
	}
	v.scalar(at)
	return v.scalarEnd(at)
}

// nested masks every string and number in the array or object at text[at] that
// is not the name of a member, and returns its end. Of an array whose name is
// secret only by itself it ends where something nested starts.
func (v *jsonValue) nested(at int) int {
	for depth := 0; at < len(v.text); {
		switch c := v.text[at]; {
		case c == '[' || c == '{':
			if depth++; depth > 1 && !v.deep {
				return at
			}
			at++
		case c == ']' || c == '}':
			at++
			if depth--; depth == 0 {
				return at
			}
		case c == ',' || c == ':' || blank(c):
			at++
		default:
			next := v.scalarEnd(at)
			after := skipBlank(v.text, next)
			if after == len(v.text) || v.text[after] != ':' {
				v.scalar(at)
			}
			at = max(next, at+1)
		}
	}
	return at
}

// stringAt is the function of that name for the text of v. A single quote in JSON
// within a string goes to the end of that string at most.
func (v *jsonValue) stringAt(at int) (content span, next int, ok bool) {
	depth := len(v.quote) - 1
	if !v.quoted || depth < 1 || at == len(v.text) || v.text[at] != '\'' {
		return stringAt(v.text, at)
	}
	end := at + 1
	for ; end < len(v.text); end++ {
		if v.text[end] != '"' {
			continue
		}
		if own, ok := closes(slashes(v.text, at+1, end), depth); ok && own < depth {
			end -= own
			break
		}
	}
	return stringAt(v.text[:end], at)
}

// scalarEnd returns the end of the string or bare word at text[at].
func (v *jsonValue) scalarEnd(at int) int {
	if _, next, ok := v.stringAt(at); ok {
		return next
	}
	if at < len(v.text) && v.text[at] == '\\' {
		return min(at+2, len(v.text)) // a blank, in JSON within a string
	}
	for at < len(v.text) && !blank(v.text[at]) && strings.IndexByte(",:[]{}\"'\\", v.text[at]) < 0 {
		at++
	}
	return at
}

// scalar masks the string, number or, in what is not quite JSON, bare word at
// text[at]. A word that starts a path or variable of jq is no secret.
func (v *jsonValue) scalar(at int) {
	if p, _, ok := v.stringAt(at); ok {
		if content := v.text[p.from:p.to]; !stays(content) && !v.expands(at, content) {
			v.spans = append(v.spans, p)
		}
		return
	}
	end := v.scalarEnd(at)
	word := v.text[at:end]
	if stays(word) || constant(word) {
		return
	}
	if strings.IndexByte(".$(@\\", word[0]) < 0 {
		p := span{from: at, to: end}
		if v.quoted {
			p.quote = v.quote
		}
		v.spans = append(v.spans, p)
	}
}

// constant reports whether word is a constant of JSON, which is nobody's secret.
func constant(word string) bool { return word == "true" || word == "false" || word == "null" }

// expands reports whether content, the string at text[at], is a variable of a
// shell. A bare double quote stands there within single ones, where it is not,
// unless these end first.
func (v *jsonValue) expands(at int, content string) bool {
	return (v.text[at] != '"' || content[0] == '\'') && v.shell != nil && v.shell(at) && variable(content)
}

// variable reports whether text is $NAME, ${NAME}, $(COMMAND) or `COMMAND`:
// what a shell puts there, and no secret.
func variable(text string) bool {
	text = strings.Trim(text, `"'`)
	if len(text) < 2 {
		return false
	}
	if text[0] == '`' {
		return text[len(text)-1] == '`'
	}
	if text[0] != '$' {
		return false
	}
	if shut, ok := map[byte]byte{'{': '}', '(': ')'}[text[1]]; ok {
		return text[len(text)-1] == shut
	}
	for i := 1; i < len(text); i++ {
		if !alnum(text[i]) && text[i] != '_' {
			return false
		}
	}
	return text[1] > '9'
}

func skipBlank(text string, at int) int {
	for at < len(text) && blank(text[at]) {
		at++
	}
	return at
}

// skipEscaped is skipBlank that also skips blanks as JSON within a string has
// them: \n, \r and \t, behind any number of backslashes.
func skipEscaped(text string, at int) int {
	for {
		at = skipBlank(text, at)
		i := at
		for i < len(text) && text[i] == '\\' {
			i++
		}
		if i == at || i == len(text) || strings.IndexByte("nrt", text[i]) < 0 {
			return at
		}
		at = i + 1
	}
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
