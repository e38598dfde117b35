package session

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
)

// TestBodyWhileReceived writes what has come of a body at every piece of it.
func TestBodyWhileReceived(t *testing.T) {
	want := strings.Repeat("0123456789abcdef", 64<<10) // 1 MiB
	for _, head := range []string{
		fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", len(want)),
		"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
	} {
		srv := serve(t, func(w io.Writer, r *received) bool {
			io.WriteString(w, head+want)
			return !strings.Contains(head, "close")
		})
		s := based(t, srv)
		var got bytes.Buffer
		pieces := 0
		x, err := s.Do(context.Background(), get("/x"), Watch{Body: func(x *Exchange, p []byte) error {
			pieces++
			got.Reset()
			_, err := x.Body.WriteTo(&got)
			if int64(got.Len()) != x.Body.Len() || !bytes.HasSuffix(got.Bytes(), p) {
				t.Fatalf("piece %d: WriteTo gives %d bytes, %d have come", pieces, got.Len(), x.Body.Len())
			}
			return err
		}})
		if err != nil || pieces == 0 || got.String() != want || string(x.Body.Bytes()) != want {
			t.Errorf("after %d pieces: %d bytes, %v", pieces, got.Len(), err)
		}
	}
}
