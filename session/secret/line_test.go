package secret

import (
	"slices"
	"strings"
	"testing"
)

// lineCases are typed lines and what is left of them. C stands for the secret,
// and for the Mask in what is wanted.
var lineCases = [...]struct{ name, line, want string }{
	{"auth", "auth jdoe C", ""},
	{"auth basic", "auth basic jdoe C", ""},
	{"auth digest", "auth digest jdoe C", ""},
	{"auth quoted", `auth basic jdoe "C"`, ""},
	{"auth quoted blanks", `auth basic jdoe 'a C b'`, `auth basic jdoe 'C'`},
	{"auth open quote", `auth basic jdoe "C x`, "auth basic jdoe C"},
	{"auth bar", `auth basic jdoe C|C > C`, "auth basic jdoe C"},
	{"auth words", `auth basic jdoe a C # b`, "auth basic jdoe C # C"},
	{"auth note", "auth jdoe C # C", ""},
	{"auth note for a secret", "auth bearer #C", ""},
	{"auth note with an apostrophe", "auth jdoe C # don't", "auth jdoe C # C"},
	{"auth for, note", "auth bob C for http://B # C", ""},
	{"auth quoted for, note", `auth bob "a C" for http://B #C`, `auth bob "C" for http://B #C`},
	{"auth quoted number sign", `auth bob "a # C" for http://B`, `auth bob "C" for http://B`},
	{"auth reference note", "auth bearer env:TOKEN for http://B # a note", ""},
	{"auth off note", "auth off # a note", ""},
	{"auth continued", "auth basic jdoe \\\nC", ""},
	{"auth bearer", "auth bearer C", ""},
	{"auth swapped", "auht jdoe C", ""},
	{"auth short", "uth jdoe C", ""},
	{"auth short at the end", "aut basic jdoe C", ""},
	{"auth long", "autht jdoe C", ""},
	{"auth changed", "aurh bearer C", ""},
	{"login", "login jdoe C", ""},
	{"auth upper", "AUTH Bearer C", ""},
	{"auth for", "auth bearer C for https://api.test:8443", ""},
	{"auth for localhost", "auth jdoe C for localhost", ""},
	{"auth not for", "auth bearer a for C", "auth bearer C"},
	{"auth missing for", "auth basic jdoe for https://api.test", ""},
	{"auth apikey", "auth apikey X-Api-Key C", ""},
	{"auth apikey param", "auth apikey api_key== C", ""},
	{"auth apikey joined", "auth apikey api_key==C", ""},
	{"auth apikey header", "auth apikey X-Api-Key:C", ""},
	{"auth user:pass", "auth basic jdoe:C", ""},
	{"auth oauth2", "auth oauth2 https://h/token my-app C scope read:user", ""},
	{"auth oauth2 named", "auth oauth2 client_id=x client_secret=C --client-secret C", ""},
	{"auth oauth2 client", "auth oauth2 client my-app C token=https://h.test/token auth=post scope=read:user", ""},
	{"auth oauth2 issuer", `auth oauth2 code my-app C issuer=https://h.test scope="a b" for https://api.test`, ""},
	{"auth oauth2 public", "auth oauth2 device my-app issuer=https://h.test audience=api", ""},
	{"auth oauth2 ask", "auth oauth2 client my-app ask issuer=https://h.test", ""},
	{"auth oauth2 padded", "auth oauth2 client my-app C== issuer=https://h.test", "auth oauth2 client my-app C issuer=https://h.test"},
	{"auth oauth2 equals", "auth oauth2 client my-app a=C issuer=https://h.test", "auth oauth2 client my-app C issuer=https://h.test"},
	{"auth oauth2 grant as client", "auth oauth2 client device C issuer=https://h.test", ""},
	{"auth oauth2 late", "auth oauth2 client my-app issuer=https://h.test C", ""},
	{"auth oauth2 slip", "auth oauth2 token=C auth=C", ""},
	{"auth oauth2 userinfo", "auth oauth2 client my-app C token=https://u:C@h.test/t?api_key=C", ""},
	{"auth oauth2 reference", "auth oauth2 client my-app env:SECRET issuer=https://h.test", ""},
	{"auth oauth2 as", "@bob auth oauth2 client my-app C token=https://h.test/token", ""},
	{"auth digest reference", "auth digest jdoe keyring:api", ""},
	{"auth digest as", "@bob auth digest jdoe C for https://h.test", ""},
	{"auth apikey colon", "auth apikey X-Api-Key: C", ""},
	{"auth apikey keyring", "auth apikey api_key== keyring:api", ""},
	{"auth apikey after", "after auth apikey X-Api-Key C", ""},
	{"auth netrc", "auth netrc for https://h.test", ""},
	{"auth as", "@alice auth bearer C", ""},
	{"auth as as", "@alice @bob auth jdoe C", ""},
	{"cookie as", "@alice cookie sid=C for https://h.test", ""},
	{"as", "as alice", ""},
	{"session save", "session save token", ""},
	{"auth after", "after auth bearer C", ""},
	{"auth each", "each .[] | .x do auth bearer C", ""},
	{"auth each twice", "each .do do do auth bearer C", ""},
	{"auth until", "until .ok do post /login password=C every 2s for 1m", ""},
	{"auth bench", "bench 10 get /x X-Api-Key:C", ""},
	{"auth commented", "# auth bearer C", ""},
	{"auth indented", "  auth bearer C", ""},
	{"reference env", "auth basic jdoe env:TOKEN", ""},
	{"reference file", "auth bearer file:~/token for https://h.test", ""},
	{"reference run", "auth bearer run:pass show api", ""},
	{"reference keyring", "auth apikey X-Api-Key keyring:api", ""},
	{"reference tail", "auth bearer env:TOKEN C", ""},
	{"template", "auth bearer {{.token}}", ""},
	{"template blanks", `auth bearer {{.a | .b}}`, ""},
	{"template header", "Authorization: Bearer {{.token}}", ""},
	{"template pair", "get /x Authorization:{{user}}:{{pass}}", ""},
	{"template item", "post /x password={{.pw}} token:={{.t}}", ""},
	{"template query", "get /x?token={{.t | .u}}&a=1", ""},
	{"template userinfo", "get http://u:{{.pw}}@h/", ""},
	{"template mixed", "auth bearer C{{.token}}", "auth bearer C"},
	{"show", "auth", ""},
	{"off", "auth off", ""},

	{"sticky", "Authorization: Bearer C", ""},
	{"sticky unknown scheme", "Authorization: Weird C", "Authorization: C"},
	{"sticky blanks", "X-Api-Key:  a C b  ", "X-Api-Key:  C  "},
	{"sticky for", "X-Api-Key: C for https://h.test", ""},
	{"sticky cookie", "Cookie: sid=C; theme=C", ""},
	{"sticky quoted", `X-Auth: "C"`, ""},
	{"sticky drop", "Authorization:", ""},
	{"sticky param", "token==C", ""},
	{"sticky param for", "api_key==C for https://h.test", ""},
	{"sticky param code", "code==C", ""},
	{"sticky lower", "authorization: basic C", ""},
	{"sticky as", "@bob X-Token: C", ""},
	{"host and port", "auth.test:8080/x", ""},
	{"header", "header X-Api-Key:C", ""},
	{"header blank", "header Authorization: Bearer C", ""},
	{"header equals", "header Authorization=C", ""},
	{"header two words", "header X-Api-Key C", ""},
	{"header delete", "header -d X-Api-Key", ""},
	{"param", "param token==C", ""},
	{"param equals", "param token=C", ""},
	{"param two words", "param api_key C", ""},
	{"param detached", "param token== C", ""},
	{"cookie", "cookie theme=C", ""},
	{"cookie quoted", `cookie "theme=C"`, ""},
	{"cookie quoted single", `cookie 'theme=C'`, ""},
	{"header quoted", `header "X-Secret: C"`, ""},
	{"header quoted single", `header 'X-Secret: C'`, ""},
	{"header quoted scheme", `header "Authorization: Bearer C"`, ""},
	{"header quoted cookies", `header "Cookie: sid=C; theme=C"`, ""},
	{"header quoted open quote", `header "X-Secret: 'C"`, `header "X-Secret: C"`},
	{"item quoted open quote", `get /x "X-Api-Key:'C"`, `get /x "X-Api-Key:C"`},
	{"header quoted name", `header "X-Secret:"C`, ""},
	{"header quoted value", `header X-Secret: "a C"`, `header X-Secret: "C"`},
	{"header quoted for", `header "X-Secret: C" for https://h.test`, ""},
	{"header quoted for, note", `header 'X-Secret: C' for https://h.test # C`, ""},
	{"header quoted more", `header "X-Secret: C" C`, ""},
	{"header open quote", `header "X-Secret: C`, ""},
	{"header for, note", "header X-Key: C for https://h.test # C", ""},
	{"param quoted", `param "token==a C"`, `param "token==C"`},
	{"param quoted single", `param 'token=C'`, ""},
	{"param for, note", "param token==C for https://h.test # C", ""},
	{"cookie for, note", "cookie sid=C for https://h.test # C", ""},
	{"sticky quoted line", `"X-Key: C"`, ""},
	{"sticky param quoted line", `'token==a C'`, `'token==C'`},
	{"sticky param more", "token==C {{", "token==C C"},
	{"sticky for, note", "X-Key: C for https://h.test # C", ""},
	{"sticky for, no note", "X-Key: C for https://h.test #", ""},
	{"sticky note", "X-Key: C # C", ""},
	{"sticky note alone", "X-Key: #C", ""},
	{"sticky no note", "X-Key: a#C", "X-Key: C"},
	{"sticky reference note", "X-Key: env:TOKEN # a note", ""},
	{"sticky scheme note", "Authorization: Bearer C # C", ""},
	{"sticky quoted note", `X-Auth: "a # C" # C`, `X-Auth: "C" # C`},
	{"cookie for", "cookie sid=C for https://h.test", ""},
	{"cookie delete", "cookie -d sid", ""},
	{"proxy", "proxy http://jdoe:C@proxy.test:3128", ""},
	{"proxy no scheme", "proxy jdoe:C@proxy.test:3128", ""},
	{"base", "base https://jdoe:C@h.test/v1", ""},

	{"item header", "get /x X-Api-Key:C", ""},
	{"item header quoted", `get /x "Authorization: Bearer C" a=1`, ""},
	{"item header value quoted", `get /x Authorization:"Bearer C" a=1`, ""},
	{"item header detached", "get /x X-Api-Key: C", ""},
	{"item header scheme detached", "get /x Authorization: Bearer C a=1", ""},
	{"item header pair", "get /x X-Api-Key: id:C", "get /x X-Api-Key: C"},
	{"item header equals", "get /x X-Api-Key: a=C b=1", "get /x X-Api-Key: C b=1"},
	{"item header scheme pair", "get /x Authorization:Bearer a=C", "get /x Authorization:Bearer C"},
	{"item header quoted blank", `get /x "X-Key: C"`, ""},
	{"item header note", "get /x Authorization: # a note", ""},
	{"item header note tight", "get /x X-Key: #C", ""},
	{"item header heredoc", "post /x X-Key: <<END\na\nEND", ""},
	{"item header scheme", "get /x Authorization:Bearer C", ""},
	{"item header padded", "get /x X-Api-Key: C==", "get /x X-Api-Key: C"},
	{"item header unset", "get /x X-Api-Key: page==2", ""},
	{"item cookie", "get /x Cookie:sid=C; theme=C", ""},
	{"item param", "get /x token==C", ""},
	{"item field", "post /x user=jdoe password=C", ""},
	{"item field quoted", `post /x 'password=a C'`, `post /x 'password=C'`},
	{"item field value quoted", `post /x password="a C"`, `post /x password="C"`},
	{"item field amp", `post /x password=a&C`, `post /x password=C`},
	{"item field escaped", `post /x password=\"C`, `post /x password=C`},
	{"item field escaped in quotes", `post /x "password=\"C" a="\"b"`, `post /x "password=C" a="\"b"`},
	{"item field apostrophe", `post /x password='it'\''s C'`, `post /x password='C'`},
	{"item raw", "post /x pin:=1234C", "post /x pin:=C"},
	{"item raw json", `post /x token:={"a": "b C"}`, "post /x token:=C"},
	{"item nested", "post /x user[password]=C", ""},
	{"item camel", "post /x accessToken=C", ""},
	{"item file", "post /x password=@pw.txt key@id_rsa", ""},
	{"item send", "send PURGE /x X-Token:C", ""},
	{"bare target", "/x?token=C&page=2", ""},
	{"query", "get /x?page=2&access_token=C#frag", ""},
	{"query escaped", `get /x?token=C\ b`, `get /x?token=C`},
	{"query quoted", `get "/x?token=C|C&a=b c"`, `get "/x?token=C&a=b c"`},
	{"query fragment", "get '/cb#access_token=C&a=1'", ""},
	{"query code", "get '/cb?code=C&state=1'", ""},
	{"userinfo", "get http://jdoe:C@h.test/x", ""},
	{"userinfo slash", "get http://jdoe:a/C@h.test/x", "get http://jdoe:C@h.test/x"},
	{"userinfo at", "get http://jdoe:a@C@h.test/x", "get http://jdoe:C@h.test/x"},
	{"userinfo blank", `get "http://u:C @h/"`, `get "http://u:C@h/"`},
	{"userinfo blank escaped", `get http://u:a\ C@h/`, `get http://u:C@h/`},
	{"userinfo blank quoted", `get http://u:"a C"@h/`, `get http://u:"C"@h/`},
	{"userinfo blank option", `get /x --proxy="http://u:a C@h"`, `get /x --proxy="http://u:C@h"`},
	{"not userinfo blank", `post /x note="see http://h:80/ or me@h"`, ""},
	{"not userinfo json", `post /x {"a":"http://h:80","b":"me@h"}`, ""},
	{"userinfo no scheme", "get jdoe:C@h.test/x", ""},
	{"not userinfo", "get http://localhost:8080/@jdoe", ""},
	{"not userinfo header", "get /x From:jdoe@h.test", ""},
	{"option", "get /x -u jdoe:C", ""},
	{"option httpie", "get /x -a jdoe:C", ""},
	{"raw", "post /x --raw 'a=1&password=C&b=2'", ""},
	{"raw text", "post /x --raw 'password=a C'", "post /x --raw 'password=C'"},
	{"raw json", `post /x --raw '{"password": "C"}'`, ""},
	{"json", `post /x {"a": 1, "password": "a C", "b": 2}`, `post /x {"a": 1, "password": "C", "b": 2}`},
	{"json number", `post /x {"token": 123C}`, `post /x {"token": C}`},
	{"json list", `post /x {"password": ["C", "C"]}`, ""},
	{"json object", `post /x {"secret": {"id": "C", "b": {"c": "C"}}}`, ""},
	{"json template", `post /x {"token": {{.t}}, "password": "{{.p}}"}`, ""},
	{"json unquoted name", `post /x {password: "C"}`, ""},
	{"json in json", `post /x {"a": "{\"password\": \"C\", \"b\": 1}"}`, ""},
	{"json in field", `post /x a:='{"password":"C"}'`, ""},
	{"json split", "post /x {\n  \"password\":\n    \"C\"\n}", ""},
	{"heredoc json", "post /x <<END\n{\"user\": \"it's\",\n \"password\": \"C\"}\nEND", ""},
	{"heredoc form", "post /x <<END\nuser=it's&password=a C\nEND", "post /x <<END\nuser=it's&password=C\nEND"},
	{"heredoc yaml", "post /x <<END\nuser: o'hara\n- password: C\nEND", ""},
	{"heredoc header", "post /x <<END\nit's\nAuthorization: Bearer C\nEND", ""},

	{"shell user", "! curl -u jdoe:C https://h.test", ""},
	{"shell user then more", "!curl -u u:C; exit 3", ""},
	{"shell user behind", "!curl -u u:C& wait", ""},
	{"shell user quoted sign", "!curl -u 'u:C;' h", "!curl -u 'u:C' h"},
	{"shell user joined", "!curl -ujdoe:C https://h.test", ""},
	{"shell user long", "! curl --user=jdoe:C https://h.test", ""},
	{"shell header", "! curl -H 'Authorization: Bearer C' https://h.test", ""},
	{"shell header joined", `! curl -H"X-Api-Key: C" https://h.test`, ""},
	{"shell cookie", "! curl -b 'sid=C; theme=C' https://h.test", ""},
	{"shell data", "! curl -d 'user=x&password=C' https://h.test", ""},
	{"shell json", `! curl -d '{"password":"C"}' https://h.test`, ""},
	{"shell bearer", "! curl --oauth2-bearer C https://h.test", ""},
	{"shell option", "! tool --token C --password=C", ""},
	{"shell environment", "! TOKEN=C tool", ""},
	{"shell httpie", "! http -A bearer -a C :/x", ""},
	{"shell inner", `! sh -c 'curl -u jdoe:C h.test'`, ""},
	{"shell inner header detached", `! sh -c "http h X-Key: C" X-Key: C`, ""},
	{"shell inner header", `! sh -c "curl -H 'Authorization: Bearer C' h.test"`, ""},
	{"shell variable", `! curl -H "Authorization: Bearer $TOKEN" --token $TOKEN`, ""},
	{"shell literal dollar", `! curl -H 'Authorization: Bearer $C' h`, `! curl -H 'Authorization: Bearer C' h`},
	{"shell variable json", `! curl -d "{\"token\": \"$TOKEN\"}" -d '{"token": "'$TOKEN'"}' h`, ""},
	{"shell literal json", `! curl -d '{"token": "$C"}' h`, `! curl -d '{"token": "C"}' h`},
	{"dollar json", `post /x {"token": "$C"} password=$C`, `post /x {"token": "C"} password=C`},
	{"shell sort", "! sort --key=2 -k 3 | uniq -c", ""},
	{"shell stage", "get /x | ! curl -u jdoe:C h.test", ""},
	{"curl", `curl -X POST https://h.test/x?token=C -u jdoe:C -H "X-Api-Key: C" --data-raw 'password=C'`, ""},
	{"curl lines", "curl https://h.test \\\n  -H 'Authorization: Bearer C' \\\n  -u 'jdoe:C'", ""},

	{"let", `let token = "C"`, ""},
	{"let number", "let pin = 123C", "let pin = C"},
	{"let bare", "let password = C", ""},
	{"let note", "let password = C # C", ""},
	{"let string note", `let token = "C" # it's`, ""},
	{"let joined", `let token="C"`, ""},
	{"let sum", `let token = "C" + "C"`, ""},
	{"let request", "let t = post /login password=C | .token", ""},
	{"let path", "let token = .access_token", ""},
	{"let variable", "let token = $r1.body.token", ""},
	{"let other", `let page = "C"`, `let page = "c4n4ry-7h1ng"`},
	{"let call", `let token = header("x-token")`, ""},
	{"auth oauth2 flow", "auth oauth2 client_credentials https://h/token my-app C", ""},
	{"item raw true", "post /x key:=true token:=null", ""},
	{"shell word", "! ls -l key: && echo done", ""},
	{"jq compare", `.[] | select(.password == "C")`, ""},
	{"jq key", `.[] | select(.key == "name") | {key: "a"}`, ""},
	{"jq key tight", `map(select(.key=="name"))`, ""},
	{"jq object", `get /x | {token: .t, key: .k}`, ""},
	{"expect", `expect .token == "C"`, ""},
	{"shape", "docs ghp_0123456789abcdefghij", "docs C"},
	{"ask", "ask -s token Your token: please", ""},
	{"plain", "get /users/1 Accept:text/html page==2 name=jdoe | .author", ""},
	{"export", "export curl", ""},
	{"empty", "", ""},
}

