package render

import (
	"math"
	"testing"
	"time"
)

func TestQuantile(t *testing.T) {
	five := []time.Duration{15, 20, 35, 40, 50} // the textbook's
	hundred := every(100, 1, 1)
	for _, c := range []struct {
		sorted []time.Duration
		q      float64
		want   time.Duration
	}{
		{nil, 0.5, 0}, {five[:1], 0, 15}, {five[:1], 0.95, 15}, {five[:1], 1, 15},
		{five, 0, 15}, {five, 0.05, 15}, {five, 0.3, 20}, {five, 0.4, 20}, {five, 0.5, 35}, {five, 0.95, 50}, {five, 1, 50},
		{five, -3, 15}, {five, 7, 50}, {five, math.NaN(), 15},
		{hundred, 0.5, 50}, {hundred, 0.95, 95}, {hundred, 0.951, 96}, {hundred, 0.07, 7}, {hundred, 0.29, 29}, {hundred, 0.99, 99},
		{five[:4], 0.5, 20},
	} {
		if got := Quantile(c.sorted, c.q); got != c.want {
			t.Errorf("Quantile(%v, %v) = %d, want %d", c.sorted, c.q, got, c.want)
		}
	}
}

// TestDiffer compares with exact two-sided p values of the rank sum test.
func TestDiffer(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b []time.Duration
		want bool
	}{
		{"one each", every(1, 1, 1), every(1, 9, 1), false},
		{"three each, apart: p 0.1", every(3, 1, 1), every(3, 9, 1), false},
		{"four each, apart: p 0.03", every(4, 1, 1), every(4, 9, 1), true},
		{"four each, apart, the other way round", every(4, 9, 1), every(4, 1, 1), true},
		{"the same", every(50, 1, 1), every(50, 1, 1), false},
		{"all equal", every(50, 7, 0), every(50, 7, 0), false},
		{"two values, equally often", []time.Duration{1, 1, 2, 2}, []time.Duration{1, 1, 2, 2}, false},
		{"shifted by half", every(20, 100, 1), every(20, 110, 1), true},
		{"shifted by little", every(20, 100, 1), every(20, 102, 1), false},
		{"nothing to compare", nil, every(5, 1, 1), false},
	} {
		if got := differ(c.a, c.b); got != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
	sum, ties := rankSum([]time.Duration{1, 2, 2, 5}, []time.Duration{2, 3})
	if sum != 1+3+3+6 || ties != 24 {
		t.Errorf("ranks sum up to %v with ties of %v, want 13 and 24", sum, ties)
	}
}
