package oauth2

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
)

// mostHead is the size of a request head that is read. A code may take a few
// KiB of it, cookies for 127.0.0.1 the rest.
const mostHead = 32 << 10

// readRequest reads the head of one HTTP/1 request, so much of it as tells a
// browser's visit: its fields are passed over. status is 200 if it was read,
// that of the refusal if not, and 0 if the connection ended before it did.
func readRequest(r io.Reader) (method, target string, status int) {
	limited := &io.LimitedReader{R: r, N: mostHead}
	lines := bufio.NewReaderSize(limited, mostHead)
	first, status := readLine(lines, limited)
	if status != 200 {
		return "", "", status
	}
	method, target, ok := parseRequestLine(string(first))
	if !ok {
		return "", "", 400
	}
	for {
		line, status := readLine(lines, limited)
		if status != 200 {
			return "", "", status
		}
		if len(line) == 0 {
			return method, target, 200
		}
	}
}

// readLine returns a line without its end, valid until the next call.
func readLine(r *bufio.Reader, limited *io.LimitedReader) (line []byte, status int) {
	line, err := r.ReadSlice('\n')
	switch {
	case err == nil:
		return bytes.TrimSuffix(line[:len(line)-1], []byte("\r")), 200
	case limited.N == 0 || errors.Is(err, bufio.ErrBufferFull):
		return nil, 431
	}
	return nil, 0
}

// parseRequestLine takes apart the first line of RFC 9112 section 3. Only a
// target that starts with a slash is taken: there is no proxy here.
func parseRequestLine(line string) (method, target string, ok bool) {
	method, rest, _ := strings.Cut(line, " ")
	target, version, _ := strings.Cut(rest, " ")
	bad := func(r rune) bool { return r <= ' ' || r > '~' }
	if method == "" || strings.ContainsFunc(method, bad) || !strings.HasPrefix(target, "/") || strings.ContainsFunc(target, bad) {
		return "", "", false
	}
	return method, target, version == "HTTP/1.1" || version == "HTTP/1.0"
}

// page returns the whole answer to a visit. It repeats nothing of the request,
// and asks that the address, which has the code in it, be neither kept nor
// passed on.
func page(status int, granted bool) []byte {
	reason, text := "Bad Request", "This is not the answer that is waited for."
	switch status {
	case 200:
		reason, text = "OK", "The server did not grant the login."
		if granted {
			text = "The answer of the server has arrived."
		}
	case 404:
		reason, text = "Not Found", "There is nothing here."
	case 405:
		reason = "Method Not Allowed"
	case 410:
		reason, text = "Gone", "The answer of the server has arrived before."
	case 431:
		reason = "Request Header Fields Too Large"
	}
	body := "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Login</title>\n<p>" + text + "</p>\n<p>You can close this page and go back to the terminal.</p></html>\n"
	return []byte("HTTP/1.1 " + strconv.Itoa(status) + " " + reason + "\r\n" +
		"Content-Type: text/html; charset=utf-8\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n" +
		"Allow: GET\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n" +
		"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\nConnection: close\r\n\r\n" + body)
}
