package query

import (
	"context"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

const (
	defaultTimeout = 30 * time.Second
	defaultHeap    = 1 << 30
	tickEvery      = 20 * time.Millisecond
)

const (
	errTimeout = signal("time is up")
	errHeap    = signal("heap is full")
)

// watch stops a run that takes too long or fills the heap. All the time until
// the last result is taken counts: results without end are no better than none.
type watch struct {
	cancel  context.CancelCauseFunc
	timeout time.Duration
	limit   int64
	start   time.Time

	mu        sync.Mutex
	timer     *time.Timer
	stopped   bool
	armed     bool  // the heap counts from now on: the tree is made
	base      int64 // heap when the run began to count
	last      int64 // growth at the last look
	jump      int64 // the most it grew between two looks
	floor     int64 // what was left of the growth after the last collection
	collected bool  // no collection is under way
}

func newWatch(cancel context.CancelCauseFunc, s *Scope) *watch {
	w := &watch{cancel: cancel, timeout: defaultTimeout, limit: defaultHeap, collected: true, start: time.Now()}
	if s != nil && s.Timeout > 0 {
		w.timeout = s.Timeout
	}
	if s != nil && s.HeapLimit > 0 {
		w.limit = s.HeapLimit
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(min(tickEvery, w.timeout), w.tick)
	return w
}

func (w *watch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	w.timer.Stop()
}

// arm starts the watch on the heap. A nil watch has nothing to start.
func (w *watch) arm() {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.armed = true
}

func (w *watch) tick() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return
	}
	left := w.timeout - time.Since(w.start)
	if left <= 0 {
		w.cancel(errTimeout)
		return
	}
	if w.armed && w.full() {
		w.cancel(errHeap)
		return
	}
	w.timer.Reset(min(tickEvery, left+time.Millisecond))
}

// full reports whether the heap has grown past the limit. What is garbage is
// not known before a collection, so one is asked for on the way: as soon as
// one more step like the largest so far would pass the limit.
func (w *watch) full() bool {
	heap := heapInUse()
	if w.base == 0 {
		w.base = heap
		return false
	}
	grown := heap - w.base
	w.jump = max(w.jump, grown-w.last)
	w.last = grown
	if grown > w.limit {
		return true
	}
	if w.collected && grown+w.step() > w.limit && grown > w.floor+w.limit/16 {
		w.collected = false
		go w.collect()
	}
	return false
}

// step is how much the heap may grow before it is looked at again. A list or
// stack that is full moves to a place larger by a quarter, all at once.
func (w *watch) step() int64 { return w.jump + w.jump/4 }

// collect finds out what is garbage and gives its memory back: a list that
// grows does not fit where it was before. It ends a run whose next step would
// go far past the limit.
func (w *watch) collect() {
	debug.FreeOSMemory()
	left := heapInUse() - w.base
	w.mu.Lock()
	defer w.mu.Unlock()
	w.jump = max(min(w.jump, left), 0) // nothing larger than all there is will grow
	w.floor, w.last, w.collected = left, left, true
	if !w.stopped && left+w.step() > w.limit+w.limit/8 {
		w.cancel(errHeap)
	}
}

// heapInUse is what objects take, those not yet swept included. It stops the
// program for some microseconds; runtime/metrics would not, but makes every start
// of the program longer by more than that.
func heapInUse() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
