package terminal

import (
	"strings"
	"unicode"
)

// A search looks through the history letter by letter.
type search struct {
	query   string
	at      int // index of the entry shown; len(entries): none yet
	newer   bool
	failed  bool
	origin  snapshot // what was there before
	entries []string
}

// startSearch opens a search; newer looks towards the newest entry.
func (e *editor) startSearch(newer bool) {
	if e.secret {
		return
	}
	e.search = &search{
		at: len(e.hist.entries), newer: newer,
		origin: snapshot{e.text, e.pos}, entries: e.hist.entries,
	}
}

// searchKey gives a key to the open search. It reports whether the key was
// one of the search; any other ends it and is then obeyed.
func (e *editor) searchKey(k key) bool {
	s := e.search
	switch k.code {
	case ctrl('r'), ctrl('s'):
		s.newer = k.code == ctrl('s')
		if s.query == "" {
			s.query = e.hist.lastQuery
		}
		e.find(false)
	case keyText, keyPaste:
		line, _, _ := strings.Cut(k.text, "\n")
		s.query += line
		e.find(true)
	case keyBackspace:
		s.query = s.query[:prev(s.query, len(s.query))]
		s.at, s.newer = len(s.entries), false
		e.find(true)
	case ctrl('g'):
		e.text, e.pos = s.origin.text, s.origin.pos
		e.search = nil
	case keyEsc:
		e.endSearch()
	case keyEnter: // obeyed with the cursor behind the text
		e.endSearch()
		e.pos = len(e.text)
		return false
	default:
		e.endSearch()
		return false
	}
	return true
}

// endSearch closes the search and keeps what it shows.
func (e *editor) endSearch() {
	if e.search.query != "" {
		e.hist.lastQuery = e.search.query
	}
	if e.text != e.search.origin.text {
		e.undo.push(e.search.origin.text, e.search.origin.pos)
	}
	e.search = nil
}

// find shows the next entry with the query in it. With here the entry shown
// may stay.
func (e *editor) find(here bool) {
	s := e.search
	s.failed = false
	if s.query == "" {
		e.text, e.pos = s.origin.text, s.origin.pos
		return
	}
	step := -1
	if s.newer {
		step = 1
	}
	at := s.at
	if !here || at == len(s.entries) {
		at += step
	}
	for ; at >= 0 && at < len(s.entries); at += step {
		offset := indexFold(s.entries[at], s.query)
		if offset < 0 || !here && s.entries[at] == e.text {
			continue
		}
		s.at = at
		e.text, e.pos = s.entries[at], offset
		return
	}
	s.failed = true
}

// indexFold returns where query is in s. A query without upper case letters
// matches either case.
func indexFold(s, query string) int {
	if strings.IndexFunc(query, unicode.IsUpper) >= 0 {
		return strings.Index(s, query)
	}
	lower := strings.ToLower(s)
	i := strings.Index(lower, query)
	if len(lower) != len(s) && i >= 0 { // offsets differ: show the line's start
		return 0
	}
	return i
}

// note describes the search in one line.
func (s *search) note() string {
	direction := "search"
	if s.newer {
		direction = "search forward"
	}
	if s.failed {
		direction += ", nothing found"
	}
	return direction + ": " + s.query
}
