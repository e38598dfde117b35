package item

import (
	"bytes"
	"io"
)

// JSONType is the media type of what JSONBody makes.
const JSONType = "application/json"

// A Body is the content of a request and what is known of it before it goes.
type Body struct {
	ContentType string                        // value for the Content-Type field
	Length      int64                         // bytes; -1: unknown until sent
	Open        func() (io.ReadCloser, error) // the content from its start; the caller closes it
	Again       bool                          // Open gives the same bytes each time
	Show        func() []byte                 // the content, to be shown; nil: streamed from files
}

// Bytes is a body held in memory. The caller must not change content after.
func Bytes(contentType string, content []byte) *Body {
	return &Body{
		ContentType: contentType,
		Length:      int64(len(content)),
		Open:        func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
		Again:       true,
		Show:        func() []byte { return content },
	}
}

// File is the body that a BodyFile item names, streamed from its file. Its
// type is the one typed, else ContentType of the path. Errors are of type
// *Error, also those of reading: a file whose size is not what it was when
// File looked ends the body with one.
func File(it Item, open Opener) (*Body, error) {
	size, err := it.size(open)
	if err != nil {
		return nil, err
	}
	mediaType, err := it.mediaType()
	if err != nil {
		return nil, err
	}
	return &Body{
		ContentType: mediaType,
		Length:      size,
		Open:        func() (io.ReadCloser, error) { return it.open(open, size) },
		Again:       size >= 0,
	}, nil
}
