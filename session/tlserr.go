package session

import (
	"context"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/publicsuffix"

	"sonde/session/neterr"
)

// tlsError says in words why a TLS handshake came to nothing. asked says that
// the server wanted a client certificate.
func (s *Session) tlsError(ctx context.Context, key poolKey, err error, asked bool) *Error {
	e := &Error{Phase: PhaseTLS, Host: key.origin.hostPort(), Err: err}
	if s.ended(ctx, e, err) {
		return e
	}
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &cert):
		e.Text, e.Hint = certificateCause(cert, key.origin.Host), "verify CA.pem"
		var name x509.HostnameError
		if errors.As(cert, &name) { // which no CA mends
			e.Hint = s.baseFor(key.origin, name.Certificate)
		}
	case errors.As(err, &record):
		e.Text = "no TLS at this port; it may speak plain http"
		plain := key.origin
		plain.Scheme = "http"
		e.Hint = plain.String()
	case asked:
		e.Text = "the server asks for a client certificate, and did not go on without one"
	default:
		e.Text = "TLS handshake: " + tlsCause(err)
	}
	return e
}

// certificateCause says which of the things that can be wrong with a
// certificate is.
func certificateCause(err *tls.CertificateVerificationError, host string) string {
	var (
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		unknown x509.UnknownAuthorityError
		leaf    *x509.Certificate
	)
	if len(err.UnverifiedCertificates) > 0 {
		leaf = err.UnverifiedCertificates[0]
	}
	switch {
	case errors.As(err, &name):
		return "wrong name: the certificate is for " + certificateNames(name.Certificate) + ", not for " + host
	case errors.As(err, &invalid):
		return invalidCause(invalid)
	case errors.As(err, &unknown):
		if algorithm := brokenSignature(err.UnverifiedCertificates); algorithm != "" {
			return "unknown issuer: the certificate is signed with " + algorithm + ", which proves nothing any more"
		}
		if leaf != nil && leaf.Issuer.String() == leaf.Subject.String() {
			return "unknown issuer: the certificate is self-signed"
		}
		if leaf != nil && leaf.Issuer.CommonName != "" {
			return "unknown issuer: nobody trusted vouches for " + quote(leaf.Issuer.CommonName)
		}
		return "unknown issuer: nobody trusted vouches for the certificate"
	}
	return "certificate: " + trimX509(err.Err)
}

// baseFor returns what to type for a base that a certificate is for, "" if the
// origin is not the base's. The name is the word of whoever answers there, so it
// has to be of the same site, or of this machine as well.
func (s *Session) baseFor(o Origin, c *x509.Certificate) string {
	if o != s.baseOrigin() {
		return ""
	}
	site := siteOf(o.Host)
	for _, name := range c.DNSNames {
		host, err := normalHost(name, name)
		if err == nil && !strings.Contains(name, "*") && (site != "" && siteOf(host) == site || isLoopback(o.Host) && isLoopback(host)) {
			o.Host = host
			return "base " + o.String()
		}
	}
	return ""
}

// siteOf returns the registrable domain of a host, "" if it has none.
func siteOf(host string) string {
	site, err := publicsuffix.EffectiveTLDPlusOne(strings.TrimSuffix(host, "."))
	if err != nil {
		return ""
	}
	return site
}

// brokenSignature returns the algorithm of a signature that anybody could have
// made, "" if there is none. Nobody checks what an authority says of itself.
func brokenSignature(chain []*x509.Certificate) string {
	for _, c := range chain {
		switch c.SignatureAlgorithm {
		case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
			if c.Issuer.String() != c.Subject.String() {
				return c.SignatureAlgorithm.String()
			}
		}
	}
	return ""
}

func invalidCause(err x509.CertificateInvalidError) string {
	const day = "2006-01-02 15:04 MST"
	switch err.Reason {
	case x509.Expired:
		if strings.Contains(err.Detail, "before") {
			return "not yet valid: the certificate starts on " + err.Cert.NotBefore.UTC().Format(day)
		}
		return "expired on " + err.Cert.NotAfter.UTC().Format(day)
	case x509.IncompatibleUsage:
		return "wrong usage: the certificate is not meant for a server"
	case x509.NotAuthorizedToSign:
		return "unknown issuer: the certificate above it may not sign others"
	}
	return "certificate: " + trimX509(err)
}

func certificateNames(c *x509.Certificate) string {
	names := append([]string{}, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	switch {
	case len(names) > 3:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:3], ", "), len(names)-3)
	case len(names) > 0:
		return strings.Join(names, ", ")
	}
	return "no name at all"
}

func trimX509(err error) string { return strings.TrimPrefix(err.Error(), "x509: ") }

// tlsCause says what a TLS alert or another failure means.
func tlsCause(err error) string {
	text := err.Error()
	switch {
	case strings.Contains(text, "protocol version"):
		return "the server has no protocol version in common with this client (TLS 1.2 and 1.3)"
	case strings.Contains(text, "certificate required"):
		return "the server asks for a client certificate"
	case strings.Contains(text, "tls: bad certificate"):
		return "the server does not accept this client without a certificate it knows"
	}
	if neterr.Gone(err) {
		return "the server closed the connection"
	}
	text = strings.TrimPrefix(text, "remote error: ")
	return strings.TrimPrefix(text, "tls: ")
}

// weakness says what of an accepted certificate is weak, "" if nothing is.
func weakness(state tls.ConnectionState) string {
	const fair = 2048
	if len(state.PeerCertificates) == 0 {
		return ""
	}
	key, ok := state.PeerCertificates[0].PublicKey.(*rsa.PublicKey)
	if !ok || key.N.BitLen() >= fair {
		return ""
	}
	return fmt.Sprintf("the certificate's RSA key has only %d bits", key.N.BitLen())
}
