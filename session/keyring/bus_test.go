//go:build linux

package keyring

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

// A bus is a session bus on a socket, and on it a Secret Service, as far as a
// keyring's clients use them. What is not set behaves as an unlocked keyring.
type bus struct {
	listener net.Listener
	address  string

	mu       sync.Mutex
	conns    []net.Conn
	items    map[dbus.ObjectPath]item
	made     int // items ever
	locked   bool
	open     bool // a prompt is answered by unlocking; otherwise it is dismissed
	keeps    bool // what is deleted stays
	nonsense bool // the list of collections is a text
	calls    map[string]int
	fault    func(member string, n int) string // the name of the error to answer call n of a member with; "" none, "silence" no answer
}

type item struct {
	attributes map[string]string
	secret     []byte
}

const login = "/org/freedesktop/secrets/collection/login"

// newBus starts a bus and makes it this process's session bus.
func newBus(t *testing.T) *bus {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	b := &bus{listener: l, address: "unix:path=" + path, items: map[dbus.ObjectPath]item{}, calls: map[string]int{}}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", b.address)
	go b.accept()
	t.Cleanup(func() {
		l.Close()
		disconnect()
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, c := range b.conns {
			c.Close()
		}
	})
	return b
}

// disconnect closes the connection that the library keeps for all calls: the next
// test has a bus of its own.
func disconnect() {
	if conn, err := dbus.SessionBus(); err == nil {
		conn.Close()
	}
}

func (b *bus) accept() {
	for {
		c, err := b.listener.Accept()
		if err != nil {
			return
		}
		b.mu.Lock()
		b.conns = append(b.conns, c)
		b.mu.Unlock()
		go b.serve(c)
	}
}

// serve lets a client in and answers its calls.
func (b *bus) serve(c net.Conn) {
	in := bufio.NewReader(c)
	in.ReadByte() // a zero byte, with the user's id beside it
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch word, rest, _ := strings.Cut(strings.TrimSpace(line), " "); {
		case word == "AUTH" && rest == "":
			fmt.Fprint(c, "REJECTED EXTERNAL\r\n")
		case word == "AUTH":
			fmt.Fprint(c, "OK 0123456789abcdef0123456789abcdef\r\n")
		case word == "BEGIN":
			b.converse(c, in)
			return
		default:
			fmt.Fprint(c, "ERROR\r\n")
		}
	}
}

func (b *bus) converse(c net.Conn, in *bufio.Reader) {
	for {
		call, err := dbus.DecodeMessage(in)
		if err != nil {
			return
		}
		if call.Type != dbus.TypeMethodCall {
			continue
		}
		b.mu.Lock()
		for _, m := range b.handle(call) {
			send(c, m)
		}
		b.mu.Unlock()
	}
}

// send writes a message with a serial, which the library has no setter for.
func send(c net.Conn, m *dbus.Message) {
	if len(m.Body) > 0 {
		m.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(m.Body...))
	}
	var out bytes.Buffer
	if err := m.EncodeTo(&out, binary.LittleEndian); err != nil {
		panic(err)
	}
	binary.LittleEndian.PutUint32(out.Bytes()[8:], 1)
	c.Write(out.Bytes())
}

// handle returns what is to be sent for a call.
func (b *bus) handle(call *dbus.Message) []*dbus.Message {
	member := call.Headers[dbus.FieldMember].Value().(string)
	b.calls[member]++
	if b.fault != nil {
		switch name := b.fault(member, b.calls[member]); name {
		case "":
		case "silence":
			return nil
		default:
			return []*dbus.Message{failure(call, name)}
		}
	}
	path := call.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	if member == "Prompt" {
		return []*dbus.Message{reply(call), b.prompted(path)}
	}
	return []*dbus.Message{b.answer(call, member, path)}
}

