package keyring

import (
	"errors"
	"io/fs"
	"os/exec"
)

// unreachable says why there is no use in calling the keyring, or "".
func unreachable(func(string) string) string { return "" }

// explain makes an error of this package from one of the library, which runs
// security(1). Its exit status is the lowest byte of an OSStatus of
// Security/SecBase.h.
func explain(err error) error {
	if known := ours(err); known != nil {
		return known
	}
	if errors.Is(err, fs.ErrNotExist) {
		return none("no /usr/bin/security")
	}
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return &reachError{text: err.Error(), cause: err}
	}
	switch exit.ExitCode() {
	case 36, 51: // errSecInteractionNotAllowed -25308, errSecAuthFailed -25293
		return locked(err)
	case 128: // errSecUserCanceled -128
		return &reachError{text: "the keychain was not unlocked", cause: err}
	}
	return &reachError{text: "the keychain answers: " + err.Error(), cause: err}
}
