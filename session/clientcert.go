package session

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
)

// A ClientCert says which certificate the session shows to a server that asks
// for one, and to whom.
type ClientCert struct {
	Cert, Key string // paths of PEM files; the same if both are in one
	Origin    string // the only origin it is shown to; "" means that of the next request
}

type clientCert struct {
	ClientCert
	pair tls.Certificate
	id   string // of the content, so that another one is another connection
}

// SetCert makes the certificate and key in two PEM files the ones that are shown
// to a server that asks, at one origin; key "" means that both are in the first.
// origin "" means the base's, and without a base that of the next request. The
// error names the file, and what does not fit.
func (s *Session) SetCert(cert, key, origin string) error {
	if key == "" {
		key = cert
	}
	origin, err := s.originFor(origin)
	if err != nil {
		return err
	}
	certPEM, err := os.ReadFile(cert)
	if err != nil {
		return certError(cert, fileCause(err), err)
	}
	keyPEM, err := os.ReadFile(key)
	if err != nil {
		return certError(key, fileCause(err), err)
	}
	if e := checkPair(cert, key, certPEM, keyPEM); e != nil {
		return e
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return certError(cert, pairCause(cert, key, err), err)
	}
	sum := sha256.Sum256(bytes.Join([][]byte{certPEM, keyPEM}, []byte{0}))
	s.cert = &clientCert{ClientCert{cert, key, origin}, pair, hex.EncodeToString(sum[:])}
	return nil
}

// checkPair finds what of a certificate and its key is missing in their files, or
// of no use there.
func checkPair(cert, key string, certPEM, keyPEM []byte) *Error {
	block := firstBlock(certPEM, "CERTIFICATE")
	switch {
	case block == nil && firstBlock(certPEM, "") == nil:
		return certError(cert, "no PEM in it", nil)
	case block == nil && firstBlock(certPEM, "PRIVATE KEY") != nil:
		return certError(cert, "no certificate in it, only a private key", nil)
	case block == nil:
		return certError(cert, "no certificate in it", nil)
	}
	if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		return certError(cert, "the certificate in it is malformed", err)
	}
	block = firstBlock(keyPEM, "PRIVATE KEY")
	switch {
	case block == nil && firstBlock(keyPEM, "") == nil:
		return certError(key, "no PEM in it", nil)
	case block == nil:
		return certError(key, "no private key in it", nil)
	case strings.Contains(block.Type, "ENCRYPTED") || block.Headers["DEK-Info"] != "":
		e := certError(key, "the private key in it is encrypted, and has to be decrypted first", nil)
		e.Hint = "openssl pkey -in " + shellQuote(key) + " -out " + shellQuote(strings.TrimSuffix(key, filepath.Ext(key))+".plain.pem")
		return e
	}
	return nil
}

// firstBlock returns the first block of a PEM file whose type ends in kind, nil if
// there is none.
func firstBlock(text []byte, kind string) *pem.Block {
	for {
		block, rest := pem.Decode(text)
		if block == nil || strings.HasSuffix(block.Type, kind) {
			return block
		}
		text = rest
	}
}

// pairCause words why a certificate and a key are of no use, both of which are in
// their files. Package crypto/tls has no types for it.
func pairCause(cert, key string, err error) string {
	where := "in it"
	if key != cert {
		where = "in " + quote(key)
	}
	switch text := err.Error(); {
	case strings.Contains(text, "does not match"):
		return "the private key " + where + " is that of another certificate"
	case strings.Contains(text, "public key algorithm"):
		return "the certificate in it has a kind of key that TLS does not take"
	}
	return "the private key " + where + " is malformed, or of a kind that TLS does not take"
}

func certError(path, cause string, err error) *Error {
	return &Error{Phase: PhaseTLS, Text: "cert " + quote(path) + ": " + cause, Hint: "cert CERT.pem KEY.pem", Err: err}
}

// Cert returns the client certificate of the current identity.
func (s *Session) Cert() (c ClientCert, ok bool) {
	if s.cert == nil {
		return ClientCert{}, false
	}
	return s.cert.ClientCert, true
}

// ClearCert forgets the client certificate and says whether there was one. The
// connections it was shown on are not used again.
func (s *Session) ClearCert() bool {
	had := s.cert != nil
	s.cert = nil
	return had
}
