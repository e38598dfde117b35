package session

import (
	"fmt"
	"io"
	"strings"
)

// maxCodings is how many content codings a body may have unless the settings
// say otherwise.
const maxCodings = 5

// decoded returns a reader of the body without its content codings (RFC 9110,
// section 8.4). With a coding that is not known the body stays as it is.
func (d *doing) decoded(x *Exchange, raw incoming) (in io.Reader, coded bool, failed *Error) {
	var codings []string
	for i := range x.Header {
		if f := &x.Header[i]; len(f.Name) == len("Content-Encoding") && strings.EqualFold(f.Name, "Content-Encoding") {
			for c := range strings.SplitSeq(f.Value, ",") {
				if c = strings.ToLower(trimBlanks(c)); c != "" && c != "identity" {
					codings = append(codings, c)
				}
			}
		}
	}
	if len(codings) == 0 || raw.Length() == 0 {
		return raw, false, nil
	}
	most := d.s.Settings.MaxCodings
	if most <= 0 {
		most = maxCodings
	}
	if len(codings) > most {
		return nil, false, &Error{Phase: PhaseBody, Host: d.hop.trail.now.hostPort(), Sent: true,
			Text: fmt.Sprintf("too many content codings (%d > %d)", len(codings), most)}
	}
	in, err := d.s.decoders.Reader(codings, raw)
	if err != nil { // one is not known
		d.notice(Notice{Kind: NoticeWarning, Text: "the body is kept as received: " + err.Error()})
		return raw, false, nil
	}
	x.Coding = strings.Join(codings, ", ")
	return in, true, nil
}
