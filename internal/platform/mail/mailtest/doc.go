// Package mailtest is a real SMTP server on loopback for tests, which can be told to misbehave.
//
//	server := mailtest.Start(t, mailtest.STARTTLS(), mailtest.Login("anne", "secret"))
//	server.Fail(mailtest.RefuseRcpt, mailtest.DropAfterDot) // the next two messages; the third passes
//	_, err := server.Relay(t).Send(t.Context(), m)
//	server.Messages() // what was taken
//
// It speaks through emersion/go-smtp, so a test holds the whole conversation: greeting, STARTTLS with a certificate
// of its own making, AUTH, and every reply. Nothing in it waits for a duration.
package mailtest
