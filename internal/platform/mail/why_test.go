package mail_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/mailtest"
)

// answers is a server that answers each line with the next of replies, after greeting with the first.
func answers(t *testing.T, replies ...string) mail.Relay {
	t.Helper()
	return scripted(t, func(w io.Writer, r *bufio.Reader) {
		for _, reply := range replies {
			_, _ = io.WriteString(w, reply+"\r\n")
			if _, err := r.ReadString('\n'); err != nil {
				return
			}
		}
		if c, ok := w.(*net.TCPConn); ok {
			_ = c.CloseWrite()
		}
	})
}

// Each fault of a relay is told from the others, with the words that there are.
func TestEachFaultOfARelayIsToldFromTheOthers(t *testing.T) {
	t.Parallel()
	stranger := func(o ...mailtest.Option) func(t *testing.T) mail.Relay {
		return func(t *testing.T) mail.Relay {
			r := mailtest.Start(t, o...).Relay(t)
			r.Roots = nil
			return r
		}
	}
	says := func(replies ...string) func(t *testing.T) mail.Relay {
		return func(t *testing.T) mail.Relay { return answers(t, replies...) }
	}
	signing := func(reply string) func(t *testing.T) mail.Relay {
		return func(t *testing.T) mail.Relay {
			r := answers(t, "220 hi", "250-hi\r\n250 AUTH PLAIN", reply)
			r.User, r.Password = "claire", "secret"
			return r
		}
	}
	for name, c := range map[string]struct {
		relay func(t *testing.T) mail.Relay
		why   mail.Why
		words string
	}{
		"self-signed":            {stranger(mailtest.STARTTLS()), mail.WhySelfSigned, "unknown authority"},
		"self-signed, smtps":     {stranger(mailtest.ImplicitTLS()), mail.WhySelfSigned, "unknown authority"},
		"expired":                {stranger(mailtest.STARTTLS(), mailtest.Expired()), mail.WhyExpired, "expired"},
		"another host's":         {stranger(mailtest.STARTTLS(), mailtest.OtherName()), mail.WhyOtherName, "certificate"},
		"plain where TLS is due": {func(t *testing.T) mail.Relay { r := answers(t, "220 hi"); r.TLS = mail.TLSImplicit; return r }, mail.WhyNotTLS, "first record"},
		"no STARTTLS":            {func(t *testing.T) mail.Relay { r := answers(t, "220 hi", "250 hi"); r.TLS = mail.TLSStart; return r }, mail.WhyNoTLS, "STARTTLS"},
		"STARTTLS broken": {func(t *testing.T) mail.Relay {
			r := answers(t, "220 hi", "250-hi\r\n250 STARTTLS", "454 4.7.0 TLS not available")
			r.TLS = mail.TLSStart
			return r
		}, mail.WhyTLS, "454 4.7.0 TLS not available"},
		"nobody listens": {func(t *testing.T) mail.Relay { r := answers(t); r.Port = 1; return r }, mail.WhyNobody, "refused"},
		"silent":         {func(t *testing.T) mail.Relay { r := answers(t, "220-hi"); r.Timeout = 20 * time.Millisecond; return r }, mail.WhySilent, "timeout"},
		"not SMTP":       {says("SSH-2.0-OpenSSH_9.9"), mail.WhyNotSMTP, "SSH-2.0"},
		"sent away":      {says("554 5.7.1 no service for you"), mail.WhyAway, "554 5.7.1 no service for you"},
		"busy":           {says("421 4.7.0 later"), mail.WhyAway, "421 4.7.0 later"},
		"our name":       {says("220 hi", "421 4.7.0 Try again later, closing connection. (EHLO)"), mail.WhyHello, "421 4.7.0 Try again later"},
		"our name, 5xx":  {says("220 hi", "550 5.7.1 your name", "550 5.7.1 your name"), mail.WhyHello, "550 5.7.1 your name"},
		"no AUTH":        {func(t *testing.T) mail.Relay { r := answers(t, "220 hi", "250 hi"); r.User = "claire"; return r }, mail.WhyNoAuth, "AUTH"},
		"the password":   {signing("535 5.7.8 wrong"), mail.WhyAuth, "535 5.7.8 wrong"},
		"gmail":          {signing("534-5.7.9 Application-specific password required.\r\n534 5.7.9 see help"), mail.WhyAppPassword, "534 5.7.9"},
		"microsoft": {signing("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."), mail.WhyAuthOff,
			"535 5.7.139"},
		"microsoft, later":  {says("220 hi", "250 hi", "550 5.7.30 Basic authentication is not supported for Client Submission."), mail.WhyAuthOff, "550 5.7.30"},
		"no password given": {says("220 hi", "250 hi", "530 5.7.0 Authentication Required"), mail.WhyAuthNeeded, "530 5.7.0"},
		"sender":            {says("220 hi", "250 hi", "553 5.7.1 not your address"), mail.WhySender, "553 5.7.1"},
		"recipient":         {says("220 hi", "250 hi", "250 ok", "550 5.1.1 nobody"), mail.WhyRecipient, "550 5.1.1"},
		"our mail":          {says("220 hi", "250 hi", "250 ok", "550 5.7.1 your mail is unwanted here"), mail.WhyPolicy, "550 5.7.1"},
		"data":              {says("220 hi", "250 hi", "250 ok", "250 ok", "452 4.3.1 full"), mail.WhyData, "452 4.3.1"},
		"cut":               {says("220 hi", "250 hi"), mail.WhyCut, "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.relay(t).Send(t.Context(), letter())
			e := sendError(t, err)
			if why := e.Why(); why != c.why || !strings.Contains(e.Words(), c.words) {
				t.Errorf("%q, in these words: %q", why, e.Words())
			}
			if !slices.Contains(mail.Whys(), e.Why()) {
				t.Errorf("%q is not among the reasons", e.Why())
			}
			if strings.Contains(e.Words(), "secret") {
				t.Error("the password is in the words")
			}
		})
	}
}