func (b *bus) answer(call *dbus.Message, member string, path dbus.ObjectPath) *dbus.Message {
	switch member {
	case "Hello":
		return reply(call, ":1.1")
	case "Get":
		if b.nonsense {
			return reply(call, dbus.MakeVariant("login"))
		}
		return reply(call, dbus.MakeVariant([]dbus.ObjectPath{login}))
	case "OpenSession":
		return reply(call, dbus.MakeVariant(""), dbus.ObjectPath("/session"))
	case "Unlock":
		if b.locked {
			return reply(call, []dbus.ObjectPath{}, dbus.ObjectPath("/prompt"))
		}
		return reply(call, call.Body[0], dbus.ObjectPath("/"))
	case "SearchItems":
		return reply(call, b.search(call.Body[0].(map[string]string)))
	case "CreateItem":
		b.create(call)
		return reply(call, dbus.ObjectPath("/item"), dbus.ObjectPath("/"))
	case "GetSecret":
		it, ok := b.items[path]
		if !ok {
			return failure(call, "org.freedesktop.Secret.Error.NoSuchObject")
		}
		type secret struct {
			Session    dbus.ObjectPath
			Parameters []byte
			Value      []byte
			Type       string
		}
		return reply(call, secret{"/session", []byte{}, it.secret, "text/plain"})
	case "Delete":
		if !b.keeps {
			delete(b.items, path)
		}
		return reply(call, dbus.ObjectPath("/"))
	}
	return reply(call)
}

func (b *bus) search(attributes map[string]string) []dbus.ObjectPath {
	found := []dbus.ObjectPath{}
	for path, it := range b.items {
		if it.attributes["service"] == attributes["service"] && it.attributes["username"] == attributes["username"] {
			found = append(found, path)
		}
	}
	slices.Sort(found)
	return found
}

// create keeps an item in place of the one with the same attributes.
func (b *bus) create(call *dbus.Message) {
	properties := call.Body[0].(map[string]dbus.Variant)
	attributes := properties["org.freedesktop.Secret.Item.Attributes"].Value().(map[string]string)
	maps.DeleteFunc(b.items, func(_ dbus.ObjectPath, it item) bool { return maps.Equal(it.attributes, attributes) })
	b.made++
	path := dbus.ObjectPath(fmt.Sprintf("%s/%d", login, b.made))
	b.items[path] = item{attributes, call.Body[1].([]any)[2].([]byte)}
}

// prompted is what a person's answer to a prompt is told with.
func (b *bus) prompted(path dbus.ObjectPath) *dbus.Message {
	unlocked := []dbus.ObjectPath{}
	if b.open {
		b.locked = false
		unlocked = []dbus.ObjectPath{login}
	}
	return &dbus.Message{Type: dbus.TypeSignal, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldPath:      dbus.MakeVariant(path),
		dbus.FieldInterface: dbus.MakeVariant("org.freedesktop.Secret.Prompt"),
		dbus.FieldMember:    dbus.MakeVariant("Completed"),
		dbus.FieldSender:    dbus.MakeVariant(":1.2"),
	}, Body: []any{!b.open, dbus.MakeVariant(unlocked)}}
}

func reply(call *dbus.Message, body ...any) *dbus.Message {
	return &dbus.Message{Type: dbus.TypeMethodReply, Body: body, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldReplySerial: dbus.MakeVariant(call.Serial()),
	}}
}

func failure(call *dbus.Message, name string) *dbus.Message {
	m := reply(call, "what the daemon says")
	m.Type = dbus.TypeError
	m.Headers[dbus.FieldErrorName] = dbus.MakeVariant(name)
	return m
}

// accounts returns the accounts of our service that are kept, sorted.
func (b *bus) accounts() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []string
	for _, it := range b.items {
		if it.attributes["service"] == service {
			all = append(all, it.attributes["username"])
		}
	}
	slices.Sort(all)
	return all
}

// put keeps an item as another program would.
func (b *bus) put(service, account, secret string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.made++
	path := dbus.ObjectPath(fmt.Sprintf("%s/%d", login, b.made))
	b.items[path] = item{map[string]string{"service": service, "username": account}, []byte(secret)}
}

// fail makes the bus answer so from now on, and counts calls anew.
func (b *bus) fail(fault func(member string, n int) string) {
	b.change(func() {
		b.fault = fault
		clear(b.calls)
	})
}

// change lets f change the bus while it stands still.
func (b *bus) change(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
}

// find returns the item whose account ends so.
func (b *bus) find(end string) (found dbus.ObjectPath) {
	b.change(func() {
		for path, it := range b.items {
			if strings.HasSuffix(it.attributes["username"], end) {
				found = path
			}
		}
	})
	return found
}
