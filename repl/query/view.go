package query

import (
	"strings"
	"time"

	"sonde/repl/jsontext"
)

// A View is what a program sees of one exchange, as $r or $rN and through the
// functions that look at the current one.
type View struct {
	Status        int           // 0 when no answer came
	Reason        string        // the text behind the status, as received
	Header        []Field       // of the answer, in the order received
	Body          *Doc          // any text; nil if BodyErr is set
	BodyErr       error         // why the body is not there to be queried
	URL           string        // the address the answer came from
	Method        string        // of the request
	Elapsed       time.Duration // from the first byte sent to the last received
	Size          int64         // of the body in bytes
	RequestHeader []Field       // as sent
	RequestBody   *Doc          // nil if there was none
	SetCookies    []Cookie      // those the answer set
}

// A Field is one header field line.
type Field struct{ Name, Value string }

// A Cookie is the part of a Set-Cookie field a program sees.
type Cookie struct{ Name, Value string }

// A Scope is everything a program may reach besides its input. The zero Scope
// is nothing; a nil func answers that there is nothing of that name.
type Scope struct {
	Current   *View                            // $r and the functions; nil: no answer yet
	Exchange  func(n int) (*View, error)       // $rN
	Vars      map[string]Value                 // let variables, without $
	Env       func(name string) (string, bool) // $ENV.NAME
	Cookie    func(name string) (string, bool) // cookie("n"): what would be sent now
	HeapLimit int64                            // bytes a run may add to the heap, about; 0: 1 GiB
	Timeout   time.Duration                    // from its start to its last result taken; 0: 30 s
}

// part is one piece of a View a program mentions.
type part string

// builder makes engine values of views and notes the order of their keys.
type builder struct {
	order  *jsontext.Order
	orders []*jsontext.Order
}

// object makes an object of pairs and notes their order.
func (b *builder) object(keys []string, values []any) map[string]any {
	m := make(map[string]any, len(keys))
	for i, k := range keys {
		m[k] = values[i]
	}
	b.order.Set(m, keys)
	return m
}

// value makes the engine value of one part of v. A body that is not there is
// an error here.
func (b *builder) value(v *View, name part) (any, error) {
	switch name {
	case "status":
		return v.Status, nil
	case "reason":
		return v.Reason, nil
	case "headers":
		return b.headers(v.Header), nil
	case "body":
		if v.BodyErr != nil {
			return nil, v.BodyErr
		}
		return b.body(v.Body), nil
	case "url":
		return v.URL, nil
	case "method":
		return v.Method, nil
	case "elapsed":
		return v.Elapsed.Seconds(), nil
	case "size":
		return int(v.Size), nil
	case "links":
		return b.links(v), nil
	case "cookies":
		return b.cookies(v.SetCookies), nil
	case "request":
		return b.request(v), nil
	}
	return nil, nil
}

// whole makes the object that $r is, of the parts named; all of them for nil.
// There a body that is not there is null: the rest is wanted too.
func (b *builder) whole(v *View, parts []part) (any, error) {
	all := [...]part{"status", "reason", "headers", "body", "url", "method", "elapsed", "size", "request"}
	keys := make([]string, 0, len(all))
	values := make([]any, 0, len(all))
	for _, p := range all {
		if parts != nil && !hasPart(parts, p) {
			continue
		}
		value, err := b.value(v, p)
		if err != nil {
			if parts != nil {
				return nil, err
			}
			value = nil
		}
		keys, values = append(keys, string(p)), append(values, value)
	}
	return b.object(keys, values), nil
}

func hasPart(parts []part, p part) bool {
	for _, q := range parts {
		if p == q {
			return true
		}
	}
	return false
}

// body makes the value of a body, the one [Doc.one] has as text.
func (b *builder) body(d *Doc) any {
	if d == nil || d.empty() {
		return nil
	}
	trees, order, err := d.tree()
	if err != nil {
		return d.text()
	}
	b.orders = append(b.orders, order)
	if len(trees) == 1 {
		return trees[0]
	}
	return trees
}

// headers makes one object: names in lower case, in the order they first came,
// values of one name joined by a comma, but those of set-cookie, which may
// hold commas, as a list.
func (b *builder) headers(fields []Field) map[string]any {
	m := make(map[string]any, len(fields))
	var keys []string
	for _, f := range fields {
		name := strings.ToLower(f.Name)
		old, seen := m[name]
		if !seen {
			keys = append(keys, name)
		}
		switch {
		case name == "set-cookie":
			list, _ := old.([]any)
			m[name] = append(list, f.Value)
		case seen:
			m[name] = old.(string) + ", " + f.Value
		default:
			m[name] = f.Value
		}
	}
	b.order.Set(m, keys)
	return m
}

// header returns the field of that name, whatever the case, as [builder.headers]
// has it; nil if there is none.
func header(fields []Field, name string) any {
	var b builder
	b.order = new(jsontext.Order)
	if v, ok := b.headers(fields)[strings.ToLower(name)]; ok {
		return v
	}
	return nil
}

func (b *builder) cookies(list []Cookie) map[string]any {
	m := make(map[string]any, len(list))
	var keys []string
	for _, c := range list {
		if _, seen := m[c.Name]; !seen {
			keys = append(keys, c.Name)
		}
		m[c.Name] = c.Value
	}
	b.order.Set(m, keys)
	return m
}

// request makes the object that $r.request is.
func (b *builder) request(v *View) any {
	return b.object([]string{"method", "url", "headers", "body"},
		[]any{v.Method, v.URL, b.headers(v.RequestHeader), b.body(v.RequestBody)})
}
