// Package dnsrecord reads what mail needs of the DNS: SPF and DMARC policies, keys of DKIM, and records kept in a file.
//
// Everything comes from outside and is bounded: records of 4 kB, fifty terms, ten questions for one SPF check (RFC 7208, 4.6.4).
package dnsrecord
