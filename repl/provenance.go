package repl

import (
	"strings"

	"sonde/repl/render"
	"sonde/repl/text"
	"sonde/session"
	"sonde/session/secret"
)

// provenance prints who set each part of a request, and what it took the place
// of.
func (sh *Shell) provenance(t *session.Sent) error {
	p := &origins{sh: sh, sent: t, lost: t.Lost}
	p.headers()
	for _, param := range t.Params {
		p.add("param", param.Name, sourceText(param), p.over("param", param.Name))
	}
	for _, cookie := range t.Cookies {
		p.add("cookie", cookie.Name, sourceText(cookie), nil)
	}
	p.route("proxy", t.Proxy)
	p.route("ca", t.CA)
	p.rest()
	rows := p.rows
	if sh.Screen {
		rows = p.wrapped(sh.pictureStyle().Width)
	}
	return render.WriteTable(sh.out, render.Table{Rows: rows, Labels: true}, sh.Style)
}

// origins are the rows about the parts of a request: kind, name, who set it.
type origins struct {
	sh   *Shell
	sent *session.Sent
	lost []session.Lost // not told of yet
	rows [][]string
}

// add appends a row.
func (p *origins) add(kind, name, who string, over []string) {
	if len(over) > 0 {
		who += ", over " + strings.Join(over, ", ")
	}
	p.rows = append(p.rows, []string{kind, p.sh.Session.Secrets.Mask(name), p.sh.Session.Secrets.Mask(who)})
}

// over takes out what a part took the place of.
func (p *origins) over(kind, name string) (over []string) {
	rest := p.lost[:0:0]
	for _, l := range p.lost {
		fits := l.Kind == kind && (kind == "proxy" || kind == "ca" || strings.EqualFold(l.Name, name))
		if kind == "header" {
			fits = (fits || l.Kind == "auth") && strings.EqualFold(l.Name, name) ||
				l.Kind == "cookie" && strings.EqualFold(name, "Cookie")
		}
		if fits {
			over = append(over, whose(l))
			continue
		}
		rest = append(rest, l)
	}
	p.lost = rest
	return over
}

// headers appends the fields somebody asked for, one by one, and the program's
// own in one row. The cookies have rows of their own.
func (p *origins) headers() {
	var own []string
	t := p.sent
	for i, f := range t.Header {
		by := session.FromDefault
		if i < len(t.Sources) {
			by = t.Sources[i]
		}
		switch {
		case len(t.Cookies) > 0 && strings.EqualFold(f.Name, "Cookie"):
		case strings.HasPrefix(f.Name, ":") && f.Name != ":authority": // what the request line says
		case by == session.FromDefault:
			own = append(own, f.Name)
		default:
			p.add("header", f.Name, by.String(), p.over("header", f.Name))
		}
	}
	if own != nil {
		p.add("header", strings.Join(own, ", "), session.FromDefault.String(), nil)
	}
}

// route appends the row of a proxy or a CA if anybody has a say in it.
func (p *origins) route(kind string, part session.Part) {
	for _, l := range p.lost {
		if l.Kind == kind && part.Name == "" { // what won was the word off
			part.Source = l.To
		}
	}
	over := p.over(kind, "")
	switch {
	case part.Name != "":
		p.add(kind, part.Name, sourceText(part), over)
	case len(over) > 0:
		p.add(kind, "none", part.Source.String(), over)
	}
}

// rest appends what was left out with nothing in its place.
func (p *origins) rest() {
	for _, l := range p.lost {
		kind := l.Kind
		if kind == "auth" { // a field like any other here
			kind = "header"
		}
		p.add(kind, l.Name, "left out by "+l.To.String()+": "+whose(l), nil)
	}
}

// whose is a value that had to give way, and who had set it.
func whose(l session.Lost) string {
	who := "the " + l.Source.String() + "'s"
	switch l.Source {
	case session.FromDefault:
		who = "sonde's"
	case session.FromOrigin:
		who = "the session's for this origin,"
	case session.FromRequest:
		who = "this request's"
	case session.FromAuth:
		who = "the login's"
	case session.FromURL, session.FromServer:
		who = l.Source.String() + "'s"
	}
	if l.Detail != "" {
		who += " " + l.Detail
	}
	value := l.Value
	switch {
	case l.Kind == "cookie" || l.Kind == "proxy" || l.Kind == "ca":
		value = l.Name
	case l.Secret && l.Kind == "param":
		value = secret.Mask
	case l.Secret:
		value = secret.Header(l.Name, value)
	}
	const most = 40
	return who + " " + cutText(value, most)
}

// wrapped breaks the rows so that they fit into so many cells: nothing of them may
// be missing.
func (p *origins) wrapped(cells int) [][]string {
	kinds, names := 0, 0
	for _, r := range p.rows {
		kinds, names = max(kinds, text.Width(r[0])), max(names, text.Width(r[1]))
	}
	const gaps, share = 4, 2
	names = max(min(names, (cells-kinds-gaps)/share), 1)
	room := max(cells-kinds-names-gaps, 1)
	var out [][]string
	for _, r := range p.rows {
		left, right := wrap(r[1], names), wrap(r[2], room)
		for i := range max(len(left), len(right)) {
			row := []string{"", "", ""}
			if i == 0 {
				row[0] = r[0]
			}
			if i < len(left) {
				row[1] = left[i]
			}
			if i < len(right) {
				row[2] = right[i]
			}
			out = append(out, row)
		}
	}
	return out
}

func wrap(s string, cells int) (rows []string) {
	for row := range text.Wrap(s, cells) {
		rows = append(rows, row)
	}
	return rows
}
