package terminal

import (
	"bytes"
	"slices"
)

// maxPainted is the longest text the caller's painter is asked about.
const maxPainted = 16 << 10

// look makes the view of the editor as it is.
func (t *Terminal) look(prompt string) view {
	e := t.ed
	v := view{prompt: prompt, cont: t.conf.Continuation, sel: -1}
	if e.secret {
		return v
	}
	v.text, v.pos = e.text, e.pos
	if t.conf.Painter != nil && len(e.text) <= maxPainted {
		v.spans = checkSpans(t.conf.Painter(e.text), len(e.text))
	}
	if e.search != nil {
		v.note = e.search.note()
	}
	if e.menu != nil {
		v.items, v.sel = e.menu.items, e.menu.sel
	}
	return v
}

// checkSpans drops spans that are out of order or of the text, and styles that
// are more than a style.
func checkSpans(spans []Span, size int) []Span {
	var good []Span
	at := 0
	for _, s := range spans {
		if s.Start < at || s.End > size || s.Start >= s.End || sgrLen("\x1b["+s.Style+"m") != len(s.Style)+3 {
			continue
		}
		at = s.End
		good = append(good, s)
	}
	return good
}

// start draws a new prompt, in one write.
func (t *Terminal) start(prompt string) {
	typed := t.keys.waiting()
	v := t.look(prompt)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.view, t.up = v, true
	l := leadClean
	switch {
	case typed:
		l = leadTyped
	case t.disturbed:
		l = leadUnknown
	}
	t.disturbed = false
	t.begin(l)
}

// Disturbed says that another program had the screen, and may have left the
// cursor behind text without a line end: the next prompt then begins on a row of
// its own.
func (t *Terminal) Disturbed() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.disturbed = true
}

// begin draws the prompt where the cursor is. The lock is held.
func (t *Terminal) begin(l lead) {
	cols, _ := t.Size()
	t.screen.drawn = frame{}
	t.redraw(begin(cols, l))
}

// publish makes the editor's state the one that is drawn. With more the next
// key comes at once, and drawing can wait for it.
func (t *Terminal) publish(more bool) {
	t.mu.Lock()
	prompt := t.view.prompt
	t.mu.Unlock()
	v := t.look(prompt) // calls the caller's painter: not under the lock
	t.mu.Lock()
	defer t.mu.Unlock()
	t.view, t.stale, t.hold = v, true, more
}

// drawStale draws what was published, unless it can wait.
func (t *Terminal) drawStale() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.up && t.stale && !t.hold {
		t.redraw(nil)
	}
}

// redraw writes before and then what brings the screen up to date. The lock is
// held and a prompt is up.
func (t *Terminal) redraw(before []byte) {
	t.stale = false
	cols, rows := t.Size()
	var f frame
	f, t.screen.top = t.view.layout(cols, rows, t.screen.top)
	drawn := &t.screen.drawn
	if len(drawn.rows) > 0 && drawn.cols != f.cols {
		before = t.screen.erase(before, f.cols)
	}
	if len(before) == 0 && drawn.cursor == f.cursor && slices.Equal(drawn.rows, f.rows) {
		return
	}
	t.write(t.screen.paint(before, f))
}

// write puts bytes on the screen. A screen that is gone shows in the input,
// which ends too.
func (t *Terminal) write(b []byte) { _, _ = t.conf.Out.Write(b) }

// finish draws the text once more without menu and notes, and leaves the
// cursor on the row below; tail is drawn behind the text.
func (t *Terminal) finish(tail string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.up {
		return
	}
	t.up = false
	v := &t.view
	if !t.ed.secret {
		v.text, v.spans = t.ed.text, clipSpans(v.spans, len(t.ed.text))
	}
	v.pos, v.note, v.items = len(v.text), "", nil
	cols, rows := t.Size()
	f, _ := v.layout(cols, rows, t.screen.top)
	var b []byte
	if drawn := &t.screen.drawn; len(drawn.rows) > 0 && drawn.cols != f.cols {
		b = t.screen.erase(b, f.cols)
	}
	b = t.screen.paint(b, f)
	t.write(t.screen.leave(b, tail))
	t.view = view{}
}

// clipSpans drops the spans behind the end of a text.
func clipSpans(spans []Span, size int) []Span {
	for len(spans) > 0 && spans[len(spans)-1].End > size {
		spans = spans[:len(spans)-1]
	}
	return spans
}

// clear wipes the screen and draws the prompt at its top.
func (t *Terminal) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.up {
		t.screen.drawn = frame{}
		t.redraw([]byte("\x1b[H\x1b[2J"))
	}
}

// suspend stops the process as Ctrl-Z does in a cooked terminal, and draws the
// prompt anew when it goes on.
func (t *Terminal) suspend() {
	t.mu.Lock()
	t.up = false
	t.ownStops++
	t.write(t.screen.end(nil, "^Z")) // a shell begins a new row by itself
	t.mu.Unlock()
	t.tty.restore()
	stopped := stopProcess()
	if t.over() {
		return
	}
	if err := t.tty.raw(); err != nil { // gone while it was stopped
		t.in.close()
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !stopped {
		t.ownStops = 0
		t.write([]byte("\r\n"))
	}
	t.up = true
	t.begin(leadUnknown)
}

// resized draws the prompt for a new size of the screen.
func (t *Terminal) resized() {
	defer t.guard()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.up {
		cols, _ := t.Size()
		t.redraw(t.screen.erase(nil, cols))
	}
}

// continued draws the prompt anew after a stop that was not the editor's own:
// a shell has used the terminal meanwhile.
func (t *Terminal) continued() {
	defer t.guard()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ownStops > 0 {
		t.ownStops--
		return
	}
	if t.up && t.tty.isRaw() && t.tty.raw() == nil {
		t.begin(leadUnknown)
	}
}

// Print writes output from elsewhere. If a prompt is up it moves out of the
// way and is drawn again below; output that does not end a line is ended then.
func (t *Terminal) Print(p []byte) {
	if len(p) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.up {
		t.write(p)
		return
	}
	cols, _ := t.Size()
	b := t.screen.erase(nil, cols)
	b = append(b, rawLines(p)...)
	t.redraw(b)
}

// rawLines turns line ends into those of a raw terminal, and adds a last one if
// it is missing.
func rawLines(p []byte) []byte {
	p = bytes.ReplaceAll(p, []byte("\r\n"), []byte("\n"))
	p = bytes.TrimSuffix(p, []byte("\n"))
	return append(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")), "\r\n"...)
}
