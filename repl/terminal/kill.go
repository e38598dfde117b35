package terminal

// A killRing keeps what was cut, newest last. It outlives the line.
type killRing struct {
	list []string
	turn int // which entry counted from the newest was yanked last
}

const maxKills = 60

// add keeps s. With join it is put in front of or behind the newest entry,
// so that cuts in a row come back together.
func (k *killRing) add(s string, join, front bool) {
	k.turn = 0
	if join && len(k.list) > 0 {
		newest := &k.list[len(k.list)-1]
		if front {
			*newest = s + *newest
		} else {
			*newest += s
		}
		return
	}
	k.list = append(k.list, s)
	if len(k.list) > maxKills {
		k.list = k.list[1:]
	}
}

// yank returns the entry the ring is turned to, "" when there is none.
func (k *killRing) yank() string {
	if len(k.list) == 0 {
		return ""
	}
	return k.list[len(k.list)-1-k.turn%len(k.list)]
}

// kill cuts the text between the cursor and another offset into the ring. A
// secret is dropped instead.
func (e *editor) kill(other int) {
	start, end := min(e.pos, other), max(e.pos, other)
	e.now = actKill
	if start == end {
		return
	}
	if !e.secret {
		e.kills.add(e.text[start:end], e.last == actKill, other < e.pos)
	}
	e.replace(start, end, "")
}

// killLine cuts to the end of the line, at its end the line break.
func (e *editor) killLine() {
	end := lineEnd(e.text, e.pos)
	if end == e.pos && end < len(e.text) {
		end++
	}
	e.kill(end)
}

// killLineBack cuts to the start of the line, at its start the break before.
func (e *editor) killLineBack() {
	start := lineStart(e.text, e.pos)
	if start == e.pos && start > 0 {
		start--
	}
	e.kill(start)
}

func (e *editor) yank() {
	e.kills.turn = 0
	e.putYank(e.pos)
}

// yankPop replaces what was just yanked by the entry before it.
func (e *editor) yankPop() {
	if e.last != actYank {
		return
	}
	e.kills.turn++
	e.putYank(e.yankStart)
}

func (e *editor) putYank(start int) {
	s := e.kills.yank()
	if s == "" {
		return
	}
	e.replace(start, e.pos, s)
	e.yankStart, e.now = start, actYank
}
