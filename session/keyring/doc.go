// Package keyring reads and keeps secrets in the system's keyring: the Secret
// Service (GNOME Keyring, KWallet, KeePassXC) over D-Bus, the Keychain of macOS,
// the Credential Manager of Windows.
//
// # Names
//
// An entry is found by a service and an account. A name without a slash is an
// account of the service "sonde". In a name with one, what stands before the last
// slash is the service and what follows it the account, so that entries of
// other programs can be used: "gh:github.com/jdoe". Those are only read, never
// replaced or deleted.
//
// # Long secrets
//
// Keyrings of some systems take 2,560 bytes and no more. A longer secret is
// kept in several entries, its parts, and the entry of its own name says which
// they are and what they add up to. The parts are written before that entry and
// those of the secret it replaces are removed after it, so that whatever stops
// a Set half-way, Get returns the old secret or the new one. Two programs that
// set one name at the same moment may leave parts that nothing refers to.
//
// # Time
//
// The libraries below know no time limit, and a keyring that is locked asks a
// person. Every call therefore ends after a while, whatever the keyring does:
// see [Options].
package keyring
