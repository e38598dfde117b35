package repl

import (
	"context"
	"strings"

	"sonde/repl/line"
	"sonde/session"
)

// sticky sets or drops what every request carries: `Name:value`, `name==value`.
func (sh *Shell) sticky(ctx context.Context, ln line.Line) error {
	value := expanded{}
	if ln.Rest != nil {
		var err error
		if value, err = sh.expandTemplate(ctx, ln, *ln.Rest); err != nil {
			return err
		}
	}
	if ln.Kind == line.Param {
		return sh.setParam(ln.Name, value.text, value.secret)
	}
	text, origin, err := cutFor(value.text)
	if err != nil {
		return err
	}
	if text == "" {
		return sh.dropHeader(ln.Name, origin)
	}
	return sh.setHeader(ln.Name, text, origin, value.secret)
}

// cutFor takes ` for ORIGIN` off the end of a header's value. Only a whole URL
// is an origin there: a value may well end with words that read like it.
func cutFor(value string) (text, origin string, err error) {
	i := strings.LastIndex(" "+value, " for ")
	if i < 0 || !strings.Contains(value[i:], "://") {
		return value, "", nil
	}
	o, err := session.OriginOf(strings.TrimSpace(value[i+len("for "):]))
	if err != nil {
		return value, "", nil
	}
	return strings.TrimSpace(value[:i]), o.String(), nil
}

// setHeader makes a header part of every request; origin "" is the base's for a
// secret one and every origin for another.
func (sh *Shell) setHeader(name, value, origin string, isSecret bool) error {
	return sh.Session.SetHeader(session.Header{Name: name, Value: value, Origin: origin, Secret: isSecret})
}

// dropHeader stops sending a header to an origin; "" is the base's. One that is
// sent by default is left out.
func (sh *Shell) dropHeader(name, origin string) error {
	return sh.without(name, origin, sh.Session.DropHeader)
}

// forgetHeader takes back what was said about a header; one that is sent by
// default is sent again.
func (sh *Shell) forgetHeader(name, origin string) error {
	return sh.without(name, origin, sh.Session.ForgetHeader)
}

func (sh *Shell) without(name, origin string, here func(string) int) error {
	if origin != "" && sh.Session.DropHeaderFor(name, origin) > 0 || origin == "" && here(name) > 0 {
		return nil
	}
	for _, h := range sh.Session.Settings.Headers {
		if strings.EqualFold(h.Name, name) && h.Origin != "" {
			sh.notice(h.Name + " is set for " + h.Origin + "; to drop it: ‹" + h.Name + ": for " + h.Origin + "›")
			return nil
		}
	}
	sh.notice("no header " + quoteWord(name) + " was set")
	return nil
}

// setParam makes a query parameter part of every request.
func (sh *Shell) setParam(name, value string, isSecret bool) error {
	return sh.Session.SetParam(session.Param{Name: name, Value: value, Secret: isSecret})
}

// dropParam stops sending a query parameter.
func (sh *Shell) dropParam(name string) error {
	if sh.Session.DropParam(name) == 0 {
		sh.notice("no param " + quoteWord(name) + " was set")
	}
	return nil
}
