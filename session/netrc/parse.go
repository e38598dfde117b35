package netrc

import (
	"bytes"
	"strconv"
	"strings"
)

// An Error says why a file is refused. It holds nothing of what the file says,
// which may be secret.
type Error struct {
	Path  string // "" if the text is not from a file
	Line  int    // counted from 1; 0 means the whole file
	Cause string
}

// Error returns the place and the cause: ".netrc:3: login without a value".
func (e *Error) Error() string {
	where := "netrc"
	if e.Path != "" {
		where = e.Path
	}
	if e.Line > 0 {
		where += ":" + strconv.Itoa(e.Line)
	}
	return where + ": " + e.Cause
}

// Parse reads the text of a netrc file. The error is an [*Error].
func Parse(text []byte) (*File, error) {
	if len(text) > maxSize {
		return nil, &Error{Cause: "larger than 1 MiB"}
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	f, p := new(File), parser{text: text, line: 1}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return nil, &Error{Line: 1 + bytes.Count(text[:i], []byte("\n")), Cause: "a NUL byte"}
	}
	for p.err == nil {
		word, ok := p.keyword()
		if !ok {
			break
		}
		p.statement(f, word)
	}
	if p.err != nil {
		return nil, p.err
	}
	return f, nil
}

// A parser reads a file from start to end, or to the first error.
type parser struct {
	text []byte // what is left to read
	line int
	seen string // settings of the entry that is being read, each between blanks
	err  error
}

// statement reads what follows a keyword.
func (p *parser) statement(f *File, word string) {
	switch word {
	case "macdef":
		if p.value(word); p.err == nil {
			p.skipMacro()
		}
		p.seen = ""
		return
	case "machine", "default":
		e := entry{}
		if word == "machine" {
			if e.host = p.value(word); e.host == "" {
				p.fail("machine without a name")
			}
		}
		f.entries, p.seen = append(f.entries, e), " "
		return
	case "user":
		word = "login"
	case "login", "password", "account":
	default:
		p.fail("a word where machine, default, login, password, account or macdef is expected")
		return
	}
	if p.seen == "" {
		p.fail(word + " outside of an entry")
		return
	}
	if strings.Contains(p.seen, " "+word+" ") {
		p.fail(word + " given twice")
		return
	}
	p.seen += word + " "
	p.set(&f.entries[len(f.entries)-1], word)
}

func (p *parser) set(e *entry, word string) {
	value := p.value(word)
	switch word {
	case "login":
		e.login = value
	case "account":
		e.account = value
	case "password":
		e.password, e.hasPassword = value, true
	}
}

func (p *parser) fail(cause string) {
	if p.err == nil {
		p.err = &Error{Line: p.line, Cause: cause}
	}
}

// keyword returns the next word behind blanks and comments, false at the end.
func (p *parser) keyword() (word string, ok bool) {
	for p.skipBlanks(); len(p.text) > 0 && p.text[0] == '#'; p.skipBlanks() {
		p.skipLine()
	}
	return p.word()
}

// value returns the word that belongs to a keyword. A # starts no comment there.
func (p *parser) value(keyword string) string {
	at := p.line
	p.skipBlanks()
	word, ok := p.word()
	if !ok && p.err == nil {
		p.err = &Error{Line: at, Cause: keyword + " without a value"}
	}
	return word
}

// word reads one word, false at the end of the file or on an error.
func (p *parser) word() (word string, ok bool) {
	if len(p.text) == 0 {
		return "", false
	}
	quoted := p.text[0] == '"'
	if quoted {
		p.text = p.text[1:]
	}
	var b []byte
	for len(p.text) > 0 {
		c := p.text[0]
		if quoted && c == '"' {
			p.text = p.text[1:]
			return string(b), true
		}
		if !quoted && isBlank(c) {
			return string(b), true
		}
		if c == '\\' {
			if c, ok = p.escaped(quoted); !ok {
				return "", false
			}
		} else if isControl(c) {
			p.fail(controlCause(c, quoted))
			return "", false
		}
		b = append(b, c)
		p.text = p.text[1:]
	}
	if quoted {
		p.fail("a quote without its end")
	}
	return string(b), !quoted
}

// escaped goes to the character behind a backslash, which stands for itself.
// In quotes \n and \r are line ends to some programs, and to others letters.
func (p *parser) escaped(quoted bool) (c byte, ok bool) {
	if p.text = p.text[1:]; len(p.text) == 0 {
		p.fail("a backslash with nothing behind it")
		return 0, false
	}
	switch c = p.text[0]; {
	case isControl(c):
		p.fail(controlCause(c, quoted))
	case quoted && (c == 'n' || c == 'r'):
		p.fail("a line end (\\" + string(c) + ") in quotes")
	default:
		return c, true
	}
	return 0, false
}

func controlCause(c byte, quoted bool) string {
	switch {
	case c != '\n' && c != '\r':
		return "a control character in a word"
	case quoted:
		return "a line end in quotes"
	}
	return "a line end behind a backslash"
}

func (p *parser) skipBlanks() {
	for len(p.text) > 0 && isBlank(p.text[0]) {
		if p.text[0] == '\n' {
			p.line++
		}
		p.text = p.text[1:]
	}
}

// skipLine goes behind the end of the line, and returns the rest of it.
func (p *parser) skipLine() []byte {
	line, rest, found := bytes.Cut(p.text, []byte("\n"))
	if p.text = rest; found {
		p.line++
	}
	return line
}

// skipMacro goes behind the empty line that ends a macro, or to the end of the
// file.
func (p *parser) skipMacro() {
	p.skipLine()
	for len(p.text) > 0 {
		if line := p.skipLine(); len(bytes.TrimSuffix(line, []byte("\r"))) == 0 {
			return
		}
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isControl(c byte) bool { return c < ' ' || c == 0x7f }
