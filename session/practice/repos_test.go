package practice

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestRepositoriesOfJDoe(t *testing.T) {
	p := start(t)
	var all []repository
	a := p.get(&all, "/user/repos?per_page=100", asJDoe)
	if len(all) != mainRepositories {
		t.Fatalf("got %d repositories, want %d", len(all), mainRepositories)
	}
	if r := all[0]; r.Name != "hello-world" || r.Stars != 80 || r.URL != p.URL()+"/repos/jdoe/hello-world" {
		t.Errorf("the first: got %+v", r)
	}
	names, ids, private := map[string]bool{}, map[int64]bool{}, 0
	for _, r := range all {
		names[r.Name], ids[r.ID] = true, true
		if r.Private {
			private++
		}
		if int64(float64(r.ID)) == r.ID {
			t.Errorf("%s: id %d survives a double, want one that does not", r.Name, r.ID)
		}
		var one repository
		got := p.get(&one, r.URL, asJDoe)
		if want, _ := json.Marshal(r); !strings.EqualFold(string(want), mustMarshal(t, one)) {
			t.Errorf("%s: got %s, in the list %s", r.URL, got.body, want)
		}
	}
	if len(names) != len(all) || len(ids) != len(all) || private != 5 {
		t.Errorf("got %d names, %d ids, %d private, want %d, %d, 5", len(names), len(ids), private, len(all), len(all))
	}
	if !strings.Contains(a.body, `"description":null`) || !strings.Contains(a.body, "für") || !strings.Contains(a.body, `"license":null`) {
		t.Error("want descriptions and licenses that are null, and text that is not ASCII")
	}
}

func mustMarshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPrivateRepositoriesAreHidden(t *testing.T) {
	p := start(t)
	var own, public []repository
	p.get(&own, "/user/repos?per_page=100&visibility=private", asJDoe)
	p.get(&public, "/users/jdoe/repos?per_page=100", asJDoe)
	if len(own) != 5 || len(public) != 42 || slices.ContainsFunc(public, func(r repository) bool { return r.Private }) {
		t.Errorf("got %d private and %d public, want 5 and 42", len(own), len(public))
	}
	for _, auth := range []string{asTQuill, "X-Nobody: 1"} {
		for _, target := range []string{own[0].URL, own[0].URL + "/issues", own[0].URL + "/issues/1"} {
			if got := p.do("GET", target, "", auth).status; got != 404 {
				t.Errorf("GET %s with %s: got %d, want 404", target, auth, got)
			}
		}
	}
}

func TestRepositoryChoices(t *testing.T) {
	p := start(t)
	tests := []struct {
		query string
		ok    func(a, b repository) bool // of neighbours
	}{
		{"sort=full_name", func(a, b repository) bool { return a.FullName < b.FullName }},
		{"sort=full_name&direction=desc", func(a, b repository) bool { return a.FullName > b.FullName }},
		{"sort=stars", func(a, b repository) bool { return a.Stars >= b.Stars }},
		{"sort=stars&direction=asc", func(a, b repository) bool { return a.Stars <= b.Stars }},
		{"sort=created", func(a, b repository) bool { return a.CreatedAt >= b.CreatedAt }},
		{"sort=updated&direction=asc", func(a, b repository) bool { return a.UpdatedAt <= b.UpdatedAt }},
		{"type=forks", func(a, b repository) bool { return a.Fork && b.Fork }},
		{"type=sources", func(a, b repository) bool { return !a.Fork && !b.Fork }},
		{"visibility=public", func(a, b repository) bool { return !a.Private && !b.Private }},
	}
	for _, tt := range tests {
		var list []repository
		p.get(&list, "/user/repos?per_page=100&"+tt.query, asJDoe)
		if len(list) < 2 {
			t.Errorf("%s: got %d repositories", tt.query, len(list))
		}
		for i := range len(list) - 1 {
			if !tt.ok(list[i], list[i+1]) {
				t.Errorf("%s: got %s before %s", tt.query, list[i].Name, list[i+1].Name)
			}
		}
	}
}

