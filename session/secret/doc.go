// Package secret knows what is secret, and masks it.
//
// A secret is found in three ways, each a net under the one before. By place:
// Name, Field and Param say which header fields, form fields, JSON members and
// query parameters carry one, and Header, URL, Form, JSON and Line mask the
// values there. By value: a Set remembers every secret a conversation was
// given and masks it wherever it comes back, encoded or not. By shape:
// MaskShapes masks what looks like a token of a well-known issuer, a private
// key or a password in a URL.
//
// Masking is textual. It works on what does not parse, which a mistyped line or
// a body cut short is, and leaves everything but the secret as it was.
package secret
