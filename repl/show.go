package repl

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"sonde/repl/render"
	"sonde/repl/text"
	"sonde/session"
	"sonde/session/secret"
)

// rows prints columns.
func (sh *Shell) rows(rows [][]string) error {
	return render.WriteTable(sh.out, render.Table{Rows: rows}, sh.Style)
}

// labels prints rows whose first column names the others. What does not fit on
// the screen goes on in the next row: nothing of it may be missing.
func (sh *Shell) labels(rows [][]string) error {
	if sh.Screen {
		rows = wrapped(rows, sh.Style.Width)
	}
	return render.WriteTable(sh.out, render.Table{Rows: rows, Labels: true}, sh.Style)
}

// wrapped breaks the second column of rows so that both fit into so many cells.
func wrapped(rows [][]string, cells int) [][]string {
	first := 0
	for _, r := range rows {
		first = max(first, text.Width(r[0]))
	}
	room := cells - first - len("  ")
	var out [][]string
	for _, r := range rows {
		label := r[0]
		for row := range text.Wrap(r[1], room) {
			out = append(out, []string{label, row})
			label = ""
		}
	}
	return out
}

// warn says what a person should not miss.
func (sh *Shell) warn(s string) {
	if sh.Quiet {
		return
	}
	sh.out.Flush()
	render.Warning(sh.Err, marks(sh.Session.Secrets.Mask(s)), sh.Notes)
}

// marks turns the backticks around what is to be typed into render's marks.
func marks(s string) string {
	for i := 0; strings.Contains(s, "`"); i++ {
		s = strings.Replace(s, "`", [2]string{"‹", "›"}[i%2], 1)
	}
	return s
}

// clean is text from outside as it may go to Out.
func (sh *Shell) clean(b []byte) []byte {
	if !sh.Screen {
		return b
	}
	return text.Cleaner{Block: true}.Append(nil, []byte(strings.ReplaceAll(string(b), "\r\n", "\n")))
}

// shown is a line of text from outside as it may go to Out.
func (sh *Shell) shown(s string) string {
	if !sh.Screen {
		return s
	}
	return text.CleanBlock(s)
}

// maskURL is a URL without what is secret in it.
func (sh *Shell) maskURL(u string) string { return sh.Session.Secrets.Mask(secret.URL(u)) }

// shownURL is a URL as it may be shown: without the secrets in it, and short of
// the base where it is below it.
func (sh *Shell) shownURL(u string) string {
	u = sh.maskURL(u)
	if rest, ok := strings.CutPrefix(u, sh.Session.Settings.Base+"/"); ok && sh.Session.Settings.Base != "" {
		return "/" + rest
	}
	return u
}

func sizeText(n int64) string         { return render.Size(n) }
func timeText(d time.Duration) string { return render.Duration(d) }

// cutNote is the line under a body that was drawn in its head only, and of which
// perhaps not all has come.
func cutNote(s render.Shown, incomplete bool) string {
	n := fmt.Sprintf("%s; showing the first %d lines · ‹body›: all of it", render.Size(s.Bytes), s.Lines)
	if incomplete {
		n = fmt.Sprintf("%s came, and no more; showing the first %d lines", render.Size(s.Bytes), s.Lines)
	}
	switch s.Kind {
	case '[':
		return plural(int(s.Items), "item") + ", " + n + " · ‹.[0]›: the first"
	case '{':
		return plural(int(s.Items), "key") + ", " + n + " · ‹keys›: their names"
	}
	return n
}

// timingLine prints how long the parts of an exchange took.
func (sh *Shell) timingLine(x *session.Exchange) {
	t := x.Timing
	var parts []string
	for _, p := range []struct {
		name string
		d    time.Duration
	}{{"dns", t.DNS}, {"connect", t.Connect}, {"tls", t.TLS}, {"send", t.Send}, {"first byte", t.FirstByte}, {"total", t.Total}} {
		if p.d > 0 {
			parts = append(parts, p.name+" "+timeText(p.d))
		}
	}
	fmt.Fprintln(sh.out, strings.Join(parts, " · "))
}

// copyBody writes the decoded body of an exchange.
func copyBody(x *session.Exchange, w io.Writer) error {
	_, err := x.Body.WriteTo(w)
	return err
}

// announced is the size of a body that is still coming, -1 when the head does
// not tell.
func announced(x *session.Exchange) int64 {
	v, ok := x.HeaderValue("Content-Length")
	if !ok || x.Coding != "" {
		return -1
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// currentOrigin is the origin of the base, "" without one.
func (sh *Shell) currentOrigin() string {
	if sh.Session.Settings.Base == "" {
		return ""
	}
	o, err := session.OriginOf(sh.Session.Settings.Base)
	if err != nil {
		return ""
	}
	return o.String()
}

// isSecret reports whether text is or holds a secret the session knows.
func (sh *Shell) isSecret(text string) bool { return sh.Session.Secrets.Mask(text) != text }