func TestPaging(t *testing.T) {
	p := start(t)
	u := p.URL() + "/user/repos"
	tests := []struct {
		query string
		items int
		link  string
	}{
		{"", 30, "<" + u + `?page=2>; rel="next", <` + u + `?page=2>; rel="last"`},
		{"?page=2", 17, "<" + u + `?page=1>; rel="prev", <` + u + `?page=1>; rel="first"`},
		{"?per_page=20&page=2&sort=stars", 20, "<" + u + `?per_page=20&sort=stars&page=1>; rel="prev", <` +
			u + `?per_page=20&sort=stars&page=3>; rel="next", <` + u + `?per_page=20&sort=stars&page=3>; rel="last", <` +
			u + `?per_page=20&sort=stars&page=1>; rel="first"`},
		{"?page=9", 0, "<" + u + `?page=2>; rel="prev", <` + u + `?page=1>; rel="first"`},
		{"?per_page=47", 47, ""},
		{"?per_page=1000", 47, ""},
		{"?per_page=0", 30, "<" + u + `?per_page=0&page=2>; rel="next", <` + u + `?per_page=0&page=2>; rel="last"`},
		{"?per_page=x&page=-1", 30, "<" + u + `?per_page=x&page=2>; rel="next", <` + u + `?per_page=x&page=2>; rel="last"`},
		{"?a=%22<b>", 30, "<" + u + `?a=%22%3Cb%3E&page=2>; rel="next", <` + u + `?a=%22%3Cb%3E&page=2>; rel="last"`},
		{"?page=99999999999999999999", 30, "<" + u + `?page=2>; rel="next", <` + u + `?page=2>; rel="last"`},
		{"?page=9223372036854775807", 0, "<" + u + `?page=2>; rel="prev", <` + u + `?page=1>; rel="first"`},
	}
	for _, tt := range tests {
		var list []repository
		a := p.get(&list, "/user/repos"+tt.query, asJDoe)
		if len(list) != tt.items || a.header.Get("Link") != tt.link {
			t.Errorf("%q: got %d items, Link %s, want %d, %s", tt.query, len(list), a.header.Get("Link"), tt.items, tt.link)
		}
	}
	if got := p.do("GET", "/user/repos?page=9", "", asJDoe).body; got != "[]" {
		t.Errorf("a page after the last: got %q, want []", got)
	}
}

func TestIssueLife(t *testing.T) {
	p := start(t)
	const list = "/repos/jdoe/hello-world/issues"
	made := p.do("POST", list, `{"title":" First <thing> ","body":"b","labels":["bug","ünd"]}`, asTQuill, "Content-Type: application/json")
	var x issueAnswer
	made.into(t, &x)
	if made.status != 201 || made.header.Get("Location") != p.URL()+list+"/36" || x.URL != p.URL()+list+"/36" ||
		x.Title != "First <thing>" || x.State != "open" || x.User.Login != "tquill" || len(x.Labels) != 2 || x.CreatedAt != "2031-05-06T07:08:09Z" {
		t.Fatalf("POST: got %d, Location %s, %s", made.status, made.header.Get("Location"), made.body)
	}
	if got := p.do("GET", x.URL, "").body; got != made.body {
		t.Errorf("GET: got %s, want %s", got, made.body)
	}
	changes := []struct {
		auth, body string
		status     int
		want       string
	}{
		{asTQuill, `{"state":"closed"}`, 200, `"closed_at":"2031-05-06T07:08:09Z"`},
		{asJDoe, `{"title":"Second","body":null,"labels":[]}`, 200, `"title":"Second","state":"closed","body":null`},
		{asJDoe, `{"state":"open"}`, 200, `"closed_at":null`},
		{asJDoe, `{"state":"ajar"}`, 422, `[{"resource":"Issue","field":"state","code":"invalid"}]`},
		{asJDoe, `{"state":null}`, 422, `"field":"state"`},
		{asJDoe, `{"title":""}`, 422, `"code":"missing_field"`},
		{"Authorization: Bearer okestrel-token", `{"title":"x"}`, 403, "author"},
		{"X-Nobody: 1", `{"title":"x"}`, 401, "Requires authentication"},
	}
	for _, c := range changes {
		if got := p.do("PATCH", x.URL, c.body, c.auth); got.status != c.status || !strings.Contains(got.body, c.want) {
			t.Errorf("PATCH %s: got %d %s, want %d with %s", c.body, got.status, got.body, c.status, c.want)
		}
	}
	for _, d := range []struct {
		auth   string
		status int
	}{{"Authorization: Bearer okestrel-token", 403}, {"X-Nobody: 1", 401}, {asJDoe, 204}, {asJDoe, 404}} {
		if got := p.do("DELETE", x.URL, "", d.auth); got.status != d.status {
			t.Errorf("DELETE with %s: got %d, want %d", d.auth, got.status, d.status)
		}
	}
	if got := p.do("GET", x.URL, "").status; got != 404 {
		t.Errorf("GET after DELETE: got %d, want 404", got)
	}
	p.do("POST", list, `{"title":"next"}`, asJDoe).into(t, &x)
	if x.Number != 37 {
		t.Errorf("the number after a deleted one: got %d, want 37", x.Number)
	}
}

