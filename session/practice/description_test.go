package practice

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// document is what the tests read of the OpenAPI description.
type document struct {
	OpenAPI string
	Servers []struct{ URL string }
	Paths   map[string]map[string]operation
	raw     any
}

type operation struct {
	OperationID string
	Summary     string
	Tags        []string
	Parameters  []any
	Security    *[]map[string][]string
	Responses   map[string]any
}

func describe31(t *testing.T) document {
	t.Helper()
	var d document
	if err := json.Unmarshal([]byte(description), &d); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(description), &d.raw); err != nil {
		t.Fatal(err)
	}
	return d
}

// resolve follows a reference within the document.
func (d document) resolve(v any) map[string]any {
	m, _ := v.(map[string]any)
	ref, ok := m["$ref"].(string)
	if !ok {
		return m
	}
	at := d.raw
	for step := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		at = at.(map[string]any)[step]
	}
	return d.resolve(at)
}

func TestEveryRouteIsDescribed(t *testing.T) {
	d := describe31(t)
	var routes, described []string
	for _, rt := range newServer(Options{}).routes {
		path := strings.ReplaceAll(rt.path, "...}", "}")
		methods := []string{rt.method}
		if rt.method == anyMethod {
			methods = []string{"GET", "PUT", "POST", "PATCH", "DELETE"}
		}
		for _, m := range methods {
			routes = append(routes, m+" "+path)
		}
	}
	for path, ops := range d.Paths {
		for method := range ops {
			described = append(described, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(routes)
	slices.Sort(described)
	for _, r := range routes {
		if !slices.Contains(described, r) {
			t.Errorf("%s is served and not described", r)
		}
	}
	for _, r := range described {
		if !slices.Contains(routes, r) {
			t.Errorf("%s is described and not served", r)
		}
	}
	if len(d.Servers) != 1 || d.Servers[0].URL != "/" || !strings.HasPrefix(d.OpenAPI, "3.1.") {
		t.Errorf("got OpenAPI %s, servers %v, want 3.1 and a relative one", d.OpenAPI, d.Servers)
	}
}

func TestOperationsAreComplete(t *testing.T) {
	d := describe31(t)
	ids := map[string]string{}
	for path, ops := range d.Paths {
		for method, op := range ops {
			where := method + " " + path
			if op.Summary == "" || len(op.Tags) != 1 || len(op.Responses) == 0 || op.Security == nil {
				t.Errorf("%s: want summary, tag, responses and security, got %+v", where, op)
			}
			if before := ids[op.OperationID]; before != "" || op.OperationID == "" {
				t.Errorf("%s: operationId %q is that of %q", where, op.OperationID, before)
			}
			ids[op.OperationID] = where
			var inPath []string
			for _, p := range op.Parameters {
				r := d.resolve(p)
				if r["in"] == "path" {
					inPath = append(inPath, "{"+r["name"].(string)+"}")
				}
				if r["description"] == "" || r["schema"] == nil {
					t.Errorf("%s: parameter without description or schema: %v", where, r)
				}
			}
			for _, name := range inPath {
				if !strings.Contains(path, name) {
					t.Errorf("%s: parameter %s is not in the path", where, name)
				}
			}
			if len(inPath) != strings.Count(path, "{") {
				t.Errorf("%s: got parameters %v", where, inPath)
			}
		}
	}
}

// Real answers must have the statuses and shapes that the description gives.
func TestAnswersMatchDescription(t *testing.T) {
	p, d := start(t), describe31(t)
	cookies, token := logIn(p, "ann")
	const issues = "/repos/{owner}/{repo}/issues"
	const wellKnown = "/.well-known/oauth-authorization-server"
	const form = "Content-Type: application/x-www-form-urlencoded"
	tests := []struct {
		method, target, path, body string
		header                     []string
	}{
		{"GET", "/", "/", "", nil},
		{"GET", "/user", "/user", "", nil},
		{"GET", "/user", "/user", "", []string{asJDoe}},
		{"PATCH", "/user", "/user", `{"bio":null}`, []string{asJDoe}},
		{"PATCH", "/user", "/user", `{"bio":1}`, []string{asJDoe}},
		{"GET", "/user/repos?per_page=100", "/user/repos", "", []string{asJDoe}},
		{"GET", "/users/okestrel", "/users/{login}", "", nil},
		{"GET", "/users/nobody-yet", "/users/{login}", "", nil},
		{"GET", "/users/yhoshi/repos", "/users/{login}/repos", "", nil},
		{"GET", "/repos/jdoe/hello-world", "/repos/{owner}/{repo}", "", nil},
		{"GET", "/repos/jdoe/hello-world/issues?state=all", issues, "", nil},
		{"POST", "/repos/jdoe/hello-world/issues", issues, `{"title":"x"}`, []string{asJDoe}},
		{"POST", "/repos/jdoe/hello-world/issues", issues, `{}`, []string{asJDoe}},
		{"POST", "/repos/jdoe/hello-world/issues", issues, `{`, []string{asJDoe}},
		{"GET", "/repos/jdoe/hello-world/issues/3", issues + "/{number}", "", nil},
		{"PATCH", "/repos/jdoe/hello-world/issues/3", issues + "/{number}", `{"state":"open"}`, []string{asJDoe}},
		{"DELETE", "/repos/jdoe/hello-world/issues/3", issues + "/{number}", "", []string{asJDoe}},
		{"POST", "/login", "/login", `{"user":"bob"}`, nil},
		{"GET", "/private", "/private", "", []string{cookies}},
		{"GET", "/private", "/private", "", nil},
		{"POST", "/private/note", "/private/note", `{"note":"x"}`, []string{cookies, "X-CSRFToken: " + token}},
		{"POST", "/private/note", "/private/note", `{"note":"x"}`, []string{cookies}},
		{"POST", "/logout", "/logout", "", nil},
		{"GET", "/moved", "/moved", "", nil},
		{"POST", "/echo", "/echo", `{"a":1}`, []string{"Content-Type: application/json"}},
		{"PUT", "/echo/x", "/echo/{rest}", "a=b", []string{"Content-Type: application/x-www-form-urlencoded"}},
		{"GET", "/flaky", "/flaky", "", nil},
		{"GET", "/limited", "/limited", "", nil},
		{"GET", "/limited", "/limited", "", nil},
		{"GET", "/drop/idle", "/drop/idle", "", nil},
		{"GET", "/slow", "/slow", "", nil},
		{"GET", "/status/500", "/status/{code}", "", nil},
		{"GET", "/gzip", "/gzip", "", nil},
		{"GET", "/br", "/br", "", nil},
		{"GET", "/zstd", "/zstd", "", nil},
		{"GET", "/digest-auth", "/digest-auth", "", nil},
		{"POST", "/digest-auth?qop=none", "/digest-auth", "", nil},
		{"GET", "/digest-auth", "/digest-auth", "", []string{"Authorization: Digest uri=\"/\""}},
		{"GET", "/api-key?api_key=k", "/api-key", "", nil},
		{"GET", "/api-key", "/api-key", "", nil},
		{"GET", wellKnown, wellKnown, "", nil},
		{"GET", "/.well-known/openid-configuration", "/.well-known/openid-configuration", "", nil},
		{"GET", "/oauth/authorize?client_id=c&redirect_uri=http://127.0.0.1/", "/oauth/authorize", "", nil},
		{"GET", "/oauth/authorize?client_id=c", "/oauth/authorize", "", nil},
		{"POST", "/oauth/token", "/oauth/token", "grant_type=client_credentials&client_id=c&client_secret=s", []string{form}},
		{"POST", "/oauth/token", "/oauth/token", "client_id=c", []string{form}},
		{"POST", "/oauth/token", "/oauth/token", "", []string{form}},
		{"POST", "/oauth/device", "/oauth/device", "client_id=c&scope=a", []string{form}},
		{"POST", "/oauth/device", "/oauth/device", "", nil},
		{"GET", "/oauth/verify", "/oauth/verify", "", nil},
		{"GET", "/oauth/verify?user_code=X", "/oauth/verify", "", nil},
		{"GET", "/lines?n=1", "/lines", "", nil},
		{"GET", "/text", "/text", "", nil},
	}
	for _, tt := range tests {
		got := p.do(tt.method, tt.target, tt.body, tt.header...)
		for _, problem := range d.compare(d.Paths[tt.path][strings.ToLower(tt.method)], got) {
			t.Errorf("%s %s: %d: %s", tt.method, tt.target, got.status, problem)
		}
	}
}

// compare says in what an answer differs from its description.
func (d document) compare(op operation, got answer) []string {
	resp := d.resolve(op.Responses[strconv.Itoa(got.status)])
	if resp == nil {
		resp = d.resolve(op.Responses["default"])
	}
	if resp == nil {
		return []string{"the status is not described"}
	}
	content, _ := resp["content"].(map[string]any)
	if content == nil && got.body == "" {
		return nil
	}
	kind, _, _ := strings.Cut(got.header.Get("Content-Type"), ";")
	media, ok := content[kind].(map[string]any)
	if !ok {
		return []string{"media type " + kind + " is not described"}
	}
	if !strings.HasSuffix(kind, "json") {
		return nil
	}
	var v any
	if err := json.Unmarshal([]byte(got.body), &v); err != nil {
		return []string{err.Error()}
	}
	return d.check(media["schema"], v, "")
}

// check compares a value with the part of JSON Schema that the description
// uses, and takes members that are not described for mistakes.
func (d document) check(schema, v any, at string) (problems []string) {
	s := d.resolve(schema)
	if all, ok := s["allOf"].([]any); ok {
		s = d.merge(all)
	}
	if one, ok := s["oneOf"].([]any); ok {
		for _, o := range one {
			if len(d.check(o, v, at)) == 0 {
				return nil
			}
		}
		return []string{at + ": nothing of oneOf fits"}
	}
	if s["type"] != nil && !typeFits(s["type"], v) {
		return []string{fmt.Sprintf("%s: got %T, want %v", at, v, s["type"])}
	}
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, v) {
		problems = append(problems, fmt.Sprintf("%s: got %v, want one of %v", at, v, enum))
	}
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			problems = append(problems, d.check(s["items"], item, fmt.Sprintf("%s.%d", at, i))...)
		}
	case map[string]any:
		problems = append(problems, d.checkObject(s, v, at)...)
	}
	return problems
}

