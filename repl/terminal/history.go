package terminal

import "strings"

// A history holds the texts that can be recalled, oldest first.
type history struct {
	entries   []string
	lastQuery string // of the search before
}

// set replaces all entries.
func (h *history) set(entries []string) {
	h.entries = h.entries[:0]
	for _, s := range entries {
		h.add(s)
	}
}

// add appends an entry; blank ones and a repetition of the newest are left out.
func (h *history) add(s string) {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.TrimSpace(s) == "" || len(h.entries) > 0 && h.entries[len(h.entries)-1] == s {
		return
	}
	h.entries = append(h.entries, s)
}

// A recall is a walk through the history with the up and down keys.
type recall struct {
	on     bool
	at     int    // index of the entry shown; len(entries): the draft
	prefix string // only entries that begin so are shown
	draft  snapshot
	shown  string // the text as the walk left it
}

// recallStep shows the next older entry, or newer one, that begins like the
// text in front of the cursor did when the walk began. Past the newest comes
// back what was being typed.
func (e *editor) recallStep(newer bool) {
	if e.secret {
		return
	}
	r, n := &e.recall, len(e.hist.entries)
	if !r.on || r.shown != e.text || r.at > n {
		*r = recall{on: true, at: n, prefix: e.text[:e.pos], draft: snapshot{e.text, e.pos}}
	}
	step := -1
	if newer {
		step = 1
	}
	for at := r.at + step; at >= 0 && at <= n; at += step {
		if at == n {
			r.at = n
			e.set(r.draft.text, r.draft.pos)
			break
		}
		s := e.hist.entries[at]
		if s != e.text && strings.HasPrefix(s, r.prefix) {
			r.at = at
			e.set(s, len(s))
			break
		}
	}
	r.shown = e.text
}

// up moves to the line above, from the first one into the history.
func (e *editor) up() {
	if !e.moveLine(false) {
		e.recallStep(false)
	}
}

// down moves to the line below, from the last one into the history.
func (e *editor) down() {
	if !e.moveLine(true) {
		e.recallStep(true)
	}
}

// A lastWord is a walk through the last words of earlier entries.
type lastWord struct {
	at    int // index of the entry the word came from
	start int // where the word was inserted
}

// insertLastWord inserts the last word of the newest entry, again and again
// that of the one before.
func (e *editor) insertLastWord() {
	w := &e.lastWord
	if e.last != actLastWord {
		*w = lastWord{at: len(e.hist.entries), start: e.pos}
	}
	e.now = actLastWord
	for at := w.at - 1; at >= 0; at-- {
		s := strings.TrimRight(e.hist.entries[at], " \t\n")
		if s = s[lastField(s):]; s != "" {
			w.at = at
			e.replace(w.start, e.pos, s)
			return
		}
	}
}

// lastField returns where the last word of s begins; a quoted blank does not
// part words.
func lastField(s string) int {
	start, quote := 0, byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == ' ' || c == '\t' || c == '\n':
			start = i + 1
		}
	}
	return start
}
