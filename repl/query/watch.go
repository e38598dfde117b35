package query

import (
	"context"
	"runtime"
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

// watch stops a run that computes too long or fills the heap. Time in which
// results are being taken does not count.
type watch struct {
	cancel  context.CancelCauseFunc
	timeout time.Duration
	limit   int64

	mu        sync.Mutex
	timer     *time.Timer
	stopped   bool
	paused    bool
	armed     bool // the heap counts from now on: the tree is made
	last      time.Time
	spent     time.Duration
	base      int64 // heap when the run began to count
	floor     int64 // what was left of the growth after the last collection
	collected bool  // no collection is under way
}

func newWatch(cancel context.CancelCauseFunc, s *Scope) *watch {
	w := &watch{cancel: cancel, timeout: defaultTimeout, limit: defaultHeap, collected: true, last: time.Now()}
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

// pause says that the run waits for its results to be taken.
func (w *watch) pause(paused bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count()
	w.paused = paused
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

// count adds the time since the last look.
func (w *watch) count() {
	now := time.Now()
	if !w.paused {
		w.spent += now.Sub(w.last)
	}
	w.last = now
}

func (w *watch) tick() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return
	}
	w.count()
	if w.spent > w.timeout {
		w.cancel(errTimeout)
		return
	}
	if w.armed && w.full() {
		w.cancel(errHeap)
		return
	}
	w.timer.Reset(min(tickEvery, w.timeout-w.spent+time.Millisecond))
}

// full reports whether the heap has grown past the limit. What is garbage is
// not known before a collection, so one is asked for on the way.
func (w *watch) full() bool {
	heap := heapInUse()
	if w.base == 0 {
		w.base = heap
		return false
	}
	grown := heap - w.base
	if grown > w.limit {
		return true
	}
	if w.collected && grown > w.limit/2 && grown > w.floor+w.limit/4 {
		w.collected = false
		go w.collect()
	}
	return false
}

func (w *watch) collect() {
	runtime.GC()
	left := heapInUse()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.floor, w.collected = left-w.base, true
}

// heapInUse is what objects take, those not yet swept included. It stops the
// program for some microseconds; runtime/metrics would not, but makes every start
// of the program longer by more than that.
func heapInUse() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
