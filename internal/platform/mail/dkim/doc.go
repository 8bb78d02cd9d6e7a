// Package dkim signs mail, so that whoever gets it can see that the domain in From stands behind it: DKIM (RFC 6376), with RSA
// (RFC 8301) and Ed25519 (RFC 8463) keys.
//
// A message that many get differs for each of them, so each is signed, and at a thousand a second that must be cheap. Sign reads the
// bytes of a message once for all its keys: one hash of the body, one list of fields. What it covers is fixed (covered): the fields by
// which a reader knows the message, those by which one leaves a list (RFC 8058 asks for them), and From once more than it occurs, so
// that nobody can put a second one above it.
//
// A Key is made here, kept sealed by its owner as the text of Marshal, and published as the TXT record that Record writes.
package dkim
