package session

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// TestUnfitCert words what can be wrong with a certificate and its key:
// the file at fault, the cause, and what to type.
func TestUnfitCert(t *testing.T) {
	root := newKeeper(t, "Zoo Root", ecKey(t))
	cert, key := pairFiles(t, "right", root.clientPair(t, "visitor"))
	_, foreign := pairFiles(t, "foreign", root.clientPair(t, "stranger"))
	_, other, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(other)
	if err != nil {
		t.Fatal(err)
	}
	file := func(name, kind string, body []byte, headers map[string]string) string {
		return writePEM(t, name, &pem.Block{Type: kind, Bytes: body, Headers: headers})
	}
	empty := fileOf(t, "empty.pem", nil)
	text := fileOf(t, "text.pem", []byte("MIIB not PEM at all\n"))
	request := file("request.pem", "CERTIFICATE REQUEST", []byte("x"), nil)
	badCert, badKey := file("bad.pem", "CERTIFICATE", []byte("x"), nil), file("bad.key", "PRIVATE KEY", []byte("x"), nil)
	sealed := file("it's.key", "ENCRYPTED PRIVATE KEY", []byte("x"), nil)
	legacy := file("legacy.key", "RSA PRIVATE KEY", []byte("x"), map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-128-CBC,00"})
	edwards := file("edwards.key", "PRIVATE KEY", der, nil)
	plain := func(key, in string) string {
		return "openssl pkey -in '" + in + "' -out '" + strings.TrimSuffix(in, ".key") + ".plain.pem'"
	}
	const usual = "cert CERT.pem KEY.pem"
	for _, tt := range []struct{ cert, key, at, want, hint string }{
		{empty, key, empty, "no PEM in it", usual},
		{text, key, text, "no PEM in it", usual},
		{key, cert, key, "no certificate in it, only a private key", usual},
		{request, key, request, "no certificate in it", usual},
		{badCert, key, badCert, "the certificate in it is malformed", usual},
		{cert, empty, empty, "no PEM in it", usual},
		{cert, cert, cert, "no private key in it", usual},
		{cert, "", cert, "no private key in it", usual},
		{cert, badKey, cert, "the private key in " + quote(badKey) + " is malformed, or of a kind that TLS does not take", usual},
		{cert, foreign, cert, "the private key in " + quote(foreign) + " is that of another certificate", usual},
		{cert, edwards, cert, "the private key in " + quote(edwards) + " is that of another certificate", usual},
		{cert, sealed, sealed, "the private key in it is encrypted, and has to be decrypted first", plain(sealed, strings.ReplaceAll(sealed, "'", `'\''`))},
		{cert, legacy, legacy, "the private key in it is encrypted, and has to be decrypted first", plain(legacy, legacy)},
		{cert, filepath.Join(t.TempDir(), "none"), "none", "no such file", usual},
	} {
		s := New(Options{})
		err := s.SetCert(tt.cert, tt.key, "https://a.test")
		e, ok := errors.AsType[*Error](err)
		if !ok || !strings.HasSuffix(e.Text, ": "+tt.want) || !strings.Contains(e.Text, filepath.Base(tt.at)) || e.Hint != tt.hint {
			t.Errorf("%s, %s:\n got %v\n     hint %q\nwant %s\n     hint %q", filepath.Base(tt.cert), filepath.Base(tt.key), err, hint(e), tt.want, tt.hint)
		}
		if _, has := s.Cert(); has {
			t.Errorf("%s, %s: it is set", tt.cert, tt.key)
		}
	}
}

func hint(e *Error) string {
	if e == nil {
		return ""
	}
	return e.Hint
}
