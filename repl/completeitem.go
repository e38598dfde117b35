package repl

import "strings"

// requestWords are paths for the URL; for the items flags, files, header names and
// their values.
func (sh *Shell) requestWords(word string, url bool) []Candidate {
	var out []Candidate
	if url {
		for _, p := range sh.knownPaths() {
			out = appendIf(out, word, p, "", true)
		}
		return out
	}
	if strings.HasPrefix(word, "--") {
		for _, f := range requestFlags() {
			out = appendIf(out, word, f, "", true)
		}
		return out
	}
	if at := strings.IndexByte(word, '@'); at >= 0 && !strings.Contains(word, "==") {
		return behind(word[:at+1], fileCandidates(word[at+1:]))
	}
	if name, value, ok := strings.Cut(word, ":"); ok && name != "" && !strings.HasPrefix(value, "=") {
		return valueCandidates(name, "", value, name+":")
	}
	return headerCandidates(word)
}

// stickyName is the name of the header that a line sets which begins with word, ""
// if it sets none.
func stickyName(word string) string {
	name, _, ok := strings.Cut(word, ":")
	if !ok || strings.ContainsAny(name, "/.@=$([{\"'|\\") {
		return ""
	}
	return name
}

// valueCandidates are the values a header may have that word begins, where before
// was typed of the value already. mark is put before each.
func valueCandidates(name, before, word, mark string) []Candidate {
	if strings.TrimSpace(before) != "" {
		return nil
	}
	var out []Candidate
	for _, v := range headerValues(name) {
		scheme := strings.HasSuffix(v, " ")
		if scheme && mark != "" { // on a request line it would end the word
			continue
		}
		out = appendIf(out, word, strings.TrimSpace(v), aboutValue(v), scheme)
	}
	return behind(mark, out)
}

// aboutValue is what stands beside a value.
func aboutValue(value string) string {
	switch value {
	case "Bearer ":
		return "and a token; better: auth bearer"
	case "Basic ":
		return "and USER:PASSWORD in Base64; better: auth USER"
	case "gzip":
		return "compressed, and undone here"
	case "identity":
		return "not compressed"
	case "no-cache":
		return "asked for anew where it is cached"
	}
	return ""
}

// headerValues are the values a header is likely to be given; one that ends in a
// blank wants more.
func headerValues(name string) []string {
	switch strings.ToLower(name) {
	case "accept":
		return []string{"application/json", "application/xml", "application/problem+json", "text/plain", "text/html", "text/csv", "text/event-stream", "image/png", "*/*"}
	case "content-type":
		return []string{"application/json", "application/x-www-form-urlencoded", "application/merge-patch+json", "application/json-patch+json",
			"application/xml", "application/octet-stream", "multipart/form-data", "text/plain", "text/csv"}
	case "accept-encoding":
		return []string{"gzip", "br", "zstd", "deflate", "identity"}
	case "accept-language":
		return []string{"en", "de", "fr", "es", "*"}
	case "cache-control":
		return []string{"no-cache", "no-store", "max-age=0", "only-if-cached"}
	case "authorization":
		return []string{"Bearer ", "Basic "}
	case "prefer":
		return []string{"return=minimal", "return=representation", "respond-async"}
	}
	return nil
}
