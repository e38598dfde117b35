package session

import "strings"

// fitName returns the name, or what is like it and will do, "" for nothing.
func fitName(name string) string {
	fit := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.", r) {
			return r
		}
		return '-'
	}, name)
	if fit != name {
		fit = strings.TrimRight(fit, "-")
	}
	fit = strings.TrimLeft(fit, ".-")
	if deviceName(fit) {
		fit = "my-" + fit
	}
	return fit[:min(len(fit), maxStoreName)]
}

// deviceName says that Windows takes a file of the name for a device, whatever
// follows the first dot.
func deviceName(name string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	switch stem {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(stem) == 4 && (stem[:3] == "com" || stem[:3] == "lpt") && stem[3] >= '0' && stem[3] <= '9'
}

// nearestName returns the name most like the one given: a slip of the fingers
// away, or one that contains it. "" means none is.
func nearestName(name string, names []string) string {
	const contains = 100 // farther than any slip
	best, least := "", contains+1
	for _, n := range names {
		a, b := strings.ToLower(name), strings.ToLower(n)
		away := slips(a, b)
		if away > max(1, min(len(a), len(b))/3) {
			if !strings.Contains(b, a) && !strings.Contains(a, b) {
				continue
			}
			away = contains
		}
		if away < least {
			best, least = n, away
		}
	}
	return best
}

// slips is the number of letters to insert, drop or change to make b of a
// (Levenshtein).
func slips(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0]++
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
