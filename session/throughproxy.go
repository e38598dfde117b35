package session

import (
	"context"
	"crypto/tls"
	"net"

	"sonde/session/proxy"
)

// throughProxy makes a connection to the proxy of the route and, for all but
// plain http over an http proxy, asks it for one to the origin.
func (d *dialing) throughProxy(ctx context.Context) (net.Conn, *Error) {
	o := d.key.origin
	conn, cost, err := d.key.proxy.Dial(ctx, net.JoinHostPort(o.Host, o.Port), proxy.Options{
		Tunnel:    !d.key.proxy.Forwards(o.Scheme),
		Dial:      proxy.Dialer(d.s.dialFunc()),
		TLS:       d.proxyTLS,
		UserAgent: d.s.options.UserAgent,
		Now:       d.s.options.Now,
	})
	d.cost.DNS, d.cost.Connect, d.cost.Proxy = cost.DNS, cost.Connect, cost.Proxy
	if err != nil {
		return nil, d.proxyError(err)
	}
	return conn, nil
}

// proxyTLS returns how the certificate of an https proxy is checked: as that of
// any other server, by what holds for its own origin, but nobody's client certificate is shown to it.
func (d *dialing) proxyTLS(host string) (*tls.Config, error) {
	v := route{key: poolKey{origin: Origin{Scheme: "https", Host: host, Port: d.key.proxy.Port}}}
	d.s.routeTLS(&v, nil, nil)
	config, err := d.s.tlsConfig(v.key)
	if err != nil {
		return nil, err
	}
	return config, nil
}
