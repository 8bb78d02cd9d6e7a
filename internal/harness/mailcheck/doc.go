// Package mailcheck judges every mail that the program can send, French and English, by those who judge mail: SpamAssassin, mailauth
// (SPF, DKIM, DMARC, offline), caniemail. A house is brought up, each kind of mail is made to leave as people make it leave, and
// what a relay took is judged, byte for byte. A kind that nothing here sends is a failure.
//
// It holds tests only. Those that ask an outside judge run with CAUSERIE_MAILCHECK set, which `make test` does after it has installed
// spamassassin and, below CAUSERIE_NODE_MODULES, the packages of npm; the others always.
package mailcheck
