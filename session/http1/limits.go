package http1

import "strconv"

// The usual limits of an answer's head.
const (
	MaxHead  = 300 << 10 // bytes
	MaxLines = 5000
)

// Limits are what an answer's head may not be larger than, all interim heads
// counted in. 0 or less means MaxHead and MaxLines.
type Limits struct{ Head, Lines int }

// Usual returns the limits with the usual ones in place of 0.
func (l Limits) Usual() Limits {
	if l.Head <= 0 {
		l.Head = MaxHead
	}
	if l.Lines <= 0 {
		l.Lines = MaxLines
	}
	return l
}

// Exceeded says which limit heads of so many bytes and lines are over, "" if they
// are within both.
func (l Limits) Exceeded(size, lines int) (cause string) {
	switch l = l.Usual(); {
	case size > l.Head:
		return "the answer's head is larger than " + l.head()
	case lines > l.Lines:
		return "the answer's head has more than " + strconv.Itoa(l.Lines) + " lines"
	}
	return ""
}

// head returns the number of bytes in words.
func (l Limits) head() string {
	if l.Head%1024 != 0 {
		return strconv.Itoa(l.Head) + " bytes"
	}
	return strconv.Itoa(l.Head>>10) + " KiB"
}
