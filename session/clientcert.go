package session

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/pem"
	"os"
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
	if block := privateKey(keyPEM); block != nil && (strings.Contains(block.Type, "ENCRYPTED") || block.Headers["DEK-Info"] != "") {
		return certError(key, "the private key is encrypted; decrypt it first with: openssl pkey", nil)
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return certError(cert, strings.TrimPrefix(strings.TrimPrefix(err.Error(), "tls: "), "failed to "), err)
	}
	sum := sha256.Sum256(bytes.Join([][]byte{certPEM, keyPEM}, []byte{0}))
	s.cert = &clientCert{ClientCert{cert, key, origin}, pair, hex.EncodeToString(sum[:])}
	return nil
}

func privateKey(text []byte) *pem.Block {
	for {
		block, rest := pem.Decode(text)
		if block == nil || strings.HasSuffix(block.Type, "PRIVATE KEY") {
			return block
		}
		text = rest
	}
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
