package mailer_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/mailtest"
)

// each gives a house whose relay is a real server, over connections that are kept.
func each(t *testing.T, fn func(t *testing.T, w *inboxtest.World, server *mailtest.Server)) {
	t.Helper()
	var servers sync.Map // by the name of the test: both engines run at once
	carry := func(t *testing.T) mail.Sender {
		s := mailtest.Start(t)
		servers.Store(t.Name(), s)
		pool := mail.NewPool(s.Relay(t))
		t.Cleanup(pool.Close)
		return pool
	}
	inboxtest.Each(t, carry, func(t *testing.T, w *inboxtest.World) {
		w.Mailer.Register(mailer.Kind{Name: "note", Purpose: delivery.PurposeConversation, Lane: delivery.LanePerson,
			Compose: func(_ *db.Tx, d delivery.Delivery) (mail.Message, error) {
				return mail.Message{From: mail.Address{Name: "Claire Aubin", Email: "claire@aubin.example"}, Subject: d.Subject, Text: "Bonjour."}, nil
			}})
		server, _ := servers.Load(t.Name())
		fn(t, w, server.(*mailtest.Server))
	})
}

func send(w *inboxtest.World, key string) (d delivery.Delivery) {
	w.T.Helper()
	w.Clock.Advance(time.Millisecond) // what is listed first was made last
	w.Must(w.DB.Write(w.T.Context(), func(tx *db.Tx) error {
		_, err := w.Deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{Channel: mailer.Channel, Kind: "note", Key: key,
			Recipient: "helene@morvan.example", Subject: "Re: Nos délais"})
		return err
	}))
	w.Jobs()
	return latest(w)
}

func latest(w *inboxtest.World) delivery.Delivery {
	w.T.Helper()
	all, _, err := w.Deliveries.List(w.T.Context(), w.Owner, delivery.Filter{Limit: 1})
	w.Must(err)
	return all[0]
}

func TestAMailIsSentWhenTheServerTookItAndInItsWords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *inboxtest.World, server *mailtest.Server) {
		d := send(w, "1")
		if d.State != delivery.Sent || !strings.HasPrefix(d.ServerReply, "250 ") {
			t.Errorf("%s %q", d.State, d.ServerReply)
		}
		got := string(server.Messages()[0].Data)
		for _, want := range []string{"Message-ID: <" + d.ID.String() + "@aubin.example>", "To: <helene@morvan.example>", "Date: Mon, 02 Mar 2026"} {
			if !strings.Contains(got, want) {
				t.Errorf("no %q in\n%s", want, got)
			}
		}
	})
}

func TestWhatTheServerSaysDecidesWhatBecomesOfAMail(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *inboxtest.World, server *mailtest.Server) {
		for _, c := range []struct {
			fault         mailtest.Fault
			state, reason string
		}{
			{mailtest.RefuseRcpt, delivery.Refused, "rcpt"},
			{mailtest.RefuseMail, delivery.Refused, "mail"},
			{mailtest.RefuseBody, delivery.Refused, "body"},
			{mailtest.DeferRcpt, delivery.Deferred, "rcpt"},
			{mailtest.DeferBody, delivery.Deferred, "body"},
			{mailtest.DropAfterDot, delivery.Uncertain, delivery.NoAnswer},
			{mailtest.Babble, delivery.Uncertain, delivery.NoAnswer},
		} {
			server.Fail(c.fault)
			if d := send(w, string(c.fault)); d.State != c.state || d.Reason != c.reason {
				t.Errorf("%s: %s %q (%q), want %s %q", c.fault, d.State, d.Reason, d.ServerReply, c.state, c.reason)
			}
		}
	})
}

// The server took the message, and nobody knows: it is never sent again by itself, whatever happens to the program.
func TestAMailWhoseAnswerIsLostIsNotSentAgainByItself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *inboxtest.World, server *mailtest.Server) {
		server.Fail(mailtest.DropAfterDot)
		d := send(w, "1")
		w.Clock.Advance(48 * time.Hour)
		w.Jobs()
		if now := latest(w); now.ID != d.ID || now.State != delivery.Uncertain || len(server.Messages()) != 1 {
			t.Errorf("%s, and %d messages", now.State, len(server.Messages()))
		}
		w.Must(w.Deliveries.Retry(t.Context(), w.Owner, d.ID))
		w.Jobs()
		if now := latest(w); now.State != delivery.Sent || len(server.Messages()) != 2 {
			t.Errorf("after a person said so: %s, and %d messages", now.State, len(server.Messages()))
		}
	})
}

func TestTheTestMailLeavesFromTheHouse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *inboxtest.World, server *mailtest.Server) {
		w.Must(w.Mailer.SendTest(t.Context(), w.Owner, 0, "claire@aubin.example", "fr-CA"))
		if err := w.Mailer.SendTest(t.Context(), w.Author, 0, "claire@aubin.example", "fr-CA"); err == nil {
			t.Error("an author mails a test")
		}
		w.Jobs()
		if len(server.Messages()) != 1 || !strings.Contains(string(server.Messages()[0].Data), "<bonjour@aubin.example>") {
			t.Errorf("%v", server.Messages())
		}
		if d := latest(w); d.Voice != fact.VoiceID(0) || d.Lane != delivery.LaneAccount {
			t.Errorf("%+v", d)
		}
	})
}
