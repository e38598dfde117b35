package keyring

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"

	system "github.com/zalando/go-keyring"
)

const (
	maxSecret  = 1 << 20 // bytes
	headPrefix = "sonde secret in parts:"
)

// partSize is how many bytes one entry takes. Windows has room for 2,560
// (CRED_MAX_CREDENTIAL_BLOB_SIZE); on macOS base64 of them and the names share
// a command line of 4,096. The Secret Service knows no limit, its daemons
// rewrite the whole keyring for each entry, so that fewer are better.
func partSize(goos string) int {
	if goos == "windows" || goos == "darwin" {
		return 2048
	}
	return 64 << 10
}

// A head is what the entry of a long secret holds in its place.
type head struct {
	id    string // of this writing: part n is the account "NAME#ID.n"
	count int    // of parts
	sum   string // SHA-256 of the secret, hexadecimal
}

// String is what parseHead reads.
func (h head) String() string {
	return fmt.Sprintf("%s %s %d %s", headPrefix, h.id, h.count, h.sum)
}

// parseHead reports whether value is a head rather than a secret.
func parseHead(value string) (head, bool) {
	rest, ok := strings.CutPrefix(value, headPrefix+" ")
	fields := strings.Split(rest, " ")
	if !ok || len(fields) != 3 {
		return head{}, false
	}
	n, err := strconv.Atoi(fields[1])
	h := head{id: fields[0], count: n, sum: fields[2]}
	return h, err == nil && n >= 0 && n <= maxSecret && h.String() == value
}

// part is the account of part n, counted from 1.
func (e entry) part(h head, n int) string {
	return e.account + "#" + h.id + "." + strconv.Itoa(n)
}

// plain reports whether the entry can hold the secret itself, and read returns
// it so.
func plain(goos, secret string) bool {
	mistaken := strings.HasPrefix(secret, headPrefix) || goos == "windows" && fromUTF16(secret) != secret
	return len(secret) <= partSize(goos) && !mistaken
}

// pack returns what the entry is to hold: the secret itself, or a head, whose
// parts are then in the keyring. The head is also returned with an error, for
// what was written to be removed.
func (e entry) pack(ctx context.Context, secret string) (value string, h head, err error) {
	if plain(runtime.GOOS, secret) {
		return secret, head{}, nil
	}
	h = head{id: rand.Text()[:16], sum: digest(secret)}
	for _, text := range split(secret, partSize(runtime.GOOS)) {
		if err := ctx.Err(); err != nil {
			return "", h, err
		}
		h.count++
		if err := system.Set(e.service, e.part(h, h.count), text); err != nil {
			return "", h, err
		}
	}
	return h.String(), h, nil
}

// join reads the parts.
func (e entry) join(ctx context.Context, h head) (string, error) {
	var b strings.Builder
	for n := 1; n <= h.count; n++ {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		text, err := system.Get(e.service, e.part(h, n))
		if errors.Is(err, system.ErrNotFound) {
			return "", errDamaged
		}
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	if digest(b.String()) != h.sum {
		return "", errDamaged
	}
	return b.String(), nil
}

// drop deletes the parts that are there and returns the first error.
func (e entry) drop(h head) (first error) {
	for n := 1; n <= h.count; n++ {
		err := system.Delete(e.service, e.part(h, n))
		if err != nil && first == nil && !errors.Is(err, system.ErrNotFound) {
			first = err
		}
	}
	return first
}

// split cuts text into pieces of at most size bytes.
func split(text string, size int) []string {
	var parts []string
	for len(text) > size {
		parts = append(parts, text[:size])
		text = text[size:]
	}
	return append(parts, text)
}

func digest(text string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
}
