package mailer

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/platform/mail"
)

// advice says what to do, for whoever reads the log; a person at the page reads the same in their language.
var advice = map[mail.Why]string{
	mail.WhyName:        "check the host of the relay",
	mail.WhyNames:       "check that this machine can look up names",
	mail.WhyNobody:      "nobody listens there: check the host and the port, and that the relay runs",
	mail.WhyUnreachable: "check the network and the firewall",
	mail.WhySilent:      "check the port (465 wants TLS from the start, 587 STARTTLS) and the firewall: many hosts close the ports of mail",
	mail.WhyCut:         "the connection broke: it is tried again",
	mail.WhyNotSMTP:     "something else than a mail server listens there: check the port",
	mail.WhyAway:        "the relay sends us away or is busy: its words say why",
	mail.WhyHello:       "the relay does not like our name: start with --url https://your.name, or set hello= in --smtp",
	mail.WhyNoTLS:       "the relay offers no STARTTLS: choose TLS (465), or no encryption for a relay on this machine",
	mail.WhyNotTLS:      "the relay does not speak TLS at that port: choose STARTTLS (587)",
	mail.WhySelfSigned:  "the relay's certificate vouches for itself: have it get one that is known, or trust its issuer on this machine",
	mail.WhyIssuer:      "nobody known here vouches for the relay's certificate: check the host, and the certificates of this machine",
	mail.WhyExpired:     "the relay's certificate is not valid now: check the clock of this machine, or tell whoever keeps the relay",
	mail.WhyOtherName:   "the relay's certificate is for another name: use that name as the host",
	mail.WhyTLS:         "the encryption cannot be agreed",
	mail.WhyNoAuth:      "the relay takes no password in a way known here: check the host and the port",
	mail.WhyAppPassword: "make a password for applications in the account, and give that one",
	mail.WhyAuthOff:     "have whoever keeps the account allow authenticated SMTP for it",
	mail.WhyAuth:        "the relay refuses the user or the password: give them again at /app/settings/relays",
	mail.WhyAuthNeeded:  "the relay wants a user and a password: give them at /app/settings/relays",
}

// repeat is how long the same failure of the relay is not told again: twenty thousand letters have one cause.
const repeat = 10 * time.Minute

// teller writes into the log why mail does not leave, once for each cause and while it lasts.
type teller struct {
	log *slog.Logger

	mu   sync.Mutex
	last mail.Why // of the relay; "" while mail leaves
	at   time.Time
}

func (t *teller) tell(ctx context.Context, d delivery.Delivery, relay string, err error) {
	failure, failed := errors.AsType[*mail.SendError](err)
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case err == nil && t.last != "":
		t.last = ""
		t.log.InfoContext(ctx, "mail leaves again", "relay", relay)
	case !failed:
	case failure.OfRelay():
		if why := failure.Why(); why != t.last || time.Since(t.at) > repeat {
			t.last, t.at = why, time.Now()
			t.log.WarnContext(ctx, "mail does not leave", "relay", relay, "why", string(why), "said", failure.Words(), "do", advice[why])
		}
	case failure.Ambiguous:
		t.log.WarnContext(ctx, "a mail may have left: somebody decides at /app/deliveries", "delivery", d.ID, "relay", relay)
	case !failure.Temporary: // its words may name the recipient
		t.log.InfoContext(ctx, "a mail is refused: the reason is at /app/deliveries", "delivery", d.ID, "why", string(failure.Why()), "code", failure.Code)
	}
}
