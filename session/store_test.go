package session

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func newStore(t *testing.T) Store {
	return Store{Dir: filepath.Join(t.TempDir(), "state", "sonde", "sessions")}
}

func sessionAt(t *testing.T, base string) *Session {
	t.Helper()
	s := New(Options{})
	if err := s.SetBase(base); err != nil {
		t.Fatal(err)
	}
	return s
}

func mustSave(t *testing.T, d Store, name string, s *Session) {
	t.Helper()
	if err := d.Save(name, s); err != nil {
		t.Fatal(err)
	}
}

// wantStoreError checks the text of an error, with DIR for the directory, and
// its hint.
func wantStoreError(t *testing.T, d Store, err error, text, hint string) {
	t.Helper()
	e, ok := errors.AsType[*StoreError](err)
	if !ok {
		t.Errorf("got %v, want %s", err, text)
		return
	}
	// Separators of Windows are not what is compared.
	clean := func(s string) string { return filepath.ToSlash(strings.ReplaceAll(s, d.Dir, "DIR")) }
	if got := clean(e.Error()); got != text {
		t.Errorf("text\n got %s\nwant %s", got, text)
	}
	if got := clean(e.Hint()); got != hint {
		t.Errorf("hint of %q\n got %q\nwant %q", text, got, hint)
	}
}

func TestStoreSaveAndLoad(t *testing.T) {
	d := newStore(t)
	s := sessionAt(t, "https://jdoe:geheim@api.example.com/v1")
	if err := s.SetHeader(Header{Name: "X-Trace", Value: "1"}); err != nil {
		t.Fatal(err)
	}
	mustSave(t, d, "prod", s)
	got := New(Options{})
	if err := d.Load("prod", got); err != nil {
		t.Fatal(err)
	}
	if got.Settings.Base != "https://api.example.com/v1" || len(got.Settings.Headers) != 1 {
		t.Errorf("loaded base %q, headers %v", got.Settings.Base, got.Settings.Headers)
	}
	path, err := d.Path("prod")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), "geheim") {
		t.Errorf("file %s, %v", text, err)
	}
	mustSave(t, d, "prod", sessionAt(t, "http://localhost:8080"))
	if err := d.Load("prod", got); err != nil || got.Settings.Base != "http://localhost:8080" {
		t.Errorf("loaded base %q, %v", got.Settings.Base, err)
	}
}

func TestStoreNames(t *testing.T) {
	d := Store{Dir: "DIR"}
	for _, name := range []string{"prod", "Prod-2", "a", "v1.2_x", "2", strings.Repeat("a", 64), "com10", "console"} {
		path, err := d.Path(name)
		if err != nil || path != filepath.Join("DIR", name+".json") {
			t.Errorf("Path(%q) = %q, %v", name, path, err)
		}
	}
	const rule = "a name has letters, digits, - _ and . only, and neither . nor - first"
	tests := []struct{ name, text, fit string }{
		{"", `name session "": ` + rule, ""},
		{".", `name session ".": ` + rule, ""},
		{"..", `name session "..": ` + rule, ""},
		{"../../etc/passwd", `name session "../../etc/passwd": ` + rule, "etc-passwd"},
		{".hidden", `name session ".hidden": ` + rule, "hidden"},
		{"-x", `name session "-x": ` + rule, "x"},
		{"my api/v1!", `name session "my api/v1!": ` + rule, "my-api-v1"},
		{`a\b`, `name session "a\\b": ` + rule, "a-b"},
		{"a\x00b", `name session "a\x00b": ` + rule, "a-b"},
		{"c:x", `name session "c:x": ` + rule, "c-x"},
		{"zürich", `name session "zürich": ` + rule, "z-rich"},
		{"a\nb\x1b[2J", `name session "a\nb\x1b[2J": ` + rule, "a-b--2J"},
		{strings.Repeat("a", 65), `name session "` + strings.Repeat("a", 65) + `": the name has 65 bytes, at most 64 will do`, strings.Repeat("a", 64)},
		{"NUL", `name session "NUL": the name is a device on Windows`, "my-NUL"},
		{"com1.prod", `name session "com1.prod": the name is a device on Windows`, "my-com1.prod"},
	}
	for _, tt := range tests {
		_, err := d.Path(tt.name)
		wantStoreError(t, d, err, tt.text, tt.fit)
		if fit := fitName(tt.fit); fit != tt.fit {
			t.Errorf("the hint %q is no name itself, %q is", tt.fit, fit)
		}
	}
	_, err := Store{}.Path("prod")
	if err == nil || err.Error() != `name session "prod": there is no directory to keep sessions in` {
		t.Errorf("without a directory: %v", err)
	}
	if _, err := (Store{}).List(); err == nil {
		t.Error("List without a directory: no error")
	}
}

