package line

// A place follows the literal text of a word or template and knows whether a
// program that comes next stands in JSON. It sees what the quotes hold, so that
// JSON in quotes counts too.
type place struct {
	state  placeState
	string bool // inside a JSON string
	escape bool // the next byte is escaped
}

type placeState int

const (
	placeName  placeState = iota // before the separator of an item
	placeColon                   // behind a : that may be the start of :=
	placeRaw                     // behind :=
	placeJSON                    // in JSON
	placePlain                   // in text
)

// literal moves on over text.
func (l *place) literal(text string) {
	for i := 0; i < len(text) && l.state != placePlain; i++ {
		l.byte(text[i])
	}
}

// escaped moves on over text behind a backslash, which separates nothing.
func (l *place) escaped(text string) {
	if l.state != placeName {
		l.literal(text)
	}
	l.escape = false
}

func (l *place) byte(c byte) {
	switch l.state {
	case placeName:
		switch {
		case l.escape:
			l.escape = false
		case c == '\\':
			l.escape = true
		case c == ':':
			l.state = placeColon
		case c == '=' || c == '@':
			l.state = placePlain
		}
	case placeColon:
		l.state = placePlain
		if c == '=' {
			l.state = placeRaw
		}
	case placeRaw:
		l.state = placeJSON
		if c == '@' { // :=@FILE
			l.state = placePlain
			return
		}
		l.json(c)
	case placeJSON:
		l.json(c)
	}
}

func (l *place) json(c byte) {
	switch {
	case l.escape:
		l.escape = false
	case c == '\\':
		l.escape = l.string
	case c == '"':
		l.string = !l.string
	}
}

// program moves on over a program and gives its context.
func (l *place) program() Context {
	switch l.state {
	case placeRaw:
		l.state = placeJSON
	case placeColon:
		l.state = placePlain
	}
	switch {
	case l.state != placeJSON:
		return ContextPlain
	case l.string:
		return ContextJSONString
	}
	return ContextJSONValue
}

// isJSON reports whether text opens like JSON: with { or [, but not with the path
// of an item such as []=x, [0]:=1 or [0][a]=x.
func isJSON(text string) bool {
	if text == "" || text[0] != '{' && text[0] != '[' {
		return false
	}
	if text[0] == '{' {
		return true
	}
	i := 1
	for i < len(text) && (isDigit(text[i]) || text[i] == '-') {
		i++
	}
	if i+1 >= len(text) || text[i] != ']' {
		return true
	}
	switch rest := text[i+1:]; rest[0] {
	case '=', '@':
		return false
	case ':':
		return len(rest) == 1 || rest[1] != '='
	case '[':
		return !pathGoesOn(rest)
	}
	return true
}

// pathGoesOn reports whether a separator of an item follows in the same word.
func pathGoesOn(rest string) bool {
	for i := range len(rest) {
		switch rest[i] {
		case '=', '@':
			return true
		case ' ', '\t', '\n', '\'', '"':
			return false
		}
	}
	return false
}
