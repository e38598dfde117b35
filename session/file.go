package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"sonde/session/secret"
)

// fileVersion is the version of the format that Save writes.
const fileVersion = 1

// saved is a session as it is kept in a file.
type saved struct {
	Version  int      `json:"version"`
	Settings Settings `json:"settings"`
}

// Save writes the session's settings as JSON, without anything secret: no
// credentials, cookies, secret headers and secret parameters. That the
// certificate check is off is not kept either.
func (s *Session) Save(w io.Writer) error {
	out := saved{Version: fileVersion, Settings: s.Settings.Clone()}
	out.Settings.Headers = s.withoutSecretHeaders(out.Settings.Headers)
	out.Settings.Params = s.withoutSecretParams(out.Settings.Params)
	if out.Settings.Verify == "off" {
		out.Settings.Verify, out.Settings.VerifyOrigin = "", ""
	}
	out.Settings.Proxy, _ = splitProxy(out.Settings.Proxy)
	for i, r := range out.Settings.Retries {
		if s.holdsSecret(r.Prefix) || secret.URL(r.Prefix) != r.Prefix { // without its query it is for more, not for less
			out.Settings.Retries[i].Prefix, _, _ = strings.Cut(r.Prefix, "?")
		}
	}
	if u, err := s.base(); err == nil && u != nil {
		out.Settings.Base = u.base() // without userinfo
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

// Load replaces the session's settings by those Save wrote. Credentials and
// cookies stay as they are. On an error nothing is changed.
func (s *Session) Load(r io.Reader) error {
	in := saved{Settings: DefaultSettings()}
	dec := json.NewDecoder(r)
	if err := dec.Decode(&in); err != nil {
		return fmt.Errorf("saved session: %w", err)
	}
	if in.Version != fileVersion {
		return fmt.Errorf("saved session: version %d, this program knows %d", in.Version, fileVersion)
	}
	if in.Settings.Base != "" {
		if _, err := ParseBase(in.Settings.Base); err != nil {
			return fmt.Errorf("saved session: %w", err)
		}
	}
	for _, h := range in.Settings.Headers {
		if err := checkField(h.Name, h.Value); err != nil {
			return fmt.Errorf("saved session: %w", err)
		}
	}
	for _, r := range in.Settings.Retries {
		if err := r.Policy.Check(); err != nil {
			return fmt.Errorf("saved session: retry: %w", err)
		}
	}
	s.Settings = in.Settings
	return nil
}

// SaveFile saves into a file that only its owner can read (mode 0600, its
// directory 0700 if it has to be made). The file is replaced whole or not at
// all.
func (s *Session) SaveFile(path string) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".session-*") // 0600, whatever the umask
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := s.Save(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// LoadFile loads what SaveFile saved. A file that makes no sense is moved
// aside, and the error names where to; one that does not exist is an error
// that is fs.ErrNotExist.
func (s *Session) LoadFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = s.Load(f)
	f.Close()
	if err == nil {
		return nil
	}
	aside, moveErr := moveAside(path)
	if moveErr != nil {
		return fmt.Errorf("%s: %w", path, errors.Join(err, moveErr))
	}
	return fmt.Errorf("%s: %w; moved to %s", path, err, aside)
}

// moveAside renames a file to the first free name of PATH.corrupt,
// PATH.corrupt2 and so on.
func moveAside(path string) (string, error) {
	aside := path + ".corrupt"
	for n := 2; ; n++ {
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			break
		}
		aside = path + ".corrupt" + strconv.Itoa(n)
	}
	return aside, os.Rename(path, aside)
}

// shellQuote returns a path as a word of a shell's command.
func shellQuote(path string) string { return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'" }