func TestStoreMisnamedHintIsACommand(t *testing.T) {
	d := newStore(t)
	const why = `name session "my api": a name has letters, digits, - _ and . only, and neither . nor - first`
	wantStoreError(t, d, d.Save("my api", New(Options{})), why, "session save my-api")
	wantStoreError(t, d, d.Load("my api", New(Options{})), why, "session load my-api")
	wantStoreError(t, d, d.Remove("my api"), why, "session rm my-api")
}

func TestStoreList(t *testing.T) {
	d := newStore(t)
	if list, err := d.List(); err != nil || len(list) != 0 {
		t.Errorf("no directory: %v, %v", list, err)
	}
	mustSave(t, d, "prod", sessionAt(t, "https://api.example.com/v1"))
	mustSave(t, d, "empty", New(Options{}))
	files := map[string]string{
		"broken.json":       "{\"version\": 1, \"settings\"",
		"future.json":       `{"version": 99}`,
		"login.json":        `{"version": 1, "settings": {"base": "http://u:geheim@h.test/"}}`,
		"prod.json.corrupt": "x", ".session-123": "x", ".hidden.json": "x", "notes.txt": "x", "a b.json": "x",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(d.Dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(d.Dir, "dir.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadDir(d.Dir)
	if err != nil {
		t.Fatal(err)
	}
	list, err := d.List()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range list {
		if s.Time.IsZero() {
			t.Errorf("%s has no time", s.Name)
		}
		text := s.Name + " " + s.Base
		if s.Err != nil {
			text += s.Err.Error()
		}
		got = append(got, text)
	}
	want := []string{
		"broken saved session: unexpected EOF",
		"empty ",
		"future saved session: version 99, this program knows 1",
		"login http://h.test",
		"prod https://api.example.com/v1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	after, err := os.ReadDir(d.Dir)
	if err != nil || len(after) != len(before) {
		t.Errorf("List changed the directory: %v, then %v, %v", before, after, err)
	}
}

func TestStoreRemove(t *testing.T) {
	d := newStore(t)
	wantStoreError(t, d, d.Remove("prod"), `rm session "prod": nothing is saved under this name`, "")
	for _, name := range []string{"prod", "staging"} {
		mustSave(t, d, name, New(Options{}))
	}
	err := d.Remove("prd")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
	wantStoreError(t, d, err, `rm session "prd": nothing is saved under this name`, "session list")
	wantStoreError(t, d, d.Remove("zzz"), `rm session "zzz": nothing is saved under this name`, "session list")
	err = d.Load("stag", New(Options{}))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
	wantStoreError(t, d, err, `load session "stag": nothing is saved under this name`, "session list")
	if err := d.Remove("prod"); err != nil {
		t.Error(err)
	}
	if list, err := d.List(); err != nil || len(list) != 1 || list[0].Name != "staging" {
		t.Errorf("left: %v, %v", list, err)
	}
	if err := os.Mkdir(filepath.Join(d.Dir, "dir.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	wantStoreError(t, d, d.Remove("dir"), `rm session "dir": DIR/dir.json is a directory`, "")
}

// TestStoreFoldsNames keeps apart what some systems would not.
func TestStoreFoldsNames(t *testing.T) {
	d := newStore(t)
	mustSave(t, d, "prod", sessionAt(t, "https://api.example.com"))
	const why = `name session "Prod": it is saved as prod, and upper or lower case alone makes no other name`
	wantStoreError(t, d, d.Save("Prod", New(Options{})), why, "session save prod")
	wantStoreError(t, d, d.Load("Prod", New(Options{})), why, "session load prod")
	wantStoreError(t, d, d.Remove("Prod"), why, "session rm prod")
	s := New(Options{})
	if err := d.Load("prod", s); err != nil || s.Settings.Base != "https://api.example.com" {
		t.Errorf("loaded base %q, %v", s.Settings.Base, err)
	}
	if list, err := d.List(); err != nil || len(list) != 1 {
		t.Errorf("saved: %v, %v", list, err)
	}
	// What another program put there under both names can still be used.
	text, err := os.ReadFile(filepath.Join(d.Dir, "prod.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.Dir, "PROD.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := d.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range list { // one or two, as the system has it
		if err := d.Load(one.Name, s); err != nil {
			t.Errorf("%s: %v", one.Name, err)
		}
		mustSave(t, d, one.Name, s)
	}
}

func TestStoreMovesAsideOnLoadOnly(t *testing.T) {
	d := newStore(t)
	mustSave(t, d, "prod", New(Options{}))
	path, _ := d.Path("prod")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := sessionAt(t, "http://a.test")
	wantStoreError(t, d, d.Load("prod", s),
		`load session "prod": DIR/prod.json: saved session: unexpected EOF; moved to DIR/prod.json.corrupt`, "")
	if s.Settings.Base != "http://a.test" {
		t.Errorf("base is now %q", s.Settings.Base)
	}
}