func TestANameThatNobodyKnowsIsToldFromNamesThatAreNotToBeHad(t *testing.T) {
	t.Parallel()
	for why, err := range map[mail.Why]error{
		mail.WhyName:   &net.DNSError{Err: "no such host", Name: "smtp.nope.example", IsNotFound: true},
		mail.WhyNames:  &net.DNSError{Err: "server misbehaving", Name: "smtp.nope.example", IsTemporary: true},
		mail.WhySilent: context.DeadlineExceeded,
	} {
		if got := mail.Failed(mail.StageConnect, &net.OpError{Op: "dial", Err: err}).Why(); got != why {
			t.Errorf("%v: %q", err, got)
		}
	}
}

// Whoever sets a relay up sees how far it went.
func TestATrialTellsEachStep(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t, mailtest.STARTTLS(), mailtest.Login("claire", "secret"))
	var seen []string
	watch := func(s mail.Step) { seen = append(seen, string(s.Stage)+" "+s.Words) }
	receipt, err := server.Relay(t).Try(t.Context(), letter(), watch)
	if err != nil || receipt.ServerReply == "" {
		t.Fatal(receipt, err)
	}
	want := []string{"connect 127.0.0.1:", "greet 220 ", "hello 250 ", "tls TLS 1.3, 127.0.0.1", "hello 250 ", "auth 235 ", "mail 250 ", "rcpt 250 ", "data 354 ", "body 250 2.0.0 Ok"}
	if len(seen) != len(want) {
		t.Fatalf("%q", seen)
	}
	for i, w := range want {
		if !strings.HasPrefix(seen[i], w) {
			t.Errorf("step %d is %q, want %q", i, seen[i], w)
		}
	}
	wrong := server.Relay(t)
	wrong.Password, seen = "autre", nil
	_, err = wrong.Try(t.Context(), letter(), watch)
	if len(seen) != 5 || sendError(t, err).Why() != mail.WhyAuth {
		t.Errorf("%q and %v", seen, err)
	}
}

func TestWithoutANameWeGiveOurAddress(t *testing.T) {
	t.Parallel()
	heard := make(chan string, 4)
	relay := scripted(t, func(w io.Writer, r *bufio.Reader) {
		_, _ = io.WriteString(w, "220 hi\r\n")
		line, _ := r.ReadString('\n')
		heard <- strings.TrimSpace(line)
		_, _ = io.WriteString(w, "421 bye\r\n")
	})
	if _, err := relay.Dial(t.Context()); err == nil || <-heard != "EHLO [127.0.0.1]" {
		t.Errorf("%v", err)
	}
	if e := sendError(t, errors.Join(mail.Failed(mail.StageHello, io.EOF))); e.Why() != mail.WhyCut {
		t.Errorf("%q", e.Why())
	}
}
