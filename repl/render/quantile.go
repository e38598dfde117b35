package render

import (
	"math"
	"slices"
	"time"
)

// Quantile returns the smallest of the sorted times that at least the share q of
// them do not exceed: the nearest-rank method, which always names a time that was
// measured. q is between 0, the least, and 1, the greatest; what lies outside is
// taken as the nearer of them. Of no times it is 0.
func Quantile(sorted []time.Duration, q float64) time.Duration {
	n := len(sorted)
	if n == 0 {
		return 0
	}
	const slack = 1e-9 // 0.07 × 100 is a little more than 7
	rank := int(math.Ceil(min(max(q, 0), 1)*float64(n) - slack))
	return sorted[min(max(rank, 1), n)-1]
}

// differ reports whether two sorted samples differ more than chance explains 19
// times out of 20: the rank sum test of Mann and Whitney with its normal
// approximation, corrected for ties and continuity. Unlike a comparison of means
// it does not ask how the times are distributed, which for networks is never
// normal, and one slow request does not decide it.
func differ(a, b []time.Duration) bool {
	na, nb := float64(len(a)), float64(len(b))
	n := na + nb
	ranks, ties := rankSum(a, b)
	u := ranks - na*(na+1)/2
	variance := na * nb / 12 * (n + 1 - ties/(n*(n-1)))
	if variance <= 0 { // all equal
		return false
	}
	return (math.Abs(u-na*nb/2)-0.5)/math.Sqrt(variance) > 1.96
}

// rankSum returns the sum of the ranks that the times of a have among those of a
// and b, equal ones sharing theirs, and the sum of t³-t over groups of t equal.
func rankSum(a, b []time.Duration) (sum, ties float64) {
	for i, j := 0, 0; i < len(a) || j < len(b); {
		var v time.Duration
		switch {
		case i == len(a):
			v = b[j]
		case j == len(b):
			v = a[i]
		default:
			v = min(a[i], b[j])
		}
		fromA, fromB := equal(a[i:], v), equal(b[j:], v)
		t := float64(fromA + fromB)
		sum += float64(fromA) * (float64(i+j) + (t+1)/2)
		ties += t*t*t - t
		i, j = i+fromA, j+fromB
	}
	return sum, ties
}

// equal returns how many times at the beginning of sorted are v.
func equal(sorted []time.Duration, v time.Duration) int {
	n, _ := slices.BinarySearch(sorted, v+1)
	return n
}
