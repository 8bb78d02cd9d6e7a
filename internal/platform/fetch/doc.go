// Package fetch is the program's only way to ask other people's servers for something.
//
// Addresses come from strangers: a webmention's source, an actor's picture, a feed somebody typed. So nothing here
// trusts one. The guard stands where it cannot be talked around, at the moment of dialing, after names were resolved
// and for each address tried: private, loopback, link-local and other special networks (the IANA registries, through
// code.dny.dev/ssrf) are refused, whatever name, redirect, octal figure or rebinding DNS led there. Only ports 80 and
// 443 are dialed unless Options say otherwise. No proxy is taken from the environment, no cookie is kept, no
// credential stands in an address.
//
// Everything is bounded: the whole exchange in time, which also ends a server that drips; the body in bytes as they
// are after decompression, which ends a bomb; redirects in number, and each is checked as the first address was.
// Fields of the caller (a token, a signature) do not follow a redirect to another host.
//
// The WordPress importer calls it for pictures; feeds that are watched, the fediverse and webmentions will. Errors are
// typed so that a caller can tell what to try again: a *ErrStatus below 500 other than 408, 425 and 429 is an answer.
package fetch
