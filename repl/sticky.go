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
		return sh.setParam(ln.Name, value.text, "", value.secret)
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
	if _, ok := sh.Session.AuthFor(origin); ok && strings.EqualFold(name, "Authorization") {
		sh.notice("it is sent in place of the login; back to that: ‹Authorization:›")
	}
	if variable, ok := strings.CutPrefix(value, "env:"); ok && isName(variable) {
		sh.notice(value + " goes out as it stands; for what the environment has: ‹" + name + ": {{$ENV." + variable + "}}›")
	}
	return sh.Session.SetHeader(session.Header{Name: name, Value: value, Origin: origin, Secret: isSecret})
}

// dropHeader stops sending a header to an origin; "" is the base's. One that is
// sent by default is left out. That there was none is no failure: it is not sent.
func (sh *Shell) dropHeader(name, origin string) error {
	if !sh.removeHeader(name, origin, sh.Session.DropHeader) {
		text, drop := sh.noHeader(name)
		if drop != "" {
			text += "; to drop it: ‹" + drop + "›"
		}
		sh.notice(text)
	}
	return nil
}

// forgetHeader takes back what was said about a header; one that is sent by
// default is sent again.
func (sh *Shell) forgetHeader(name, origin string) error {
	if sh.removeHeader(name, origin, sh.Session.ForgetHeader) {
		return nil
	}
	text, drop := sh.noHeader(name)
	if drop == "" {
		return failed("header", text, "`header` lists them")
	}
	return failed("header", text, "`"+drop+"`")
}

// removeHeader removes a header with here, or that of an origin; found says that
// there was one.
func (sh *Shell) removeHeader(name, origin string, here func(string) int) (found bool) {
	if origin != "" {
		return sh.Session.DropHeaderFor(name, origin) > 0
	}
	return here(name) > 0
}

// noHeader says that no header of a name was set, or for which origin one was, and
// what drops that.
func (sh *Shell) noHeader(name string) (text, drop string) {
	for _, h := range sh.Session.Settings.Headers {
		if strings.EqualFold(h.Name, name) && h.Origin != "" {
			return h.Name + " is set for " + h.Origin, h.Name + ": for " + h.Origin
		}
	}
	return "no header " + quoteWord(name) + " was set", ""
}

// setParam makes a query parameter part of every request, as setHeader does.
func (sh *Shell) setParam(name, value, origin string, isSecret bool) error {
	return sh.Session.SetParam(session.Param{Name: name, Value: value, Origin: origin, Secret: isSecret})
}

// dropParam stops sending a query parameter to an origin; "" is the base's.
func (sh *Shell) dropParam(name, origin string) error {
	if origin != "" && sh.Session.DropParamFor(name, origin) == 0 || origin == "" && sh.Session.DropParam(name) == 0 {
		return failed("param", "no param "+quoteWord(name)+" was set", "`param` lists them")
	}
	return nil
}
