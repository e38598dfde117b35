package render

import (
	"io"
	"testing"
	"time"
)

// flaky is an exchange with a second attempt and a redirect through a proxy.
func flaky() []WaterfallRow {
	return []WaterfallRow{
		{Request: "GET /flaky", Code: 502, Reason: "Bad Gateway", New: true,
			Parts: Parts{DNS: 4 * ms, Connect: 12 * ms, TLS: 31 * ms, Send: ms / 10, Wait: 40 * ms, Body: ms}},
		{Request: "GET /flaky", Code: 302, Reason: "Found", Pause: 500 * ms,
			Parts: Parts{Send: ms / 20, Wait: 33 * ms, Body: ms / 4}},
		{Request: "GET https://files.example.com/flaky/there", Code: 200, Reason: "OK", New: true,
			Parts: Parts{DNS: 9 * ms, Connect: 14 * ms, Proxy: 20 * ms, TLS: 33 * ms, Send: ms / 10, Wait: 52 * ms, Body: 60 * ms}},
	}
}

func TestWaterfall(t *testing.T) {
	one := []WaterfallRow{{Request: "GET /user", Code: 200, Reason: "OK", Parts: Parts{Send: 20 * us, Wait: 330 * us, Body: 110 * us}}}
	odd := []WaterfallRow{
		{Request: "GET /日本語\x1b[2J/" + hostile, Code: 418, Reason: "I'm \u202e a teapot\r\n", Source: "recording", Parts: Parts{Wait: ms}},
		{Request: "POST /x", New: true, Pause: 90 * time.Second, Parts: Parts{Connect: 10 * time.Second}},
	}
	for _, p := range []picture{
		{"80 columns", `
GET /flaky 502 Bad Gateway · new connection
  DNS       4 ms  █
  TCP      12 ms   ▒▒
  TLS      31 ms     ▓▓▓▓▓▓
  send    0.1 ms           ▏
  wait     40 ms           ░░░░░░░░
  body      1 ms                   ═
pause 500 ms
GET /flaky 302 Found · same connection
  send   0.05 ms                    ▏
  wait     33 ms                    ░░░░░░
  body   0.25 ms                          ▏
GET https://files.example.com/flaky/there 200 OK · new connection
  DNS       9 ms                          ██
  TCP      14 ms                            ▒▒▒
  proxy    20 ms                               ▄▄▄▄
  TLS      33 ms                                   ▓▓▓▓▓▓▓
  send    0.1 ms                                          ▏
  wait     52 ms                                          ░░░░░░░░░░
  body     60 ms                                                    ════════════
  total   810 ms  │0 ms               │100 ms             │200 ms
  500 ms of it pauses, not in the bars
`, func(w io.Writer) error { return Waterfall(w, flaky(), screen(80)) }},
		{"120 columns", `
GET /flaky 502 Bad Gateway · new connection
  DNS       4 ms  █
  TCP      12 ms   ▒▒▒▒
  TLS      31 ms       ▓▓▓▓▓▓▓▓▓▓
  send    0.1 ms                 ▌
  wait     40 ms                  ░░░░░░░░░░░░░
  body      1 ms                               ▏
pause 500 ms
GET /flaky 302 Found · same connection
  send   0.05 ms                               ▏
  wait     33 ms                               ░░░░░░░░░░░
  body   0.25 ms                                          ▏
GET https://files.example.com/flaky/there 200 OK · new connection
  DNS       9 ms                                          ███
  TCP      14 ms                                             ▒▒▒▒▒
  proxy    20 ms                                                  ▄▄▄▄▄▄
  TLS      33 ms                                                        ▓▓▓▓▓▓▓▓▓▓▓
  send    0.1 ms                                                                   ▏
  wait     52 ms                                                                   ░░░░░░░░░░░░░░░░░
  body     60 ms                                                                                    ════════════════════
  total   810 ms  │0 ms           │50 ms           │100 ms         │150 ms          │200 ms         │250 ms
  500 ms of it pauses, not in the bars
`, func(w io.Writer) error { return Waterfall(w, flaky(), screen(120)) }},
		{"40 columns", `
GET /flaky 502 · new connection
  DNS       4 ms  ▏
  TCP      12 ms  ▒
  TLS      31 ms   ▓▓
  send    0.1 ms     ▏
  wait     40 ms     ░░░
  body      1 ms        ▏
pause 500 ms
GET /flaky 302 · same connection
  send   0.05 ms        ▏
  wait     33 ms        ░░░
  body   0.25 ms           ▏
GET https://files… 200 · new connection
  DNS       9 ms           ▏
  TCP      14 ms           ▒
  proxy    20 ms            ▄▄
  TLS      33 ms              ▓▓
  send    0.1 ms                ▏
  wait     52 ms                ░░░░
  body     60 ms                    ════
  total   810 ms  │0 ms         │200 ms
  500 ms of it pauses, not in the bars
`, func(w io.Writer) error { return Waterfall(w, flaky(), screen(40)) }},
		{"one request", `
GET /user 200 OK · same connection
  send   0.02 ms  ▌▌▌
  wait   0.33 ms     ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
  body   0.11 ms                                                 ═══════════════
  total  0.46 ms  │0 ms        │0.1 ms       │0.2 ms      │0.3 ms       │0.4 ms
`, func(w io.Writer) error { return Waterfall(w, one, screen(80)) }},
		{"hostile text, no answer, a huge spread", `
GET /日本語\x1b[2J/\x1b]0;t\x07\x1b]52;c;e… 418 I'm \u202e a teapot… · recording
  wait         1 ms  ▏
pause 1 min 30 s
POST /x no answer · new connection
  TCP          10 s  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
  total  1 min 40 s  │0 ms       │2 s        │4 s       │6 s        │8 s
  1 min 30 s of it pauses, not in the bars
`, func(w io.Writer) error { return Waterfall(w, odd, screen(80)) }},
	} {
		p.check(t)
	}
}

func TestWaterfallColour(t *testing.T) {
	row := WaterfallRow{Request: "GET /", Code: 404, New: true, Parts: Parts{Connect: ms, Wait: 3 * ms}}
	picture{"colour", `
GET / ␛[31m404␛[0m␛[2m · new connection␛[0m
  TCP    1 ms  ␛[33m▒▒▒▒▒▒␛[0m
  wait   3 ms        ░░░░░░░░░░░░░░░░░░░
  ␛[2mtotal␛[0m  ␛[2m4 ms␛[0m  ␛[2m│0 ms␛[0m        ␛[2m│2 ms␛[0m
`, func(w io.Writer) error { return Waterfall(w, []WaterfallRow{row}, colourScreen()) }}.check(t)
}
