package netrc

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func mustParse(t *testing.T, text string) *File {
	t.Helper()
	f, err := Parse([]byte(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return f
}

// lookup shows the outcome of a lookup as "login password", or "none".
func lookup(f *File, host, user string) string {
	login, password, ok := f.Lookup(host, user)
	if !ok {
		return strings.TrimSpace("none " + login + password)
	}
	return login + " " + password
}

func TestLookup(t *testing.T) {
	for _, tt := range []struct {
		name, text, host, user, want string
	}{
		{"one entry", "machine h login l password p", "h", "", "l p"},
		{"another host", "machine h login l password p", "g", "", "none"},
		{"a name under the host", "machine h login l password p", "a.h", "", "none"},
		{"no host", "machine h login l password p default login a password b", "", "", "none"},
		{"host in capitals", "machine API.example.com login l password p", "api.Example.com", "", "l p"},
		{"an address", "machine ::1 login l password p", "::1", "", "l p"},
		{"password before login", "machine h password p login l", "h", "", "l p"},
		{"user is login", "machine h user l password p", "h", "", "l p"},
		{"account for a missing login", "machine h account a password p", "h", "", "a p"},
		{"password only", "machine h password p", "h", "", " p"},
		{"empty password", `machine h login l password ""`, "h", "", "l "},
		{"default", "machine h login l password p\ndefault login d password q", "g", "", "d q"},
		{"host before default", "machine h login l password p\ndefault login d password q", "h", "", "l p"},
		{"host behind default", "default login d password q machine h login l password p", "h", "", "l p"},
		{"first of two", "machine h login a password 1 machine h login b password 2", "h", "", "a 1"},

		// R23 a, b: nobody gets what is not theirs.
		{"default with login only", "machine a login l password p\ndefault login d", "b", "", "none"},
		{"empty default", "machine a login l password p\ndefault", "b", "", "none"},
		{"empty default first", "default machine a login l password p", "b", "", "none"},
		{"login only before another entry", "machine a login l machine b login m password p", "a", "", "none"},
		{"login only behind another entry", "machine b login m password p machine a login l", "a", "", "none"},
		{"login only and a default", "machine a login l default login d password q", "a", "", "none"},
		{"nothing and a default", "machine a default login d password q", "a", "", "none"},
		{"two entries of a host", "machine a login l machine a login m password p", "a", "", "m p"},
		{"two entries of a host, by login", "machine a login l machine a login m password p", "a", "l", "none"},

		// R23 d: a user who is named gets the password of no other.
		{"the user", "machine h login l password p", "h", "l", "l p"},
		{"another user", "machine h login l password p", "h", "m", "none"},
		{"user in other case", "machine h login l password p", "h", "L", "none"},
		{"second user", "machine h login a password 1 machine h login b password 2", "h", "b", "b 2"},
		{"user and entry without login", "machine h password p", "h", "l", "none"},
		{"user and account", "machine h account l password p", "h", "l", "none"},
		{"user of the default", "default login d password q", "h", "d", "d q"},
		{"other user of the default", "default login d password q", "h", "l", "none"},
		{"user of the default on a known host", "machine h login l password p default login d password q", "h", "d", "none"},
	} {
		if got := lookup(mustParse(t, tt.text), tt.host, tt.user); got != tt.want {
			t.Errorf("%s: %q of %q: got %q, want %q", tt.name, tt.user, tt.host, got, tt.want)
		}
	}
	if got := lookup(nil, "h", ""); got != "none" {
		t.Errorf("no file: got %q", got)
	}
}

func TestParseWords(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"lines", "machine h\n  login l\n  password p\n", "l p"},
		{"tabs and line ends of Windows", "machine h\r\n\tlogin l\r\n\tpassword p\r\n", "l p"},
		{"byte order mark", "\ufeffmachine h login l password p", "l p"},
		{"quotes", `machine "h" login "a b" password "p \"q\" \\ # r"`, `a b p "q" \ # r`},
		{"quote inside a word", `machine h login a"b password p"`, `a"b p"`},
		{"backslash in a word", `machine h login CORP\\al password a\ b`, `CORP\al a b`},
		{"a letter behind a backslash", `machine h login a\bc password p`, `abc p`},
		{"UTF-8", "machine h login jörg password pä\u2028ss", "jörg pä\u2028ss"},
		{"keywords as values", "machine h login login password password", "login password"},
		{"comments", "# machine h login x password y\n#machine h login x password y\nmachine h # c login x\nlogin l #\npassword p # end", "l p"},
		{"hash in values", "machine h login #l password #p\n", "#l #p"},
		{"hash inside a word", "machine h login l#m password p#q\n", "l#m p#q"},
		{"macro", "macdef init\nmachine h login x\npassword y \" \\\n\nmachine h login l password p", "l p"},
		{"macro of an entry", "machine h login l password p\nmacdef m\nmachine h2\n \r\n\r\nmachine h login x password y", "l p"},
		{"macro up to the end", "machine h login l password p macdef m x y z\ncd /\n", "l p"},
		{"account", "machine h login l account a password p", "l p"},
		{"nothing", "", "none"},
		{"only comments", "# x", "none"},
	} {
		if got := lookup(mustParse(t, tt.text), "h", ""); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestParseRefuses(t *testing.T) { // R23 e
	const expected = "a word where machine, default, login, password, account or macdef is expected"
	for _, tt := range []struct {
		text string
		line int
		want string
	}{
		{"machine h\nlogin s3cret\x00 password s3cret", 2, "a NUL byte"},
		{"# \x00", 1, "a NUL byte"},
		{"machine h login \"a\r\nX: y\" password s3cret", 1, "a line end in quotes"},
		{"\nmachine h login l\npassword \"s3cret\n\"", 3, "a line end in quotes"},
		{"machine h login l password \"s3cret\\\n\"", 1, "a line end in quotes"},
		{`machine h login l password "s3cret\r\nX"`, 1, `a line end (\r) in quotes`},
		{`machine h login l password "s3cret\n"`, 1, `a line end (\n) in quotes`},
		{"machine h login l password s3cret\\\nx", 1, "a line end behind a backslash"},
		{"machine h login l password s3cret\\", 1, "a backslash with nothing behind it"},
		{"machine h login l password s3\x1bcret", 1, "a control character in a word"},
		{"machine h login l password \"s3\tcret\"", 1, "a control character in a word"},
		{"machine h login l password s3\rcret", 1, expected},
		{"machine h login l password \"s3cret", 1, "a quote without its end"},
		{`machine h login l password "s3"cret`, 1, expected},
		{"machine", 1, "machine without a value"},
		{`machine "" login l`, 1, "machine without a name"},
		{"machine h\nlogin\n\n", 2, "login without a value"},
		{"machine h login l password", 1, "password without a value"},
		{"machine h account", 1, "account without a value"},
		{"macdef", 1, "macdef without a value"},
		{"machine h login l password s3cret s3cret", 1, expected},
		{"machine h login password s3cret", 1, expected},
		{"machine h login\nmachine g password s3cret", 2, expected},
		{"s3cret", 1, expected},
		{"login s3cret", 1, "login outside of an entry"},
		{"machine h login l\nmacdef m\nx\n\npassword s3cret", 5, "password outside of an entry"},
		{"machine h login s3cret user s3cret", 1, "login given twice"},
		{"machine h password s3cret\npassword s3cret2", 2, "password given twice"},
		{strings.Repeat("#s3cret\n", maxSize/8) + "#", 0, "larger than 1 MiB"},
	} {
		f, err := Parse([]byte(tt.text))
		e, ok := errors.AsType[*Error](err)
		if f != nil || !ok || e.Line != tt.line || e.Cause != tt.want || e.Path != "" {
			t.Errorf("%.60q: got %v, %+v, want line %d: %s", tt.text, f, err, tt.line, tt.want)
		}
		if ok && strings.Contains(e.Error(), "cret") {
			t.Errorf("%.60q: the error %q tells a secret", tt.text, e)
		}
	}
}

func write(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask
		t.Fatal(err)
	}
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "netrc")
	if f, _, err := Load(path); f != nil || !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("no file: got %v, %v, want an error naming %s", f, err, path)
	}
	if f, _, err := Load(t.TempDir()); f != nil || err == nil {
		t.Errorf("a directory: got %v, %v, want an error", f, err)
	}
	write(t, path, "machine h login l password p", 0o600)
	f, warning, err := Load(path)
	if got := lookup(f, "h", ""); err != nil || got != "l p" || warning != "" {
		t.Errorf("got %q, warning %q, %v, want the login and no warning", got, warning, err)
	}
	write(t, path, "machine h login l\npassword \"s3cret\n\"", 0o600)
	if f, _, err := Load(path); f != nil || err == nil || err.Error() != path+":2: a line end in quotes" {
		t.Errorf("bad file: got %v, %v", f, err)
	}
	write(t, path, strings.Repeat("#", maxSize+1), 0o600)
	if f, _, err := Load(path); f != nil || err == nil || err.Error() != path+": larger than 1 MiB" {
		t.Errorf("large file: got %v, %v", f, err)
	}
}

