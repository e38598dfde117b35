package sessiontest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"time"
)

// An answer is a file of the server, read.
type answer struct {
	drop, hangUp, raw, expand bool
	delay                     time.Duration
	pace                      time.Duration // between lines of the body; 0: all at once
	head                      []byte        // status line and fields with CRLF; all of them for raw
	body                      []byte
	chunked                   bool // the body goes in chunks
}

// parseAnswer reads a file that answers a request of a method. Its variables
// are those of #expand.
func parseAnswer(file []byte, method string, vars map[string]string) (*answer, error) {
	a := &answer{}
	for bytes.HasPrefix(file, []byte("#")) {
		line, rest, _ := bytes.Cut(file, []byte("\n"))
		if err := a.directive(strings.TrimSpace(string(line))); err != nil {
			return nil, err
		}
		file = rest
	}
	if a.expand {
		file = expand(file, vars)
	}
	if a.raw {
		a.head, a.hangUp = file, true
		return a, nil
	}
	if a.drop {
		return a, nil
	}
	return a, a.message(file, method)
}

// directive takes one of the lines that start a file.
func (a *answer) directive(line string) error {
	word, arg, _ := strings.Cut(line, " ")
	var err error
	switch word {
	case "#drop":
		a.drop = true
	case "#close":
		a.hangUp = true
	case "#raw":
		a.raw = true
	case "#expand":
		a.expand = true
	case "#delay":
		a.delay, err = time.ParseDuration(arg)
	case "#lines":
		a.pace, err = time.ParseDuration(arg)
	default:
		return fmt.Errorf("no directive %s", word)
	}
	if err == nil && arg != "" && word != "#delay" && word != "#lines" {
		return fmt.Errorf("text after %s: %s", word, arg)
	}
	return err
}

// expand replaces $NAME for each of the variables, longer names first.
func expand(file []byte, vars map[string]string) []byte {
	names := make([]string, 0, len(vars))
	for name := range vars {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		if len(names[i]) != len(names[j]) {
			return len(names[i]) > len(names[j])
		}
		return names[i] < names[j]
	})
	var pairs []string
	for _, name := range names {
		pairs = append(pairs, "$"+name, vars[name])
	}
	return []byte(strings.NewReplacer(pairs...).Replace(string(file)))
}

// message reads the response that a file holds, informational ones in front
// included, and completes its head.
func (a *answer) message(file []byte, method string) error {
	var out bytes.Buffer
	for {
		lines, body := cutHead(file)
		status, err := statusOf(lines)
		if err != nil {
			return err
		}
		interim := status/100 == 1 && status != 101
		if !interim {
			lines = a.complete(lines, body, status, method)
		}
		for _, line := range lines {
			out.WriteString(line)
			out.WriteString("\r\n")
		}
		out.WriteString("\r\n")
		a.head = out.Bytes()
		if !interim {
			return nil
		}
		file = body
	}
}

// complete frames the body of a response and says so in its head.
func (a *answer) complete(lines []string, body []byte, status int, method string) []string {
	bodiless := status < 200 || status == 204 || status == 304
	closes := strings.EqualFold(fieldOf(lines, "Connection"), "close")
	coding := fieldOf(lines, "Transfer-Encoding")
	if !bodiless && !closes && coding == "" && fieldOf(lines, "Content-Length") == "" {
		lines = append(lines, fmt.Sprintf("Content-Length: %d", len(body)))
	}
	a.hangUp = a.hangUp || closes || strings.HasPrefix(lines[0], "HTTP/1.0")
	if !bodiless && method != "HEAD" {
		a.body = body
		a.chunked = strings.EqualFold(coding, "chunked")
	}
	return lines
}

// cutHead splits a message after its first blank line.
func cutHead(file []byte) (lines []string, body []byte) {
	for len(file) > 0 {
		line, rest, _ := bytes.Cut(file, []byte("\n"))
		file = rest
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(line) == 0 {
			break
		}
		lines = append(lines, string(line))
	}
	return lines, file
}

// statusOf is the status code in the first line of a head.
func statusOf(lines []string) (int, error) {
	if len(lines) == 0 {
		return 0, fmt.Errorf("no response head")
	}
	var minor, status int
	if _, err := fmt.Sscanf(lines[0], "HTTP/1.%1d %3d", &minor, &status); err != nil || status < 100 {
		return 0, fmt.Errorf("no status line: %q", lines[0])
	}
	return status, nil
}

// failure is an answer the server makes up itself.
func failure(status, message string) *answer {
	body, err := json.Marshal(map[string]string{"error": message})
	if err != nil {
		panic(err) // strings always have JSON
	}
	body = append(body, '\n')
	head := fmt.Sprintf("HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", status, len(body))
	return &answer{head: []byte(head), body: body}
}
