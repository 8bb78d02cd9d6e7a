// Package accountmail mails to people about their account: so far the link to a new password.
//
// Its mails are of no voice, so only owners see that they left; they have the account lane, because somebody waits for
// them. The token is in the delivery until it has left, and in no key. It emits nothing and hears nothing.
package accountmail

import (
	"embed"
	"fmt"
	"net/url"

	"causerie/internal/core/account"
	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/compose"
)

//go:embed fr.json en.json
var texts embed.FS

// KindReset is the kind of the mail that carries a link to a new password.
const KindReset = "reset"

// Postman is an account.Postman. Make it with New.
type Postman struct {
	deliveries *delivery.Service
	mails      *mailer.Service
	house      Addresses
	catalog    *i18n.Catalog
}

// Addresses makes the address of a page of the house. core/place fills it.
type Addresses interface{ House(path string) string }

// New returns the postman and registers its kind of mail. The error is a catalog that
// does not read.
func New(deliveries *delivery.Service, mails *mailer.Service, house Addresses) (*Postman, error) {
	p := &Postman{deliveries: deliveries, mails: mails, house: house, catalog: i18n.New()}
	if err := p.catalog.Add(texts); err != nil {
		return nil, fmt.Errorf("accountmail: %w", err)
	}
	mails.Register(mailer.Kind{Name: KindReset, Purpose: delivery.PurposeAccount, Lane: delivery.LaneAccount, Compose: p.composeReset})
	return p, nil
}

// reset is the parcel of a mail that carries a link to a new password.
type reset struct {
	Name  string `json:"name"`
	Lang  string `json:"lang"`
	Token string `json:"token"`
}

// ResetIn has a link to set a new password mailed.
func (p *Postman) ResetIn(tx *db.Tx, to account.Account, token string) error {
	from, err := p.mails.HouseAddressIn(tx)
	if err != nil {
		return err
	}
	_, err = p.deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{
		Channel: mailer.Channel, Kind: KindReset, Key: fmt.Sprintf("reset/%v/%d", to.ID, tx.Now().UnixMilli()), // each link is a mail of its own
		About: delivery.Ref{Kind: delivery.RefAccount, ID: int64(to.ID)}, Recipient: to.Email,
		Subject: compose.New(p.catalog, to.Lang).T("mail.reset.subject", from.Name), Parcel: reset{to.Name, to.Lang, token},
	})
	return err
}

func (p *Postman) composeReset(tx *db.Tx, d delivery.Delivery) (mail.Message, error) {
	var r reset
	if err := d.ReadParcel(&r); err != nil {
		return mail.Message{}, err
	}
	from, err := p.mails.HouseAddressIn(tx)
	if err != nil {
		return mail.Message{}, err
	}
	draft := compose.New(p.catalog, r.Lang)
	draft.Say("mail.reset.hello", r.Name)
	draft.Say("mail.reset.text", from.Name)
	draft.Link("mail.reset.link", p.house.House("/app/reset?t="+url.QueryEscape(r.Token)))
	draft.Small("mail.reset.not_you")
	m := draft.Message(from, mail.Address{Name: r.Name, Email: d.Recipient}, d.Subject)
	m.AutoSubmitted = "auto-generated"
	return m, nil
}