func TestLoadWarnsOfOthers(t *testing.T) { // R23 f
	if runtime.GOOS == "windows" {
		t.Skip("files have no mode there")
	}
	path := filepath.Join(t.TempDir(), "netrc")
	for _, tt := range []struct {
		mode fs.FileMode
		want string
	}{
		{0o600, ""},
		{0o400, ""},
		{0o644, path + ": others may read the passwords in it (mode 0644): chmod 600 " + path},
		{0o620, path + ": others may read the passwords in it (mode 0620): chmod 600 " + path},
	} {
		write(t, path, "machine h login l password p", 0o600)
		if err := os.Chmod(path, tt.mode); err != nil {
			t.Fatal(err)
		}
		if f, warning, err := Load(path); err != nil || warning != tt.want || lookup(f, "h", "") != "l p" {
			t.Errorf("mode %o: got %q, %v, want %q and the login", tt.mode, warning, err, tt.want)
		}
		os.Chmod(path, 0o600)
	}
}

func TestPath(t *testing.T) {
	home, empty := t.TempDir(), t.TempDir()
	dot, under, other := filepath.Join(home, ".netrc"), filepath.Join(home, "_netrc"), filepath.Join(home, "other")
	write(t, under, "", 0o600)
	write(t, other, "", 0o600)
	check := func(name, netrc string, set bool, home, want string, wantOK bool) {
		t.Helper()
		env := func(variable string) (string, bool) { return netrc, set && variable == "NETRC" }
		if got, ok := Path(env, home); got != want || ok != wantOK {
			t.Errorf("%s: got %q, %v, want %q, %v", name, got, ok, want, wantOK)
		}
	}
	check("underscore", "", false, home, under, true)
	write(t, dot, "", 0o600)
	check("dot before underscore", "", false, home, dot, true)
	check("variable", other, true, home, other, true)
	check("variable with home", "~/other", true, home, home+"/other", true)
	check("variable with another's home", "~bob/other", true, home, "~bob/other", false)
	check("variable without a file", other+"x", true, home, other+"x", false)
	check("empty variable", "", true, home, "", false)
	check("no file", "", false, empty, filepath.Join(empty, ".netrc"), false)
	check("no home", "", false, "", "", false)
	check("variable without home", "~/other", true, "", "~/other", false)
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"machine h login l password p\n", "default login \"a b\\\"\" password \\#x # c\n#d\n", "macdef m\nx\n\nmachine h\r\n",
		"machine h login \"\n\"", "machine h password p\\", "\ufeff\x00", "machine h account a password \"\"", "machine h user u login l",
	} {
		f.Add(text, "h", "l")
	}
	f.Fuzz(func(t *testing.T, text, host, user string) {
		file, err := Parse([]byte(text))
		if err != nil {
			e, ok := err.(*Error)
			if !ok || e.Line < 0 || e.Line > 1+strings.Count(text, "\n") || e.Cause == "" {
				t.Errorf("%q: error %#v", text, err)
			}
			return
		}
		for _, e := range file.entries {
			if strings.ContainsFunc(e.host+e.login+e.account+e.password, func(r rune) bool { return r < 0x80 && isControl(byte(r)) }) {
				t.Errorf("%q: control character in %+v", text, e)
			}
			if login, password, ok := file.Lookup(e.host, e.login); ok && e.login != "" && login != e.login {
				t.Errorf("%q: %q of %q got the login %q and password %q", text, e.login, e.host, login, password)
			}
		}
		login, password, ok := file.Lookup(host, user)
		if !ok && login+password != "" {
			t.Errorf("%q: a login, %q %q, that is none", text, login, password)
		}
		for _, e := range file.entries {
			if ok && e.hasPassword && e.password == password && e.name() == login && (e.host == "" || strings.EqualFold(e.host, host)) {
				return
			}
		}
		if ok {
			t.Errorf("%q: %q %q is the login of no entry for %q", text, login, password, host)
		}
	})
}
