package accountmail_test

import (
	"strings"
	"testing"
	"time"

	"causerie/internal/core/account"
	"causerie/internal/core/account/accountmail"
	"causerie/internal/core/delivery"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/seal"
)

func TestTheLinkToANewPasswordLeavesAndOnlyOwnersSeeThatItDid(t *testing.T) {
	t.Parallel()
	var caught mail.Captured
	inboxtest.Each(t, func(*testing.T) mail.Sender { return &caught }, func(t *testing.T, w *inboxtest.World) {
		box, err := seal.Open(make([]byte, seal.KeySize))
		w.Must(err)
		post, err := accountmail.New(accountmail.Options{Deliveries: w.Deliveries, Mailer: w.Mailer, House: w.House, Addresses: w.Places, Box: box})
		w.Must(err)
		email := t.Name() + "@aubin.example"
		email = strings.ToLower(email[strings.LastIndex(email, "/")+1:])
		w.Must(w.DB.Write(t.Context(), func(tx *db.Tx) error {
			return post.ResetIn(tx, account.Account{ID: 7, Email: email, Name: "Claire", Lang: "en"}, "tok+en")
		}))
		w.Jobs()
		got := caught.To(email)
		if len(got) != 1 || !strings.Contains(got[0].Text, "https://aubin.example/app/reset?t=tok%2Ben") || got[0].From.Email != "bonjour@aubin.example" {
			t.Fatalf("%+v", got)
		}
		if got[0].AutoSubmitted != "auto-generated" {
			t.Errorf("Auto-Submitted: %q", got[0].AutoSubmitted)
		}
		all, _, err := w.Deliveries.List(t.Context(), w.Owner, delivery.Filter{})
		w.Must(err)
		if len(all) != 1 || all[0].State != delivery.Sent || all[0].Lane != delivery.LaneAccount {
			t.Errorf("an owner sees %+v", all)
		}
		if all, _, err := w.Deliveries.List(t.Context(), w.Author, delivery.Filter{}); len(all) != 0 || err != nil {
			t.Errorf("an author sees %+v, %v", all, err)
		}
	})
}

// A link that waits stands nowhere in clear: a copy of the database, or a backup, opens nothing. One that waited too long is not mailed.
func TestALinkThatWaitsIsSealed(t *testing.T) {
	t.Parallel()
	var caught mail.Captured
	inboxtest.Each(t, func(*testing.T) mail.Sender { return &caught }, func(t *testing.T, w *inboxtest.World) {
		box, err := seal.Open(make([]byte, seal.KeySize))
		w.Must(err)
		post, err := accountmail.New(accountmail.Options{Deliveries: w.Deliveries, Mailer: w.Mailer, House: w.House, Addresses: w.Places, Box: box})
		w.Must(err)
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, true))
		engine := strings.ToLower(t.Name()[strings.LastIndex(t.Name(), "/")+1:])
		to := account.Account{ID: 7, Email: engine + "@attente.example", Name: "Claire", Lang: "fr-FR"}
		w.Must(w.DB.Write(t.Context(), func(tx *db.Tx) error {
			if err := post.ResetIn(tx, to, "jetontressecret"); err != nil {
				return err
			}
			return post.InviteIn(tx, to, "Paul", "jetontressecret")
		}))
		w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
			all, err := db.All(tx, db.Query{Name: "test.payloads", SQL: `SELECT payload FROM deliveries`}, db.Scalar[string])
			if len(all) != 2 || strings.Contains(strings.Join(all, " "), "jetontressecret") {
				t.Errorf("kept as %q", all)
			}
			return err
		}))
		w.Clock.Advance(2 * time.Hour)
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, false))
		w.Jobs()
		got := caught.To(to.Email)
		if len(got) != 1 || !strings.Contains(got[0].Text, "/app/reset?t=jetontressecret") || !strings.Contains(got[0].Text, "sept jours") {
			t.Errorf("two hours later: %+v", got)
		}
	})
}