func TestIssueMistakes(t *testing.T) {
	p := start(t)
	const list = "/repos/jdoe/hello-world/issues"
	one := func(field, code string) string {
		return `{"message":"Validation Failed","errors":[{"resource":"Issue","field":"` + field + `","code":"` + code + `"}],"status":"422"}`
	}
	tests := []struct {
		target, body, contentType string
		status                    int
		want                      string
	}{
		{list, `{}`, "application/json", 422, one("title", "missing_field")},
		{list, `{"title":null}`, "application/json", 422, one("title", "missing_field")},
		{list, `{"title":"  "}`, "application/json; charset=utf-8", 422, one("title", "missing_field")},
		{list, `{"title":5}`, "application/vnd.x+json", 422, one("title", "invalid")},
		{list, `{"title":"x","body":5}`, "application/json", 422, one("body", "invalid")},
		{list, `{"title":"x","labels":"bug"}`, "application/json", 422, one("labels", "invalid")},
		{list, `{"title":"x","labels":[null]}`, "application/json", 422, one("labels", "invalid")},
		{list, `{"title":"x","labels":null}`, "application/json", 422, one("labels", "invalid")},
		{list, `{"title":"x",}`, "application/json", 400, `{"message":"Problems parsing JSON","status":"400"}`},
		{list, `title=x`, "application/x-www-form-urlencoded", 415, "Unsupported Media Type"},
		{list, `{"title":"x"}`, "nonsense;;", 415, "Unsupported Media Type"},
		{"/repos/jdoe/nothing/issues", `{"title":"x"}`, "application/json", 404, "Not Found"},
	}
	for _, tt := range tests {
		got := p.do("POST", tt.target, tt.body, asJDoe, "Content-Type: "+tt.contentType)
		if got.status != tt.status || !strings.Contains(got.body, tt.want) {
			t.Errorf("POST %s %s: got %d %s, want %d %s", tt.target, tt.body, got.status, got.body, tt.status, tt.want)
		}
	}
	if got := p.do("POST", list, `{"title":"x"}`).status; got != 401 {
		t.Errorf("without a login: got %d, want 401", got)
	}
}

func TestIssueStates(t *testing.T) {
	p := start(t)
	count := func(state string) int {
		var list []issueAnswer
		p.get(&list, "/repos/jdoe/hello-world/issues?per_page=100&state="+state)
		for i, x := range list {
			if state != "all" && x.State != state || (x.ClosedAt == nil) != (x.State == "open") || i > 0 && x.Number >= list[i-1].Number {
				t.Errorf("state=%s: got %+v at %d", state, x, i)
			}
		}
		return len(list)
	}
	open, closed, all := count("open"), count("closed"), count("all")
	if open != 24 || closed != 11 || all != 35 {
		t.Errorf("got %d open, %d closed, %d in all, want 24, 11, 35", open, closed, all)
	}
}
