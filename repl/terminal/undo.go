package terminal

// A snapshot is a text and its cursor at one time.
type snapshot struct {
	text string
	pos  int
}

// An undoStack holds what the text was before each change, oldest first.
type undoStack struct {
	list []snapshot
	size int // bytes of text held
}

// How far undo reaches back.
const (
	maxUndo      = 1000
	maxUndoBytes = 32 << 20
)

func (u *undoStack) push(text string, pos int) {
	u.list = append(u.list, snapshot{text, pos})
	u.size += len(text)
	for len(u.list) > maxUndo || u.size > maxUndoBytes && len(u.list) > 1 {
		u.size -= len(u.list[0].text)
		u.list[0] = snapshot{}
		u.list = u.list[1:]
	}
}

// pop returns the newest snapshot that differs from the text as it is.
func (u *undoStack) pop(text string) (snapshot, bool) {
	for len(u.list) > 0 {
		s := u.list[len(u.list)-1]
		u.list = u.list[:len(u.list)-1]
		u.size -= len(s.text)
		if s.text != text {
			return s, true
		}
	}
	return snapshot{}, false
}
