// Package maildoctor looks at what decides whether the mail of a house arrives: for each domain that it writes from, who may send for it
// (SPF), who signs for it (DKIM), what others are to do with the rest (DMARC), whether answers can come back (MX); for each relay,
// whether it takes us in over TLS, how much it takes, and, where it is our own machine, whether its address has a name (PTR).
//
// It asks the DNS when somebody presses a button, never when a page is shown, and keeps what it found. A signing key whose record it sees
// signs from then on. What is wrong is told with the very record to publish. The words are in the catalog, maildoctor.<what>.<verdict>, so
// that the page and the command line say the same.
package maildoctor
