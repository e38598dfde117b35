package session

import (
	"net/netip"
	"strings"
	"unicode"
)

// normalHost returns a host name or address in the one form it is compared
// and dialled in. whole is the URL for messages.
func normalHost(whole, host string) (string, error) {
	if host == "" {
		return "", urlError(whole, "no host", "")
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.String(), nil
	}
	host = strings.ToLower(host)
	if strings.HasPrefix(host, ".") || strings.Contains(host, "..") {
		return "", urlError(whole, "an empty label in the host", "")
	}
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	for i, label := range labels {
		ascii, err := asciiLabel(label)
		if err != "" {
			return "", urlError(whole, err, "")
		}
		labels[i] = ascii
	}
	if last := labels[len(labels)-1]; strings.Trim(last, "0123456789") == "" {
		return "", urlError(whole, quote(host)+" is neither a name nor an address", "")
	}
	name := strings.Join(labels, ".")
	if len(name) > 253 {
		return "", urlError(whole, "a host of more than 253 bytes", "")
	}
	if strings.HasSuffix(host, ".") {
		name += "."
	}
	return name, nil
}

// asciiLabel checks one label of a host name and puts it into the form DNS
// knows (RFC 5891 without its mapping step: a label that would need mapping is
// refused). cause is "" if the label is fit.
func asciiLabel(label string) (ascii, cause string) {
	plain := true
	for _, r := range label {
		switch {
		case r < 0x80 && unreserved(byte(r)) && r != '~':
		case r < 0x80:
			return "", "a " + quote(string(r)) + " in the host"
		case r >= 0x300 && r < 0x370, r >= 0xfb00, !unicode.In(r, unicode.L, unicode.M, unicode.Nd):
			return "", quote(string(r)) + " in the host needs its ASCII form (xn--…)"
		default:
			plain = false
		}
	}
	if !plain {
		label = "xn--" + punycode(label)
	}
	if len(label) > 63 {
		return "", "a label of more than 63 bytes in the host"
	}
	return label, ""
}

// punycode returns the encoding of a label (RFC 3492, section 6.3).
func punycode(label string) string {
	const base, tMin, tMax, skew, damp, initialBias, initialN = 36, 1, 26, 38, 700, 72, 128
	in := []rune(label)
	var out []byte
	for _, r := range in {
		if r < 0x80 {
			out = append(out, byte(r))
		}
	}
	basic := len(out)
	if basic > 0 {
		out = append(out, '-')
	}
	n, delta, bias := rune(initialN), 0, initialBias
	for done := basic; done < len(in); {
		next := unicode.MaxRune
		for _, r := range in {
			if r >= n && r < next {
				next = r
			}
		}
		delta += int(next-n) * (done + 1)
		n = next
		for _, r := range in {
			if r < n {
				delta++
			}
			if r != n {
				continue
			}
			q := delta
			for k := base; ; k += base {
				t := min(max(k-bias, tMin), tMax)
				if q < t {
					break
				}
				out = append(out, punycodeDigit(t+(q-t)%(base-t)))
				q = (q - t) / (base - t)
			}
			out = append(out, punycodeDigit(q))
			first := done == basic
			done++
			if delta /= 2; first {
				delta /= damp / 2
			}
			delta += delta / done
			k := 0
			for ; delta > (base-tMin)*tMax/2; k += base {
				delta /= base - tMin
			}
			bias = k + (base-tMin+1)*delta/(delta+skew)
			delta = 0
		}
		delta++
		n++
	}
	return string(out)
}

func punycodeDigit(d int) byte {
	if d < 26 {
		return byte('a' + d)
	}
	return byte('0' + d - 26)
}

// isLoopback says that a host in normal form is this machine.
func isLoopback(host string) bool {
	host = strings.TrimSuffix(host, ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// bracketed returns a host as it stands in a URL.
func bracketed(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}
