package mail_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/mailtest"
)

func letter() mail.Message {
	return mail.Message{
		ID:      "k7x@maison.example",
		From:    mail.Address{Name: "Éloïse Lefèvre", Email: "eloise@maison.example"},
		To:      mail.Address{Name: "Jean-François Côté", Email: "jf@client.example"},
		Subject: "Votre question sur l’étude : réponse",
		Text:    "Bonjour,\n\nVoici.\n.\nUne ligne qui est un point.\n",
		Date:    time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC),
	}
}

func sendError(t *testing.T, err error) *mail.SendError {
	t.Helper()
	e, ok := errors.AsType[*mail.SendError](err)
	if !ok {
		t.Fatalf("not a SendError: %v", err)
	}
	return e
}

func TestReceiptIsTheServersOwnWords(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]mailtest.Option{
		"plain":         nil,
		"starttls":      {mailtest.STARTTLS()},
		"smtps":         {mailtest.ImplicitTLS()},
		"auth plain":    {mailtest.STARTTLS(), mailtest.Login("anne", "p@ss:wörd", "PLAIN")},
		"auth login":    {mailtest.STARTTLS(), mailtest.Login("anne", "p@ss:wörd", "LOGIN")},
		"auth, no tls":  {mailtest.Login("anne", "secret")},
		"auth in smtps": {mailtest.ImplicitTLS(), mailtest.Login("anne", "secret")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mailtest.Start(t, opts...)
			m := letter()
			m.EnvelopeFrom = "bounces+42@maison.example"
			receipt, err := server.Relay(t).Send(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			if receipt.ServerReply != "250 2.0.0 Ok: queued as 1" {
				t.Errorf("receipt %q", receipt.ServerReply)
			}
			got := server.Messages()[0]
			want, _ := m.Compose()
			if string(got.Data) != string(want) {
				t.Errorf("the bytes changed on their way:\n%s", got.Data)
			}
			if got.From != m.EnvelopeFrom || got.To != "jf@client.example" {
				t.Errorf("envelope %q %q", got.From, got.To)
			}
			if secured := name != "plain" && name != "auth, no tls"; got.TLS != secured {
				t.Errorf("encrypted: %v", got.TLS)
			}
			if strings.Contains(name, "auth") && got.User != "anne" {
				t.Errorf("signed in as %q", got.User)
			}
		})
	}
}

func TestEveryFailureSaysWhetherTheMessageMayHaveLeft(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fault     mailtest.Fault
		stage     mail.Stage
		code      int
		enhanced  string
		temporary bool
		ambiguous bool
	}{
		{mailtest.RefuseMail, mail.StageMail, 550, "5.7.1", false, false},
		{mailtest.RefuseRcpt, mail.StageRcpt, 550, "5.1.1", false, false},
		{mailtest.DeferRcpt, mail.StageRcpt, 451, "4.7.1", true, false},
		{mailtest.DropBeforeData, mail.StageRcpt, 0, "", true, false},
		{mailtest.RefuseBody, mail.StageBody, 554, "5.6.0", false, false},
		{mailtest.DeferBody, mail.StageBody, 452, "4.3.1", true, false},
		{mailtest.ShutDown, mail.StageBody, 421, "4.3.2", true, false},
		{mailtest.DropAfterDot, mail.StageBody, 0, "", false, true},
		{mailtest.Babble, mail.StageBody, 0, "", false, true},
	}
	for _, tt := range tests {
		for _, secure := range []bool{false, true} {
			name := string(tt.fault)
			var opts []mailtest.Option
			if secure {
				name, opts = name+" over tls", []mailtest.Option{mailtest.STARTTLS()}
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				server := mailtest.Start(t, opts...)
				server.Fail(tt.fault)
				receipt, err := server.Relay(t).Send(t.Context(), letter())
				e := sendError(t, err)
				if e.Stage != tt.stage || e.Code != tt.code || e.Enhanced != tt.enhanced || e.Temporary != tt.temporary || e.Ambiguous != tt.ambiguous {
					t.Errorf("%+v", e)
				}
				if tt.code != 0 && !strings.HasPrefix(e.Reply, fmt.Sprintf("%d %s ", tt.code, tt.enhanced)) {
					t.Errorf("reply %q", e.Reply)
				}
				if receipt != (mail.Receipt{}) {
					t.Errorf("a receipt for nothing: %v", receipt)
				}
				if kept := len(server.Messages()) > 0; kept != tt.ambiguous {
					t.Errorf("the server has the message: %v; we call it ambiguous: %v", kept, tt.ambiguous)
				}
			})
		}
	}
}

func TestConnectionLostInTheBodyIsSafeToRetry(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	server.Fail(mailtest.DropInBody)
	m := letter()
	m.Text = strings.Repeat("une longue lettre, plus longue que tous les tampons du chemin\n", 150_000)
	_, err := server.Relay(t).Send(t.Context(), m)
	e := sendError(t, err)
	if e.Stage != mail.StageBody || e.Ambiguous || !e.Temporary || len(server.Messages()) != 0 {
		t.Errorf("%+v", e)
	}
}

