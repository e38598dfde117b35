package practice

import (
	"fmt"
	"net/http"
)

// hostile is text that drives a terminal which is given it as it is: it clears
// the screen, sets the title, writes the clipboard, asks the terminal to type an
// answer, uses one-byte controls, and turns the direction of the text.
const hostile = "clear \x1b[2J\x1b[H title \x1b]0;owned\x07 clipboard \x1b]52;c;b3duZWQ=\x1b\\ " +
	"report \x1b[6n colour \x1b[31mred link \x1b]8;;http://127.0.0.1/\x1b\\here\x1b]8;;\x1b\\ " +
	"C1 \u009b2J \u009d0;owned\u009c bell \x07 back \b\b\b return \roverwritten " +
	"bidi \u202egnp.exe\u202c zero\u200bwidth\ufeff delete \x7f nul \x00 bytes \x9b2J \xff end"

// terminal answers with hostile text in the reason phrase, in a header and in
// the body. net/http lets nobody choose a reason phrase, so the answer is
// written by hand on the connection, which ends with it. Over HTTP/2, which has
// no reason phrase and forbids such fields (RFC 9113, 8.2.1), only the body is
// hostile.
func (s *Server) terminal(w http.ResponseWriter, r *http.Request) {
	body := hostile + "\n"
	if r.ProtoMajor > 1 {
		send(w, http.StatusOK, "text/plain; charset=utf-8", []byte(body))
		return
	}
	conn, out, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err) // HTTP/1.1 connections can be hijacked
	}
	defer conn.Close()
	fmt.Fprintf(out, "HTTP/1.1 200 OK \x1b[31m\x1b]0;owned\x07\r\n"+
		"Content-Type: text/plain; charset=utf-8\r\n"+
		"Date: %s\r\n"+
		"X-Hostile: \x1b[2J\x1b]52;c;b3duZWQ=\x07 \u009b31m \u202egnp.exe \x9b2J\r\n"+
		"Content-Length: %d\r\n"+
		"Connection: close\r\n\r\n", s.now().UTC().Format(http.TimeFormat), len(body))
	if r.Method != http.MethodHead {
		_, _ = out.WriteString(body)
	}
	_ = out.Flush() // the client may have left
}

// terminalJSON has the same text in a JSON key and in values. There the ASCII
// controls are escapes like \u001b, which reading the JSON turns into the real
// thing; the others stand as they are.
func (s *Server) terminalJSON(w http.ResponseWriter, r *http.Request) {
	s.reply(w, r, http.StatusOK, map[string]any{
		hostile: 1,
		"text":  hostile,
		"list":  []string{"\x1b[2J", "\x1b]0;owned\x07", "\u009b2J", "\u202egnp.exe", "zero\u200bwidth"},
	})
}
