package session

import (
	"slices"
	"strings"
	"time"
)

// jar holds the cookies of a session in the order first set.
type jar struct{ list []Cookie }

// put adds, replaces or removes a cookie. It returns the value it replaced, or
// why the cookie is refused.
func (j *jar) put(c SetCookie, at cookieHost) (old, refused string) {
	if !c.Secure && !at.secure && j.shadowsSecure(&c.Cookie, at.local) {
		return "", "over http it may not replace a Secure cookie"
	}
	j.list = slices.DeleteFunc(j.list, func(o Cookie) bool {
		return o.HandSet && o.Name == c.Name && o.Origin == at.origin
	})
	i := slices.IndexFunc(j.list, func(o Cookie) bool {
		return !o.HandSet && o.Name == c.Name && o.Domain == c.Domain && o.Path == c.Path && o.HostOnly == c.HostOnly
	})
	switch {
	case c.Removed && i >= 0:
		j.list = slices.Delete(j.list, i, i+1)
	case c.Removed:
	case i >= 0:
		old = j.list[i].Value
		j.list[i] = c.Cookie
	default:
		j.makeRoom(c.Domain)
		j.list = append(j.list, c.Cookie)
	}
	return old, ""
}

// restore adds a cookie the jar once held, in place of what it has for the same.
func (j *jar) restore(c Cookie) {
	i := slices.IndexFunc(j.list, func(o Cookie) bool {
		return o.HandSet == c.HandSet && o.Name == c.Name && o.Domain == c.Domain && o.Path == c.Path && o.HostOnly == c.HostOnly &&
			(!c.HandSet || o.Origin == c.Origin)
	})
	if i >= 0 {
		j.list[i] = c
		return
	}
	j.list = append(j.list, c)
}

// shadowsSecure says that a cookie set over http would overlay one that is for
// https (RFC 6265bis, section 5.7, step 16). Secure cookies that this machine
// itself set over http are no such.
func (j *jar) shadowsSecure(c *Cookie, local bool) bool {
	return slices.ContainsFunc(j.list, func(o Cookie) bool {
		return o.Secure && o.Name == c.Name && (domainMatch(o.Domain, c.Domain) || domainMatch(c.Domain, o.Domain)) &&
			pathMatch(c.Path, o.Path) && !(local && strings.HasPrefix(o.Origin, "http:"))
	})
}

// makeRoom drops the oldest cookies of a domain, or of all, at the limits.
func (j *jar) makeRoom(domain string) {
	same := 0
	oldest := -1
	for i := range j.list {
		if j.list[i].Domain == domain {
			if same++; oldest < 0 {
				oldest = i
			}
		}
	}
	switch {
	case same >= maxPerDomain:
		j.list = slices.Delete(j.list, oldest, oldest+1)
	case len(j.list) >= maxCookies:
		j.list = slices.Delete(j.list, 0, 1)
	}
}

// expire forgets what has expired.
func (j *jar) expire(now time.Time) {
	j.list = slices.DeleteFunc(j.list, func(c Cookie) bool { return !c.Expires.IsZero() && !c.Expires.After(now) })
}

// matching returns the cookies for a request in the order they are sent:
// longer paths first, then older ones (RFC 6265, section 5.4). allows decides
// about those set by hand, by their origin.
func (j *jar) matching(to cookieHost, now time.Time, allows func(origin string) bool) []Cookie {
	if len(j.list) == 0 {
		return nil
	}
	j.expire(now)
	var out []Cookie
	for i := range j.list {
		if c := &j.list[i]; c.HandSet && allows(c.Origin) {
			out = append(out, *c)
		}
	}
	byHand := len(out)
	for i := range j.list {
		c := &j.list[i]
		if c.HandSet || !c.goesTo(to) {
			continue
		}
		if !slices.ContainsFunc(out[:byHand], func(o Cookie) bool { return o.Name == c.Name }) {
			out = append(out, *c)
		}
	}
	slices.SortStableFunc(out, func(a, b Cookie) int { return len(b.Path) - len(a.Path) })
	return out
}

// goesTo says that a cookie a server set goes with a request. A Secure cookie
// goes over http only to this machine, and only if it was set that way: one
// set over https does not come down.
func (c *Cookie) goesTo(to cookieHost) bool {
	if c.Domain != to.host && (c.HostOnly || !domainMatch(to.host, c.Domain)) {
		return false
	}
	if !pathMatch(to.path, c.Path) {
		return false
	}
	return !c.Secure || to.secure || to.local && strings.HasPrefix(c.Origin, "http:")
}

// cookieHeader returns the value of a Cookie header, "" for none. What does
// not fit the limits is left out.
func cookieHeader(cookies []Cookie) string {
	var b strings.Builder
	for i := range cookies {
		c := &cookies[i]
		if i == maxCookiesSent {
			break
		}
		if b.Len()+len("; =")+len(c.Name)+len(c.Value) > maxCookieHeader {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		b.WriteString(c.Name)
		b.WriteByte('=')
		b.WriteString(c.Value)
	}
	return b.String()
}
