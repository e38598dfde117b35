package jsontext

import (
	"bytes"
	"strings"
)

// Each calls f with every element of the array, or every member of the
// object, that starts at b[i] (blanks may stand before it): key is the name as
// written, quotes and escapes included, nil in an array; b[start:end] is the
// value. It stops when f returns false. It returns the offset after the last
// byte looked at: after the whole value unless f stopped it.
func Each(b []byte, i int, f func(key []byte, start, end int) bool) (int, error) {
	return EachStart(b, i, func(key []byte, start int) (int, bool, error) {
		end, err := Skip(b, start)
		return end, err == nil && f(key, start, end), err
	})
}

// EachStart is [Each] for a caller that walks through the values itself: f is
// told where a value starts and returns where it ends, so that no byte is
// looked at twice. An error of f ends the walk and is returned.
func EachStart(b []byte, i int, f func(key []byte, start int) (end int, more bool, err error)) (int, error) {
	i = Blank(b, i)
	if i >= len(b) || (b[i] != '{' && b[i] != '[') {
		return i, unexpected(b, i, i, "an object or a list")
	}
	object := b[i] == '{'
	i = Blank(b, i+1)
	if i < len(b) && b[i] == closing(object) {
		return i + 1, nil
	}
	for {
		var key []byte
		if object {
			end, value, err := skipName(b, i)
			if err != nil {
				return end, err
			}
			key, i = b[i:end], value
		}
		end, more, err := f(key, i)
		if err != nil || !more {
			return end, err
		}
		i = Blank(b, end)
		switch {
		case i < len(b) && b[i] == ',':
			i = Blank(b, i+1)
		case i < len(b) && b[i] == closing(object):
			return i + 1, nil
		default:
			return i, unexpected(b, i, i, "a comma or "+string(closing(object)))
		}
	}
}

func closing(object bool) byte {
	if object {
		return '}'
	}
	return ']'
}

// skipName returns the end of the name at b[i] and where its value starts.
func skipName(b []byte, i int) (end, value int, err error) {
	if i >= len(b) || b[i] != '"' {
		return i, i, unexpected(b, i, i, "a name in quotes")
	}
	end, err = skipString(b, i)
	if err != nil {
		return end, end, err
	}
	i = Blank(b, end)
	if i >= len(b) || b[i] != ':' {
		return i, i, unexpected(b, i, i, "a colon")
	}
	return end, Blank(b, i+1), nil
}

// Field finds the member called key of the object that starts at b[i]: the
// value is b[start:end]. Of several members of that name the last counts, as
// in jq; names are compared decoded. The whole object is walked.
func Field(b []byte, i int, key string) (start, end int, ok bool, err error) {
	start, end, ok, _, err = Member(b, i, key)
	return start, end, ok, err
}

// Member is [Field] that also returns the offset after the object.
func Member(b []byte, i int, key string) (start, end int, ok bool, after int, err error) {
	// A name that holds U+FFFD may stand for bytes that are no UTF-8.
	odd := strings.ContainsRune(key, '\uFFFD')
	after, err = Each(b, i, func(raw []byte, s, e int) bool {
		if raw != nil && sameName(raw[1:len(raw)-1], key, odd) {
			start, end, ok = s, e, true
		}
		return true
	})
	if err != nil {
		return 0, 0, false, after, err
	}
	return start, end, ok, after, nil
}

func sameName(raw []byte, key string, odd bool) bool {
	if string(raw) == key {
		return bytes.IndexByte(raw, '\\') < 0
	}
	if !odd && (len(raw) <= len(key) || bytes.IndexByte(raw, '\\') < 0) {
		return false
	}
	s, err := unquoteBody(raw)
	return err == nil && s == key
}

// Index finds element n of the array that starts at b[i], from the end if n is
// negative (-1 is the last): the value is b[start:end]. Nothing behind it is
// looked at when n is not negative.
func Index(b []byte, i, n int) (start, end int, ok bool, err error) {
	if n < 0 {
		return indexFromEnd(b, i, n)
	}
	at := 0
	_, err = Each(b, i, func(_ []byte, s, e int) bool {
		if at == n {
			start, end, ok = s, e, true
			return false
		}
		at++
		return true
	})
	if err != nil {
		return 0, 0, false, err
	}
	return start, end, ok, nil
}

// indexFromEnd keeps the last few places in one pass, and counts first only
// when more than those are asked for.
func indexFromEnd(b []byte, i, n int) (start, end int, ok bool, err error) {
	var last [16][2]int
	count := 0
	_, err = Each(b, i, func(_ []byte, s, e int) bool {
		last[count%len(last)] = [2]int{s, e}
		count++
		return true
	})
	switch {
	case err != nil || count+n < 0:
		return 0, 0, false, err
	case -n <= len(last):
		at := last[(count+n)%len(last)]
		return at[0], at[1], true, nil
	}
	return Index(b, i, count+n)
}

// Length counts the elements of the array, or the members of the object, that
// starts at b[i]. Members of the same name count once each time they are
// written.
func Length(b []byte, i int) (int, error) {
	n := 0
	_, err := Each(b, i, func([]byte, int, int) bool {
		n++
		return true
	})
	return n, err
}
