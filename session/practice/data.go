package practice

import (
	"hash/fnv"
	"strings"
	"time"
)

// mainLogin is the account that plain bearer tokens belong to.
const mainLogin = "jdoe"

// mainRepositories is how many repositories jdoe and everybody who logs in
// under a new name has: enough for a second page.
const mainRepositories = 47

// account is the fixed part of a user.
type account struct {
	login    string
	name     string
	bio      string
	location string
	repos    int // how many repositories
	offset   int // where in the catalogue they begin, after hello-world
}

// accounts are the users that always exist.
func accounts() []account {
	return []account{
		{mainLogin, "Jordan Doe", "Collects small programs and large teapots.", "Lower Fenwick", mainRepositories, 0},
		{"avelora", "Ada Velora", "Maps of places that are not there.", "Port Sorrel", 12, 5},
		{"bnimbus", "Bo Nimbus", "Weather, mostly.", "Cloudbury", 3, 11},
		{"okestrel", "Odo Kestrel", "", "", 31, 17},
		{"tquill", "Tamsin Quill", "Writes the manual first.", "Inkwell-on-Sea", 8, 23},
		{"yhoshi", "Yuki Hoshi · 星ゆき", "Sterne, étoiles, 星 ✨", "Kita-Nowhere", 19, 29},
		{"zwinter", "Zoë Winter", "Naïve façades, déjà vu.", "Ödfjord", 1, 37},
	}
}

// accountOf is the account of a login, whether it exists yet or not: a new one
// has what jdoe has, so that a lesson works under any name.
func accountOf(login string) account {
	for _, a := range accounts() {
		if a.login == login {
			return a
		}
	}
	return account{login: login, name: login, repos: mainRepositories}
}

// catalogue is the names of the repositories after hello-world.
func catalogue() []string {
	return strings.Fields(`
		amber-lantern brisk-otter copper-kettle dapper-newt early-harbour fennel-press
		gentle-gears hollow-reed inkpot jolly-semaphore kelp-index lumen-board
		mossy-cache nettle-parse orchard-bot paper-tram quiet-queue rusty-compass
		salt-ledger thimble-db umbra-clock velvet-router willow-schema xenon-grid
		yarrow-notes zephyr-mail acorn-store birch-lint cinder-log drift-meter
		ember-proxy fathom-chart garnet-diff hazel-forms islet-sync juniper-test
		kite-string loam-build marble-run nimble-fork opal-theme pebble-api
		quarry-jobs ripple-view sorrel-docs tidal-pool`)
}

// nameOf is the name of the i-th repository of an account, from 0.
func (a account) nameOf(i int) string {
	if i == 0 {
		return "hello-world"
	}
	names := catalogue()
	return names[(a.offset+i-1)%len(names)]
}

// indexOf finds a repository of the account by name, -1 if there is none.
func (a account) indexOf(name string) int {
	for i := range a.repos {
		if a.nameOf(i) == name {
			return i
		}
	}
	return -1
}

// private reports whether only the account itself may see its i-th repository.
func (a account) private(i int) bool { return i%9 == 4 }

// public counts the repositories that everybody may see.
func (a account) public() int {
	n := 0
	for i := range a.repos {
		if !a.private(i) {
			n++
		}
	}
	return n
}

// id is a number for the account.
func (a account) id() int64 { return 1_000_000 + int64(number(a.login)%8_999_999) }

// repositoryID is an odd number above 2^53: whoever reads it as a double gets
// another one.
func (a account) repositoryID(i int) int64 {
	return 1<<53 + 1 + 2*(a.id()<<8+int64(i))
}

// born is when the account was made; its repositories follow.
func (a account) born() time.Time {
	return time.Date(2019, 3, 1, 9, 0, 0, 0, time.UTC).AddDate(0, 0, int(number(a.login)%500))
}

// number turns text into a number, the same in every run.
func number(text string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(text)) // a hash takes everything
	return h.Sum32()
}

// scramble spreads n over 64 bits (the finisher of SplitMix64, Steele, Lea and
// Flood 2014). It is no secret and need not be.
func scramble(n uint64) uint64 {
	n *= 0x9E3779B97F4A7C15
	n = (n ^ n>>30) * 0xBF58476D1CE4E5B9
	n = (n ^ n>>27) * 0x94D049BB133111EB
	return n ^ n>>31
}

// pick chooses one of some by n.
func pick[T any](n uint32, some ...T) T { return some[int(n)%len(some)] }

// stamp writes a time as the API does (RFC 3339, UTC, whole seconds).
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
