package query

import (
	"cmp"
	"slices"
	"strings"
)

// maxNear is how many names are offered for a wrong one.
const maxNear = 3

// near returns the names closest to word, at most three, best first: those a
// slip of the fingers away, then those that contain it or that it contains.
func near(word string, names []string) []string {
	type match struct {
		name string
		dist int
	}
	var list []match
	low := strings.ToLower(word)
	for _, name := range names {
		n := strings.ToLower(name)
		d := distance(low, n)
		switch {
		case d <= max(1, min(len(low), len(n))/3):
		case len(low) >= 2 && strings.Contains(n, low), len(n) >= 3 && strings.Contains(low, n):
			d += 100
		default:
			continue
		}
		list = append(list, match{name, d})
	}
	slices.SortStableFunc(list, func(a, b match) int { return cmp.Compare(a.dist, b.dist) })
	var out []string
	for _, m := range list[:min(len(list), maxNear)] {
		out = append(out, m.name)
	}
	return out
}

// distance counts the letters to insert, delete, change or swap with their
// neighbour to make b of a. Long names count as far from everything.
func distance(a, b string) int {
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
