package session

import (
	"slices"
	"time"
)

const (
	maxIdlePerKey = 6
	maxIdle       = 32
)

// pool keeps the idle connections of one identity, the most recently used last.
type pool struct {
	idle  []*link
	stats Stats
}

// take returns an idle connection that is still alive, nil if there is none.
// closed is how many were found closed by the server, odd how many had
// received something nobody asked for.
func (p *pool) take(key poolKey) (l *link, closed, odd int) {
	for i := len(p.idle) - 1; i >= 0; i-- {
		if l = p.idle[i]; l.key != key {
			continue
		}
		p.idle = slices.Delete(p.idle, i, i+1)
		switch l.probe() {
		case idleAlive:
			return l, closed, odd
		case idleClosed:
			closed++
		default:
			odd++
		}
		l.close()
	}
	p.stats.Dropped += closed
	return nil, closed, odd
}

// put keeps a connection for later, at the cost of the one that was idle
// longest if there are too many.
func (p *pool) put(l *link) {
	same, oldest := 0, -1
	for i := range p.idle {
		if p.idle[i].key == l.key {
			if same++; oldest < 0 {
				oldest = i
			}
		}
	}
	if same < maxIdlePerKey {
		oldest = 0
	}
	if same >= maxIdlePerKey || len(p.idle) >= maxIdle {
		p.idle[oldest].close()
		p.idle = slices.Delete(p.idle, oldest, oldest+1)
	}
	p.idle = append(p.idle, l)
}

// speaksHTTP2 says that an idle connection for this speaks HTTP/2.
func (p *pool) speaksHTTP2(key poolKey) bool {
	return slices.ContainsFunc(p.idle, func(l *link) bool { return l.key == key && l.h2 != nil })
}

func (p *pool) open() int { return len(p.idle) }

func (p *pool) closeAll() {
	for _, l := range p.idle {
		l.close()
	}
	p.idle = nil
}

// reused counts a request on a connection that had carried one.
func (p *pool) reused(l *link) {
	l.info.Reused = true
	l.info.Saved = l.cost.handshake()
	p.stats.Reused++
	p.stats.Saved += l.info.Saved
}

// handshake returns how long making the connection took.
func (t Timing) handshake() time.Duration { return t.DNS + t.Connect + t.Proxy + t.TLS }
