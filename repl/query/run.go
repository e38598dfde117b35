package query

import (
	"context"
	"errors"
	"iter"
	"strconv"

	"github.com/itchyny/gojq"

	"sonde/repl/jsontext"
)

// smallBody is the size up to which a path is followed without a goroutine of
// its own: a few milliseconds at the most.
const smallBody = 4 << 20

// Run runs the program on each value of in; a nil in is the single value null.
// A program that does not look at its input runs once, whatever in holds. A
// nil s is the zero Scope.
//
// Results come as they are found. An error is the last thing to come: an
// [*Error], the error of s.Exchange, or the cause of ctx when that has ended,
// which is seen at once even if the engine is inside a builtin; then the
// engine is left to end by itself. halt ends the run without an error.
func (p *Program) Run(ctx context.Context, in *Doc, s *Scope) iter.Seq2[Value, error] {
	if s == nil {
		s = &Scope{}
	}
	return func(yield func(Value, error) bool) {
		var produce producer = p.engine
		switch {
		case p.path != nil:
			if p.path.root != "" {
				var err error
				if in, err = p.rootDoc(s); err != nil {
					yield(Value{}, err)
					return
				}
			}
			produce = p.follow
		case p.fast != nil && in != nil:
			produce = p.answer
		default:
			stream(ctx, s, yield, in, produce)
			return
		}
		if len(in.Bytes()) > smallBody {
			stream(ctx, s, yield, in, produce)
			return
		}
		direct(ctx, s, yield, in, produce)
	}
}

// A producer finds results and hands them to emit until that returns false.
type producer func(ctx context.Context, w *watch, in *Doc, s *Scope, emit func(Value) bool) error

// follow answers a path.
func (p *Program) follow(ctx context.Context, _ *watch, in *Doc, _ *Scope, emit func(Value) bool) error {
	return (&walker{ctx: ctx, p: p.path, emit: emit}).runDoc(in)
}

// direct runs what takes no time worth watching.
func direct(ctx context.Context, s *Scope, yield func(Value, error) bool, in *Doc, produce producer) {
	err := ctx.Err()
	if err == nil {
		err = produce(ctx, nil, in, s, func(v Value) bool { return yield(v, nil) })
	}
	switch {
	case err == errStop:
	case ctx.Err() != nil:
		yield(Value{}, context.Cause(ctx))
	case err != nil:
		yield(Value{}, err)
	}
}

// rootDoc returns the text a path that begins with a variable goes down into.
func (p *Program) rootDoc(s *Scope) (*Doc, error) {
	if p.path.n < 0 {
		v, ok := s.Vars[p.path.root]
		switch {
		case !ok:
			return nil, undefined(p.path.root, p.path.rootPos)
		case v.doc != nil:
			return v.doc, nil
		}
		return NewDoc(v.AppendJSON(nil)), nil
	}
	view, err := s.view(p.path.n)
	if err != nil {
		return nil, err
	}
	if view.BodyErr != nil {
		return nil, view.BodyErr
	}
	return view.Body.one(), nil
}

// view returns exchange n, the current one for 0.
func (s *Scope) view(n int) (*View, error) {
	switch {
	case n == 0 && s.Current != nil:
		return s.Current, nil
	case n > 0 && s.Exchange != nil:
		v, err := s.Exchange(n)
		if err != nil || v != nil {
			return v, err
		}
	}
	if n == 0 {
		return nil, runError("$r: "+noAnswer, "get URL")
	}
	return nil, runError("$r"+strconv.Itoa(n)+": no such exchange", "responses")
}

// engine runs the compiled program.
func (p *Program) engine(ctx context.Context, w *watch, in *Doc, s *Scope, emit func(Value) bool) error {
	b := &builder{order: new(jsontext.Order)}
	inputs, wrong := []any{nil}, error(nil)
	if p.input {
		var order *jsontext.Order
		if inputs, order, wrong = in.tree(); order != nil {
			b.orders = append(b.orders, order)
		}
	}
	values, err := b.bind(p.vars, s)
	if err != nil {
		return err
	}
	order := &ordering{orders: append(b.orders, b.order), program: p}
	w.arm()
	for _, v := range inputs {
		if halted, err := p.each(ctx, p.code.RunWithContext(ctx, v, values...), order, emit); halted || err != nil {
			var failed *engineError
			if errors.As(err, &failed) {
				return p.runtimeError(failed.err, in)
			}
			return err
		}
	}
	return wrong
}

// each hands on the results for one input.
func (p *Program) each(ctx context.Context, results gojq.Iter, order *ordering, emit func(Value) bool) (halted bool, err error) {
	for {
		v, ok := results.Next()
		if !ok {
			return false, nil
		}
		if err, ok := v.(error); ok {
			return p.failure(ctx, err)
		}
		if p.deep {
			if err, ok := shallow(v, nil).(error); ok {
				return true, runError(err.Error(), "")
			}
		}
		if !emit(Value{v: v, order: order}) {
			return true, errStop
		}
	}
}

// failure sorts out what the engine returns in place of a value.
func (p *Program) failure(ctx context.Context, err error) (halted bool, _ error) {
	if ctx.Err() != nil {
		return true, ctx.Err()
	}
	var halt *gojq.HaltError
	var valued gojq.ValueError
	switch {
	case errors.As(err, &halt):
		if halt.Value() == nil {
			return true, nil
		}
		return true, runError("halted: "+shown(halt.Value()), "")
	case errors.As(err, &valued):
		return true, runError(shown(valued.Value()), "")
	}
	return true, &engineError{err}
}

// engineError is an error of the engine that is yet to be explained.
type engineError struct{ err error }

// Error gives the engine's own words.
func (e *engineError) Error() string { return e.err.Error() }

// shown is a value thrown by a program as a message: a string as it is,
// anything else as JSON cut short.
func shown(v any) string {
	if s, ok := v.(string); ok {
		return cut(s, 4*maxShown)
	}
	return gojq.Preview(v)
}

// bind gives the variables of a program their values.
func (b *builder) bind(vars []binding, s *Scope) ([]any, error) {
	values := make([]any, len(vars))
	for i, v := range vars {
		value, err := b.variable(v, s)
		if err != nil {
			return nil, err
		}
		values[i] = value
	}
	return values, nil
}

func (b *builder) variable(v binding, s *Scope) (any, error) {
	switch v.kind {
	case bindLet:
		value, ok := s.Vars[v.word]
		if !ok {
			return nil, undefined(v.word, -1)
		}
		tree, order, err := value.tree()
		if order != nil {
			b.orders = append(b.orders, order.orders...)
		}
		return tree, err
	case bindEnv:
		if s.Env != nil {
			if text, ok := s.Env(v.word); ok {
				return text, nil
			}
		}
		return nil, nil
	case bindScope:
		return s, nil
	}
	view, err := s.view(v.n)
	if err != nil {
		if v.kind == bindPart && s.Current == nil {
			return nil, runError(v.word+": "+noAnswer, "get URL")
		}
		return nil, err
	}
	if v.kind == bindPart {
		return b.value(view, part(v.word))
	}
	return b.whole(view, v.parts)
}
