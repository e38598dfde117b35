package query

import "strings"

// A token is one word of a jq program: text[start:end].
type token struct {
	kind       tokenKind
	start, end int
}

type tokenKind uint8

const (
	tokNone     tokenKind = iota // before the first token, and after the last
	tokIdent                     // name or keyword, modules included
	tokVariable                  // $name
	tokField                     // .name
	tokDot                       // . alone
	tokDotDot                    // ..
	tokDotDigit                  // .5, without the fraction or exponent that may follow
	tokNumber                    // 1, 1.5, 1e3
	tokFormat                    // @base64
	tokString                    // a string, or the piece up to or after an interpolation
	tokOpen                      // ( [ { and \(
	tokClose                     // ) ] }
	tokOp                        // everything else: | , ; : ? and operators
)

// scanner splits a program as gojq's lexer does, but knows nothing of its
// grammar and takes any text. It follows interpolations into strings.
type scanner struct {
	text   string
	i      int
	open   []byte // brackets that are open; 'q' for the \( of a string
	deep   int    // most of them at once
	resume bool   // an interpolation has ended: the string goes on here
}

// next returns the next token; its kind is tokNone at the end.
func (s *scanner) next() token {
	if s.resume {
		s.resume = false
		start := s.i
		kind := s.stringPiece()
		return token{kind, start, s.i}
	}
	s.skipBlanks()
	start := s.i
	if start >= len(s.text) {
		return token{tokNone, start, start}
	}
	kind := s.advance()
	return token{kind, start, s.i}
}

// skipBlanks steps over white space and comments, whose backslashes escape
// the end of the line.
func (s *scanner) skipBlanks() {
	comment := false
	for ; s.i < len(s.text); s.i++ {
		switch c := s.text[s.i]; {
		case comment && c == '\\' && s.i+1 < len(s.text):
			s.i++
			if s.text[s.i] == '\r' && s.at(1) == '\n' {
				s.i++
			}
		case c == '\n', c == '\r':
			comment = false
		case c == '#':
			comment = true
		case !comment && c != ' ' && c != '\t':
			return
		}
	}
}

// at returns the byte n places on, zero past the end.
func (s *scanner) at(n int) byte {
	if s.i+n < len(s.text) {
		return s.text[s.i+n]
	}
	return 0
}

func (s *scanner) advance() tokenKind {
	switch c := s.text[s.i]; {
	case isNameByte(c):
		s.name()
		return tokIdent
	case isDigitByte(c):
		s.number()
		return tokNumber
	case c == '.':
		return s.dot()
	case c == '$' && isNameByte(s.at(1)):
		s.i++
		s.name()
		return tokVariable
	case c == '@' && (isNameByte(s.at(1)) || isDigitByte(s.at(1))):
		s.i++
		s.word()
		return tokFormat
	case c == '"':
		s.i++
		return s.stringPiece()
	case c == '(' || c == '[' || c == '{':
		s.push(c)
		s.i++
		return tokOpen
	case c == '\\' && s.at(1) == '(':
		s.push('q')
		s.i += 2
		return tokOpen
	case c == ')' || c == ']' || c == '}':
		return s.close()
	}
	s.operator()
	return tokOp
}

func (s *scanner) push(c byte) {
	s.open = append(s.open, c)
	s.deep = max(s.deep, len(s.open))
}

// close takes a closing bracket.
func (s *scanner) close() tokenKind {
	if n := len(s.open); n > 0 {
		s.resume = s.open[n-1] == 'q' && s.text[s.i] == ')'
		s.open = s.open[:n-1]
	}
	s.i++
	return tokClose
}

// stringPiece scans to the closing quote or the next interpolation.
func (s *scanner) stringPiece() tokenKind {
	for s.i < len(s.text) {
		switch s.text[s.i] {
		case '\\':
			if s.at(1) == '(' {
				return tokString
			}
			s.i += 2
		case '"':
			s.i++
			return tokString
		default:
			s.i++
		}
	}
	s.i = min(s.i, len(s.text))
	return tokString
}

// dot scans what begins with a dot. Digits behind it are not followed by a
// fraction or an exponent here: whether they are an index or a number is for
// the caller to say.
func (s *scanner) dot() tokenKind {
	s.i++
	switch c := s.at(0); {
	case c == '.':
		s.i++
		return tokDotDot
	case isNameByte(c):
		s.word()
		return tokField
	case isDigitByte(c):
		s.digits()
		return tokDotDigit
	}
	return tokDot
}

func (s *scanner) word() {
	for isNameByte(s.at(0)) || isDigitByte(s.at(0)) {
		s.i++
	}
}

// name scans a name, with the :: of modules.
func (s *scanner) name() {
	s.word()
	if s.at(0) == ':' && s.at(1) == ':' && isNameByte(s.at(2)) {
		s.i += 2
		s.word()
	}
}

func (s *scanner) digits() {
	for isDigitByte(s.at(0)) {
		s.i++
	}
}

func (s *scanner) number() {
	s.digits()
	if s.at(0) == '.' {
		s.i++
		s.digits()
	}
	s.exponent()
}

func (s *scanner) exponent() {
	if c := s.at(0); c != 'e' && c != 'E' {
		return
	}
	s.i++
	if c := s.at(0); c == '+' || c == '-' {
		s.i++
	}
	s.digits()
}

func (s *scanner) operator() {
	for _, op := range [...]string{"?//", "//=", "//", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">="} {
		if strings.HasPrefix(s.text[s.i:], op) {
			s.i += len(op)
			return
		}
	}
	s.i++
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

func isDigitByte(c byte) bool {
	return '0' <= c && c <= '9'
}

// tokens splits the whole text.
func tokens(text string) []token {
	var list []token
	s := scanner{text: text}
	for t := s.next(); t.kind != tokNone; t = s.next() {
		list = append(list, t)
	}
	return list
}
