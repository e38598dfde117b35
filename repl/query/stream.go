package query

import (
	"context"
	"fmt"
	"time"
)

// maxBatch is how many results may wait for whoever takes them.
const maxBatch = 256

// batch is what a run hands over at a time.
type batch struct {
	values []Value
	err    error
	end    bool
}

// stream runs produce beside the caller, under a watch, and yields what it
// emits. It returns as soon as ctx ends, whatever produce is doing.
func stream(ctx context.Context, s *Scope, yield func(Value, error) bool, in *Doc, produce producer) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w := newWatch(cancel, s)
	defer w.stop()
	out := make(chan batch)
	go feed(ctx, out, func(emit func(Value) bool) error { return produce(ctx, w, in, s, emit) })
	for {
		select {
		case <-ctx.Done():
			yield(Value{}, stopError(ctx, w))
			return
		case b := <-out:
			for _, v := range b.values {
				if ctx.Err() != nil {
					break
				}
				if !yield(v, nil) {
					return
				}
			}
			switch {
			case ctx.Err() != nil:
				yield(Value{}, stopError(ctx, w))
				return
			case b.end && b.err != nil && b.err != errStop:
				yield(Value{}, b.err)
			}
			if b.end {
				return
			}
		}
	}
}

// feed runs produce and sends what it emits: at once while someone waits for
// it, else gathered. A panic of the engine becomes an error.
func feed(ctx context.Context, out chan<- batch, produce func(emit func(Value) bool) error) {
	var b batch
	defer func() {
		if r := recover(); r != nil {
			b.err = runError("the engine gave up: "+cut(fmt.Sprint(r), 2*maxShown), "")
		}
		b.end = true
		select {
		case out <- b:
		case <-ctx.Done():
		}
	}()
	b.err = produce(func(v Value) bool {
		b.values = append(b.values, v)
		select {
		case out <- b:
			b.values = nil
			return true
		default:
		}
		if len(b.values) < maxBatch {
			return ctx.Err() == nil
		}
		select {
		case out <- b:
			b.values = nil
			return true
		case <-ctx.Done():
			return false
		}
	})
}

// stopError says why a run was stopped.
func stopError(ctx context.Context, w *watch) error {
	switch cause := context.Cause(ctx); cause {
	case errTimeout:
		return runError("stopped after "+w.timeout.Round(time.Millisecond).String(), "")
	case errHeap:
		return runError("used more than "+grouped(w.limit>>20)+" MiB of memory", "")
	default:
		return cause
	}
}