// A masked line is split into words as the line was, in the same quotes. Only
// what would be no right line anyway, and values that are more than one word by
// the grammar, are masked as one.
func TestLineKeepsWords(t *testing.T) {
	for _, test := range lineCases {
		switch test.name {
		case "auth open quote", "auth bar", "auth words", "auth not for", "auth note with an apostrophe",
			"sticky unknown scheme", "sticky blanks", "heredoc form":
			continue
		}
		line := placeholder(test.line, canary)
		masked := Line(line)
		if got, want := wordFrames(masked), wordFrames(line); !slices.Equal(got, want) {
			t.Errorf("%s: Line(%q) = %q\n got words in %q\nwant words in %q", test.name, line, masked, got, want)
		}
	}
}

// wordFrames gives of each word of line the quotes it begins and ends with. A
// word that begins a comment ends the line.
func wordFrames(line string) []string {
	var frames []string
	words, _ := split(line, 0, len(line))
	for _, w := range words {
		frame := ""
		for _, i := range [...]int{w.from, w.to - 1} {
			if c := line[i]; c == '"' || c == '\'' {
				frame += string(c)
			}
		}
		if line[w.from] == '#' && w.from > 0 {
			return append(frames, "#")
		}
		frames = append(frames, frame)
	}
	return frames
}

