// Package newsletter is the way out by which what a voice publishes reaches the mailboxes of those who asked for it: the mail that asks
// for their confirmation, and what comes after it.
package newsletter
