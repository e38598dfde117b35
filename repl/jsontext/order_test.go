package jsontext

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestOrderKeys(t *testing.T) {
	b := []byte(`[{"z":1,"a":2,"m":{"y":1,"x":2}},{"z":3,"a":4},{"a":5,"z":6},{"q":1,"q":2},{"\u0062":1,"a":2}]`)
	order := new(Order)
	v, err := decodeOne(b, Options{Order: order})
	if err != nil {
		t.Fatal(err)
	}
	list := v.([]any)
	at := func(i int) map[string]any { return list[i].(map[string]any) }
	for _, tt := range []struct {
		m    map[string]any
		want []string
	}{
		{at(0), []string{"z", "a", "m"}},
		{at(0)["m"].(map[string]any), []string{"y", "x"}},
		{at(1), []string{"z", "a"}},
		{at(2), []string{"a", "z"}},
		{at(3), nil}, // a name written twice has no one order
		{at(4), []string{"b", "a"}},
		{map[string]any{"z": 1, "a": 2}, nil},
	} {
		if got := order.Keys(tt.m); !slices.Equal(got, tt.want) {
			t.Errorf("Keys(%v): got %q, want %q", tt.m, got, tt.want)
		}
	}
	// Objects of one shape share one list.
	if a, b := order.Keys(at(1)), order.Keys(at(1)); &a[0] != &b[0] {
		t.Error("Keys made a second list for one shape")
	}
}

func TestOrderKeysOfChangedObject(t *testing.T) {
	order := new(Order)
	v, err := decodeOne([]byte(`{"b":1,"a":2}`), Options{Order: order})
	if err != nil {
		t.Fatal(err)
	}
	m := v.(map[string]any)
	m["c"] = 3
	if got := order.Keys(m); got != nil {
		t.Errorf("got %q for an object that has another key by now, want nil", got)
	}
}

func TestOrderSet(t *testing.T) {
	var order Order
	m := map[string]any{"status": 200, "body": nil}
	order.Set(m, []string{"status", "body"})
	if got := order.Keys(m); !slices.Equal(got, []string{"status", "body"}) {
		t.Errorf("got %q", got)
	}
}

func TestOrderRank(t *testing.T) {
	order := new(Order)
	if _, err := decodeOne([]byte(`{"z":1,"a":{"k":1},"b":2}`), Options{Order: order}); err != nil {
		t.Fatal(err)
	}
	keys := []string{"a", "b", "k", "z"}
	slices.SortFunc(keys, func(x, y string) int {
		i, _ := order.Rank(x)
		j, _ := order.Rank(y)
		return i - j
	})
	if got := strings.Join(keys, " "); got != "z a k b" {
		t.Errorf("got %s, want z a k b", got)
	}
	if _, ok := order.Rank("never"); ok {
		t.Error("Rank knows a key that was not there")
	}
}

// Objects used as dictionaries have many keys, or many different first keys.
func TestOrderManyShapes(t *testing.T) {
	var one, many strings.Builder
	var want []string
	one.WriteByte('{')
	many.WriteByte('[')
	for i := range 3000 {
		if i > 0 {
			one.WriteByte(',')
			many.WriteByte(',')
		}
		key := fmt.Sprintf("user-%04d", (i*7919)%3000)
		want = append(want, key)
		fmt.Fprintf(&one, "%q:{\"name\":\"somebody or other\"}", key)
		fmt.Fprintf(&many, "{%q:1,\"z\":1,\"a\":1}", key)
	}
	one.WriteByte('}')
	many.WriteByte(']')
	order := new(Order)
	v, err := decodeOne([]byte(one.String()), Options{Order: order})
	if err != nil {
		t.Fatal(err)
	}
	if got := order.Keys(v.(map[string]any)); !slices.Equal(got, want) {
		t.Errorf("dictionary: got %d keys in another order", len(got))
	}
	order = new(Order)
	v, err = decodeOne([]byte(many.String()), Options{Order: order})
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range v.([]any) {
		if got := order.Keys(m.(map[string]any)); got != nil && !slices.Equal(got, []string{want[i], "z", "a"}) {
			t.Fatalf("object %d: got %q", i, got)
		}
	}
	if n := len(order.shapes); n > order.limit {
		t.Errorf("got %d shapes, want at most %d", n, order.limit)
	}
}
