//go:build !(darwin || linux || netbsd || openbsd || (dragonfly && cgo) || (freebsd && cgo))

package keyring

// unreachable says why there is no use in calling the keyring, or "".
func unreachable(func(string) string) string { return "" }

// explain makes an error of this package from one of the library.
func explain(err error) error {
	if known := ours(err); known != nil {
		return known
	}
	return &reachError{text: err.Error(), cause: err}
}
