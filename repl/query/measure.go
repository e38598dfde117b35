package query

import (
	"github.com/itchyny/gojq"

	"sonde/repl/jsontext"
)

// How much, in bytes as [measure] counts them, may go at once through a place
// that has a fence.
const (
	maxWalk   = 1 << 30   // to be compared, sorted or shown
	maxWrite  = 256 << 20 // to be written out as one text or list
	maxPart   = 128 << 20 // to be put together with as much again
	maxPieces = 32 << 20  // a string taken to pieces
	maxTimes  = 64 << 20  // a string repeated
)

const (
	errDeep  = signal("value nested deeper than 10,000 levels")
	errLarge = signal("value too large to be put together or written out")
	errLong  = signal("path of more than 10,000 steps")
)

// nodeSize is what any value counts besides the text of strings: the place it
// takes in a list.
const nodeSize = 16

// measure says why v is not to be walked: it has more than depth levels, or is
// larger than what is left of the budget, from which it is taken. Parts of v
// that are one and the same count each time: whoever walks v meets them so.
func measure(v any, depth int, budget *int) error {
	*budget -= nodeSize
	switch v := v.(type) {
	case string:
		*budget -= len(v)
	case []any:
		if depth == 0 {
			return errDeep
		}
		for _, e := range v {
			if err := measure(e, depth-1, budget); err != nil {
				return err
			}
		}
	case map[string]any:
		if depth == 0 {
			return errDeep
		}
		for k, e := range v {
			*budget -= len(k)
			if err := measure(e, depth-1, budget); err != nil {
				return err
			}
		}
	}
	if *budget < 0 {
		return errLarge
	}
	return nil
}

// shallow is _shallow: it passes v on unless it is nested too deep, or too
// large to be walked.
func shallow(v any, _ []any) any { return within(v, maxWalk) }

// writable is _write: it passes v on unless that is too large to be written.
func writable(v any, _ []any) any { return within(v, maxWrite) }

func within(v any, budget int) any {
	if err := measure(v, jsontext.MaxDepth, &budget); err != nil {
		return err
	}
	return v
}

// topSize is what v takes when it is copied into a sum; what is in it is not
// copied.
func topSize(v any) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case []any:
		return nodeSize * len(v)
	case map[string]any:
		return 2 * nodeSize * len(v)
	}
	return nodeSize
}

// slim is _slim: it passes v on unless it is too large to be part of a sum.
func slim(v any, _ []any) any {
	if topSize(v) > maxPart {
		return errLarge
	}
	return v
}

// brief is _brief: it passes v on unless it is a string too long to be taken
// to pieces, which need many times its memory.
func brief(v any, _ []any) any {
	if s, ok := v.(string); ok && len(s) > maxPieces {
		return errLarge
	}
	return v
}

// summable is _sum: it passes v on unless its parts put together are too large.
func summable(v any, _ []any) any { return joinable(v, 0) }

// joinable does so for parts with n bytes between any two.
func joinable(v any, n int) any {
	total := 0
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			total += n + topSize(e)
		}
	case map[string]any:
		for _, e := range v {
			total += n + topSize(e)
		}
	}
	if total > maxWrite {
		return errLarge
	}
	return v
}

// checkJoin is _joint(x): it passes its input on unless join(x) of it is too
// long.
func checkJoin(v any, args []any) any {
	sep, _ := args[0].(string)
	return joinable(v, len(sep))
}

// checkProduct is _product(l; r): it refuses to repeat a string into one too
// long.
func checkProduct(_ any, args []any) any {
	for i, v := range args {
		if s, ok := v.(string); ok {
			n, ok := gojq.ToFloat64(args[1-i])
			if ok && n*float64(len(s)) > maxTimes {
				return signal("repeat string: result too large")
			}
			return nil
		}
	}
	// Objects are merged by recursion.
	for _, v := range args {
		if m, ok := v.(map[string]any); ok {
			if err, ok := shallow(m, nil).(error); ok {
				return err
			}
		}
	}
	return nil
}

// short passes a path, or a list of paths, on unless one has too many steps.
func short(v any, _ []any) any {
	list, _ := v.([]any)
	if len(list) > jsontext.MaxDepth && !listOfLists(list) {
		return errLong
	}
	for _, p := range list {
		if steps, ok := p.([]any); ok && len(steps) > jsontext.MaxDepth {
			return errLong
		}
	}
	return v
}

func listOfLists(list []any) bool {
	_, ok := list[0].([]any)
	return ok
}