func (d document) merge(all []any) map[string]any {
	props, required := map[string]any{}, []any{}
	for _, part := range all {
		s := d.resolve(part)
		maps.Copy(props, s["properties"].(map[string]any))
		required = append(required, s["required"].([]any)...)
	}
	return map[string]any{"type": "object", "properties": props, "required": required}
}

func (d document) checkObject(s, v map[string]any, at string) (problems []string) {
	required, _ := s["required"].([]any)
	for _, name := range required {
		if _, ok := v[name.(string)]; !ok {
			problems = append(problems, at+"."+name.(string)+" is missing")
		}
	}
	props, described := s["properties"].(map[string]any)
	for name, value := range v {
		schema, known := props[name]
		if !known {
			schema, known = s["additionalProperties"]
		}
		if described && !known {
			problems = append(problems, at+"."+name+" is not described")
			continue
		}
		problems = append(problems, d.check(schema, value, at+"."+name)...)
	}
	return problems
}

// typeFits reports whether v is of a type, or of one of a list of types.
func typeFits(want, v any) bool {
	if list, ok := want.([]any); ok {
		return slices.ContainsFunc(list, func(w any) bool { return typeFits(w, v) })
	}
	switch v := v.(type) {
	case nil:
		return want == "null"
	case bool:
		return want == "boolean"
	case string:
		return want == "string"
	case float64:
		return want == "number" || want == "integer" && v == float64(int64(v))
	case []any:
		return want == "array"
	}
	return want == "object"
}

// What the index offers must exist, with the parameters it names.
func TestIndexLeadsToRoutes(t *testing.T) {
	d := describe31(t)
	for _, e := range indexEntries() {
		path, query, _ := strings.Cut(strings.TrimSuffix(e.path, "}"), "{?")
		if query == "" {
			path = e.path
		}
		op, ok := d.Paths[path]["get"]
		if !ok {
			op = d.Paths[path]["post"]
		}
		if op.Summary == "" {
			t.Errorf("%s: %s is no route", e.name, path)
		}
		for name := range strings.SplitSeq(query, ",") {
			found := slices.ContainsFunc(op.Parameters, func(p any) bool { return d.resolve(p)["name"] == name })
			if query != "" && !found {
				t.Errorf("%s: %s has no parameter %s", e.name, path, name)
			}
		}
	}
}