const canary = "c4n4ry-7h1ng"

func TestLinePlaces(t *testing.T) {
	for _, test := range lineCases {
		t.Run(test.name, func(t *testing.T) {
			want := test.want
			if want == "" {
				want = test.line
			}
			put := func(s, secret string) string {
				// C between letters is part of a word, not the place.
				return placeholder(s, secret)
			}
			line := put(test.line, canary)
			want = put(want, Mask)
			got := Line(line)
			if got != want {
				t.Errorf("Line(%q)\n got %q\nwant %q", line, got, want)
			}
			if again := Line(got); again != got {
				t.Errorf("Line(%q)\n got %q, not itself", got, again)
			}
		})
	}
}

// Repetitions that could be read in exponentially many ways, or in many steps
// each: they would take minutes, and the test as a whole would not end.
func TestRepetitionIsFast(t *testing.T) {
	for _, unit := range []string{
		"each do ", "let a=", "do ", "| ! ", "{", "[ ", "{{", `{"key":[`, `"token":{`, "X-Key: ", "=", ": ", `"`, `\`,
		"after ", "-c ' ", "' -c \" ", "a:'", `"X-Key:`, "Authorization: Bearer ", "do token==C ", `do header "X-Key: a" `, "do X-Key: #a ", `"\"token\":'"`, "token=", "://a:", "://a:b@", "eyJaaaaaaa.",
	} {
		Line(strings.Repeat(unit, 2048))
		text := strings.Repeat(unit, 1<<15)
		JSON([]byte(text))
		MaskShapes(text)
		Header("Location", text)
	}
}

// placeholder puts secret in the place of every C in s that is not in a longer
// word in capitals.
func placeholder(s, secret string) string {
	var out strings.Builder
	for i := range len(s) {
		upper := func(i int) bool { return i >= 0 && i < len(s) && 'A' <= s[i] && s[i] <= 'Z' }
		lower := i+1 < len(s) && 'a' <= s[i+1] && s[i+1] <= 'z'
		if s[i] == 'C' && !upper(i-1) && !upper(i+1) && !lower {
			out.WriteString(secret)
		} else {
			out.WriteByte(s[i])
		}
	}
	return out.String()
}
