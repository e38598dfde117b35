package practice

import (
	"bytes"
	"flag"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"sonde/session/coding"
)

var update = flag.Bool("update", false, "write the bodies of /br and /zstd")

func decoded(t *testing.T, name, body string) string {
	t.Helper()
	var d coding.Decoders
	r, err := d.Reader([]string{name}, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("decoding %s: %v", name, err)
	}
	return string(text)
}

// The bodies that come with the program must say what catalogueBody says.
func TestPrecodedBodies(t *testing.T) {
	if *update {
		var br, zs bytes.Buffer
		w := brotli.NewWriterLevel(&br, brotli.BestCompression)
		w.Write(catalogueBody("br"))
		w.Close()
		z, err := zstd.NewWriter(&zs, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
		if err != nil {
			t.Fatal(err)
		}
		z.Write(catalogueBody("zstd"))
		z.Close()
		for name, b := range map[string][]byte{"catalogue.br": br.Bytes(), "catalogue.zst": zs.Bytes()} {
			if err := os.WriteFile(name, b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		t.Skip("written; run again to compare")
	}
	for name, body := range map[string]string{"br": brotliBody, "zstd": zstdBody} {
		if got, want := decoded(t, name, body), string(catalogueBody(name)); got != want {
			t.Errorf("%s: got %s, want %s (go test -run TestPrecodedBodies -update)", name, got, want)
		}
	}
}

func TestPrecodedCodings(t *testing.T) {
	p := start(t)
	for _, tt := range []struct{ target, accept, coding string }{
		{"/br", "br", "br"},
		{"/br", coding.Accept, "br"},
		{"/br", "gzip, br;q=0", ""},
		{"/zstd", "ZSTD;q=0.1", "zstd"},
		{"/zstd", "*", "zstd"},
		{"/zstd", "br", ""},
		{"/zstd", "", ""},
	} {
		got := p.do("GET", tt.target, "", "Accept-Encoding: "+tt.accept)
		if got.header.Get("Content-Encoding") != tt.coding || got.header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s for %q: got %v", tt.target, tt.accept, got.header)
		}
		if tt.coding != "" {
			got.body = decoded(t, tt.coding, got.body)
		}
		if want := string(catalogueBody(tt.coding)); got.body != want {
			t.Errorf("%s for %q: got %s, want %s", tt.target, tt.accept, got.body, want)
		}
	}
}
