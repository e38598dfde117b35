package history

import (
	"errors"
	"path"
)

// DefaultPath returns where the history is kept on the system goos (as in
// runtime.GOOS) under the environment env: $XDG_STATE_HOME/sonde/history,
// without that variable $HOME/.local/state/sonde/history (XDG Base Directory
// Specification 0.8, where a relative path counts as unset), and on Windows
// %LocalAppData%\sonde\history. It is an error if none of these is set.
func DefaultPath(env func(string) string, goos string) (string, error) {
	if goos == "windows" {
		if dir := env("LocalAppData"); dir != "" {
			return dir + `\sonde\history`, nil
		}
		if dir := env("USERPROFILE"); dir != "" {
			return dir + `\AppData\Local\sonde\history`, nil
		}
		return "", errors.New("find history: neither LocalAppData nor USERPROFILE is set")
	}
	if dir := env("XDG_STATE_HOME"); path.IsAbs(dir) {
		return path.Join(dir, "sonde", "history"), nil
	}
	if dir := env("HOME"); path.IsAbs(dir) {
		return path.Join(dir, ".local", "state", "sonde", "history"), nil
	}
	return "", errors.New("find history: neither XDG_STATE_HOME nor HOME is set")
}
