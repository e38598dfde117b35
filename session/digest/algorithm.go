package digest

import (
	"cmp"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"strings"
)

// An algorithm is a hash function and how it makes the key.
type algorithm struct {
	new      func() hash.Hash
	session  bool // the key is bound to the nonces: the name ends in -sess
	strength int  // 0 means that the algorithm is not known
}

func (c Challenge) algorithm() algorithm {
	if !isASCII(c.Algorithm) { // ToUpper makes an S of more than the two esses
		return algorithm{}
	}
	name, session := strings.CutSuffix(strings.ToUpper(cmp.Or(c.Algorithm, "MD5")), "-SESS")
	switch name {
	case "SHA-512-256":
		return algorithm{sha512.New512_256, session, 5}
	case "SHA-512":
		return algorithm{sha512.New, session, 4}
	case "SHA-256":
		return algorithm{sha256.New, session, 3}
	case "SHA":
		return algorithm{sha1.New, session, 2}
	case "MD5":
		return algorithm{md5.New, session, 1}
	}
	return algorithm{}
}

// hash returns the hash, in hexadecimal, of the parts with colons between.
func (a algorithm) hash(parts ...string) string {
	h := a.new()
	h.Write([]byte(strings.Join(parts, ":")))
	return hex.EncodeToString(h.Sum(nil))
}
