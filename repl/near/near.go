// Package near finds the names that a person may have meant.
package near

import (
	"cmp"
	"slices"
	"strings"
)

// most is how many names are offered for a wrong one.
const most = 3

// Names returns the names closest to word, at most three, each once, best first:
// those a slip of the fingers away, then those that contain it or that it
// contains. Letters that differ only in case are the same. Of names equally close
// the earlier ones come first. nil means that none is close.
func Names(word string, names []string) []string {
	type match struct {
		name string
		away int
	}
	var list []match
	low := strings.ToLower(word)
	for _, name := range names {
		if away, ok := far(low, strings.ToLower(name)); ok {
			list = append(list, match{name, away})
		}
	}
	slices.SortStableFunc(list, func(a, b match) int { return cmp.Compare(a.away, b.away) })
	var out []string
	for _, m := range list {
		if len(out) < most && !slices.Contains(out, m.name) {
			out = append(out, m.name)
		}
	}
	return out
}

// far tells how far a name is from a word, both in lower case; ok is false if it
// is too far to be meant.
func far(word, name string) (away int, ok bool) {
	const part = 100 // farther than any slip
	away = slips(word, name)
	switch {
	case word == "" || name == "":
		return 0, false
	case away <= max(1, min(len(word), len(name))/3):
		return away, true
	case len(word) >= 2 && strings.Contains(name, word), len(name) >= 3 && strings.Contains(word, name):
		return part + away, true
	}
	return 0, false
}

// slips counts the letters to insert, delete, change or swap with their
// neighbour to make b of a (optimal string alignment distance). Long names count
// as far from everything.
func slips(a, b string) int {
	const long = 64
	if len(a) > long || len(b) > long {
		return long
	}
	var rows [3][long + 1]int
	before, prev, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := prev[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(change, prev[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev, row = prev, row, before
	}
	return prev[len(b)]
}
