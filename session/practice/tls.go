package practice

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"net/http"
	"time"
)

// TLSURL is the origin of the same API over TLS, in the form of URL. HTTP/2 is
// spoken there with whoever offers it. Its certificate is signed by itself: it
// is to be trusted with Roots, or not to be trusted, as an exercise.
func (s *Server) TLSURL() string { return s.tlsURL }

// Roots is a new pool with the certificate of TLSURL, which is made now unless
// somebody has connected before. The pool is empty if the system has no random
// numbers to make one.
func (s *Server) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	if c, err := s.identity(); err == nil {
		pool.AddCert(c.Leaf)
	}
	return pool
}

func (s *Server) serveTLS(srv *http.Server, ln net.Listener) error {
	srv.TLSConfig = &tls.Config{
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return s.identity() },
	}
	return srv.ServeTLS(ln, "", "")
}

// newIdentity makes a key and a certificate for the names of this machine. It
// is valid whatever clock the server or a client runs by: the dates are the
// widest that UTCTime holds without looking like a mistake.
func newIdentity() (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: "practice API"},
		NotBefore:             time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(2049, 12, 31, 0, 0, 0, 0, time.UTC),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true, // so that programs which want an authority take it as one
		DNSNames:              []string{"localhost"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}