func TestCallerWhoLeavesAfterTheDotLeavesItUncertain(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	server.Fail(mailtest.Silent)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-server.Arrived()
		cancel()
	}()
	_, err := server.Relay(t).Send(ctx, letter())
	e := sendError(t, err)
	if !e.Ambiguous || e.Temporary || !errors.Is(err, context.Canceled) {
		t.Errorf("%+v", e)
	}
}

func TestCallerWhoLeavesBeforeAnythingLosesNothing(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	session, err := server.Relay(t).Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = session.Send(ctx, letter())
	if e := sendError(t, err); e.Ambiguous || !e.Temporary || len(server.Messages()) != 0 {
		t.Errorf("%+v", e)
	}
	if _, err := session.Send(t.Context(), letter()); err != nil {
		t.Errorf("the session is still good: %v", err)
	}
	if err := session.Close(); err != nil {
		t.Error(err)
	}
}

func TestBatchSharesOneConnectionAndSurvivesRefusals(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t, mailtest.STARTTLS(), mailtest.Login("anne", "secret"))
	server.Fail(mailtest.None, mailtest.RefuseRcpt, mailtest.None, mailtest.DeferBody, mailtest.RefuseMail, mailtest.None)
	session, err := server.Relay(t).Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var replies []string
	for range 6 {
		receipt, err := session.Send(t.Context(), letter())
		if err != nil {
			receipt.ServerReply = sendError(t, err).Reply
		}
		replies = append(replies, receipt.ServerReply[:3])
	}
	if got := strings.Join(replies, " "); got != "250 550 250 452 550 250" {
		t.Errorf("replies %s", got)
	}
	for _, m := range server.Messages() {
		if m.Conn != 1 || !m.TLS {
			t.Errorf("connection %d, tls %v", m.Conn, m.TLS)
		}
	}
	if err := session.Close(); err != nil {
		t.Error(err)
	}
	if _, err := session.Send(t.Context(), letter()); !errors.Is(err, mail.ErrClosed) || !sendError(t, err).Temporary {
		t.Errorf("after Close: %v", err)
	}
}

func TestBrokenSessionSaysSo(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	server.Fail(mailtest.DropAfterDot)
	session, err := server.Relay(t).Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := session.Send(t.Context(), letter()); !sendError(t, err).Ambiguous {
		t.Fatal(err)
	}
	_, err = session.Send(t.Context(), letter())
	if e := sendError(t, err); e.Ambiguous || !e.Temporary || !errors.Is(err, mail.ErrClosed) {
		t.Errorf("%+v", e)
	}
	if err := session.Close(); err != nil {
		t.Error(err)
	}
}

func TestPasswordNeverTravelsInTheClearByAccident(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t, mailtest.Login("anne", "secret"))
	relay := server.Relay(t)
	relay.TLS = mail.TLSStart
	_, err := relay.Send(t.Context(), letter())
	if e := sendError(t, err); e.Stage != mail.StageTLS || !errors.Is(err, mail.ErrNoTLS) || !e.OfRelay() {
		t.Errorf("%+v", e)
	}
	for _, option := range []mailtest.Option{mailtest.STARTTLS(), mailtest.ImplicitTLS()} {
		stranger := mailtest.Start(t, option, mailtest.Login("anne", "secret")).Relay(t)
		stranger.Roots = nil
		_, err = stranger.Send(t.Context(), letter())
		if e := sendError(t, err); e.Stage != mail.StageTLS || !e.OfRelay() || e.Ambiguous {
			t.Errorf("a certificate nobody vouches for: %+v", e)
		}
	}
}

func TestRelayThatDoesNotKnowUsIsToldFromARefusedLetter(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t, mailtest.Login("anne", "secret"))
	relay := server.Relay(t)
	relay.Password = "autre"
	_, err := relay.Send(t.Context(), letter())
	if e := sendError(t, err); e.Stage != mail.StageAuth || e.Code != 535 || !e.OfRelay() {
		t.Errorf("%+v", e)
	}
	if strings.Contains(err.Error(), "autre") {
		t.Error("the password is in the error")
	}
	open := mailtest.Start(t).Relay(t)
	open.User, open.Password = "anne", "secret"
	if _, err = open.Send(t.Context(), letter()); !errors.Is(err, mail.ErrNoAuth) {
		t.Errorf("no AUTH offered: %v", err)
	}
	open.Port = 1
	_, err = open.Send(t.Context(), letter())
	if e := sendError(t, err); e.Stage != mail.StageConnect || !e.Temporary || !e.OfRelay() {
		t.Errorf("nobody there: %+v", e)
	}
}

func TestMessageThatCannotBeMailIsRefusedForGood(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	m := letter()
	m.To.Email = "jérôme@client.example"
	var captured mail.Captured
	for _, sender := range []mail.Sender{server.Relay(t), &captured} {
		_, err := sender.Send(t.Context(), m)
		if e := sendError(t, err); e.Stage != mail.StageCompose || e.Temporary || e.Ambiguous {
			t.Errorf("%+v", e)
		}
		if _, ok := errors.AsType[*mail.InvalidError](err); !ok {
			t.Error("no InvalidError inside")
		}
	}
}
