package item

import "strings"

// An Error is an item that makes no body, or a word that is no item. Of an item
// it carries the name and not the value, which may be secret; Explain shows
// the word it was asked about.
type Error struct {
	Item Item   // the item; its Kind is None for a word that is none
	Pos  int    // byte offset in the word, of the name or the value at fault
	Msg  string // what is wrong; empty when Err says it
	Tip  string // something to type instead; empty: none
	Err  error  // the cause, when a file is at fault; may be nil
}

// Error names the item and says what is wrong with it.
func (e *Error) Error() string {
	var parts []string
	if e.Item.Kind != None {
		parts = append(parts, e.Item.label())
	}
	if e.Msg != "" {
		parts = append(parts, e.Msg)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.Join(parts, ": ")
}

// Unwrap is the cause, nil when there is none.
func (e *Error) Unwrap() error { return e.Err }

// Hint is something to type instead; empty when there is none.
func (e *Error) Hint() string { return e.Tip }
