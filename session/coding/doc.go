// Package coding takes content codings (RFC 9110, section 8.4) off a body
// while it is read: gzip (RFC 1952), deflate (RFC 1950, and what is sent under
// that name without its wrapping), br (RFC 7932) and zstd (RFC 8878).
//
// # What is promised
//
// Nothing is decoded ahead of a Read, so a body that grows to any size takes
// no more memory than the window of its coding: 32 KiB for gzip and deflate,
// at most 16 MiB for br and 8 MiB for zstd. A zstd frame that asks for more is
// refused, as RFC 9659 allows.
//
// A body of no bytes is empty in every coding. What could be decoded of a body
// that breaks off or turns out damaged is handed out before the error; errors
// for a body that ends too early are io.ErrUnexpectedEOF to errors.Is.
//
// No goroutine is started, and a reader may be dropped at any point.
package coding
