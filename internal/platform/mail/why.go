package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/textproto"
	"os"
	"strings"
	"syscall"
)

// Why is what went wrong, as one tells it to whoever can mend it.
type Why string

// The reasons, in the order of the conversation. From WhySender on they are the words of the stages.
const (
	WhyName        Why = "host_unknown" // no such host
	WhyNames       Why = "names"        // the server of names does not answer
	WhyNobody      Why = "nobody"       // nobody listens at that port
	WhyUnreachable Why = "unreachable"  // there is no way to that address
	WhySilent      Why = "silent"       // it does not answer in time
	WhyCut         Why = "cut"          // the connection broke
	WhyNotSMTP     Why = "not_smtp"     // something else listens there
	WhyAway        Why = "away"         // it sends us away, or is busy
	WhyHello       Why = "hello"        // it does not like how we call ourselves
	WhyNoTLS       Why = "no_starttls"  // it offers no STARTTLS
	WhyNotTLS      Why = "not_tls"      // it speaks in the clear where TLS was expected
	WhySelfSigned  Why = "self_signed"  // it vouches for itself
	WhyIssuer      Why = "issuer"       // nobody whom we know vouches for it
	WhyExpired     Why = "expired"      // its certificate is not valid now
	WhyOtherName   Why = "other_name"   // its certificate is another host's
	WhyTLS         Why = "tls"          // the encryption cannot be agreed, in another way
	WhyNoAuth      Why = "no_auth"      // it takes no password that we can give
	WhyAppPassword Why = "app_password" // it wants a password made for applications
	WhyAuthOff     Why = "auth_off"     // signing in from programs is switched off for this account
	WhyAuth        Why = "auth"         // wrong user or password
	WhyAuthNeeded  Why = "auth_needed"  // it wants a user and a password
	WhyPolicy      Why = "policy"       // it wants nothing from us, whoever it is for
	WhyCompose     Why = "compose"
	WhySender      Why = "mail"
	WhyRecipient   Why = "rcpt"
	WhyData        Why = "data"
	WhyBody        Why = "body"
)

// Whys lists every reason, so that a catalog can be held to have words for each.
func Whys() []Why {
	return []Why{WhyName, WhyNames, WhyNobody, WhyUnreachable, WhySilent, WhyCut, WhyNotSMTP, WhyAway, WhyHello, WhyNoTLS, WhyNotTLS, WhySelfSigned,
		WhyIssuer, WhyExpired, WhyOtherName, WhyTLS, WhyNoAuth, WhyAppPassword, WhyAuthOff, WhyAuth, WhyAuthNeeded, WhyPolicy, WhyCompose, WhySender, WhyRecipient,
		WhyData, WhyBody}
}

// Why tells what went wrong.
func (e *SendError) Why() Why {
	switch {
	case e.authOff():
		return WhyAuthOff
	case e.needsAuth():
		return WhyAuthNeeded
	case e.Code == 0 && e.Stage != StageCompose || e.Stage == StageTLS && !errors.Is(e.cause, ErrNoTLS):
		return broken(e.Stage, e.cause)
	}
	switch e.Stage {
	case StageGreet:
		return WhyAway
	case StageHello:
		return WhyHello
	case StageTLS:
		return WhyNoTLS
	case StageAuth:
		return e.ofPassword()
	}
	switch {
	case e.Code == 421:
		return WhyAway
	case e.Stage != StageMail && strings.HasPrefix(e.Enhanced, "5.7."): // RFC 3463, 3.8
		return WhyPolicy
	}
	return Why(e.Stage)
}

// needsAuth reports whether the server wants us to sign in first (RFC 4954, 6).
func (e *SendError) needsAuth() bool {
	return e.Code == 530 && e.Stage != StageTLS && e.Stage != StageAuth
}

// authOff reports whether signing in from programs is switched off for the account: Microsoft 365 says so in these codes, to AUTH or later.
func (e *SendError) authOff() bool {
	return e.Enhanced == "5.7.139" || e.Enhanced == "5.7.30" || e.Enhanced == "5.7.57"
}

// ofPassword tells why a relay does not sign us in. Gmail, Yahoo and iCloud want a password made for applications.
func (e *SendError) ofPassword() Why {
	said := strings.ToLower(e.Reply)
	switch {
	case e.Enhanced == "5.7.9", strings.Contains(said, "application-specific"), strings.Contains(said, "app password"), strings.Contains(said, "app-specific"):
		return WhyAppPassword
	}
	return WhyAuth
}

// broken tells why there was no reply at all.
func broken(stage Stage, err error) Why {
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		if name.IsNotFound {
			return WhyName
		}
		return WhyNames
	}
	if why := ofCertificate(err); why != "" {
		return why
	}
	var timeout net.Error
	switch {
	case errors.Is(err, ErrNoAuth):
		return WhyNoAuth
	case errors.Is(err, ErrNoTLS):
		return WhyNoTLS
	case errors.Is(err, syscall.ECONNREFUSED):
		return WhyNobody
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EADDRNOTAVAIL):
		return WhyUnreachable
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return WhySilent
	case errors.Is(err, errTooMuch):
		return WhyNotSMTP
	}
	if _, other := errors.AsType[textproto.ProtocolError](err); other {
		return WhyNotSMTP
	}
	if stage == StageTLS && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, syscall.ECONNRESET) {
		return WhyTLS
	}
	return WhyCut
}

// ofCertificate tells what is wrong with a certificate, "" when nothing is.
func ofCertificate(err error) Why {
	if _, plain := errors.AsType[tls.RecordHeaderError](err); plain {
		return WhyNotTLS
	}
	if _, other := errors.AsType[x509.HostnameError](err); other {
		return WhyOtherName
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return WhyExpired
	}
	bad, ok := errors.AsType[*tls.CertificateVerificationError](err)
	if !ok {
		return ""
	}
	if len(bad.UnverifiedCertificates) > 0 {
		if leaf := bad.UnverifiedCertificates[0]; bytes.Equal(leaf.RawSubject, leaf.RawIssuer) {
			return WhySelfSigned
		}
	}
	return WhyIssuer
}

// Words are the server's, or else the machine's: what there is to read of why it failed, on one line.
func (e *SendError) Words() string {
	if e.Reply != "" || e.cause == nil {
		return e.Reply
	}
	return clean(strings.TrimPrefix(e.cause.Error(), "mail: "), 500)
}
