// Package accountmail mails to people about their account: the link to a new password, an invitation, and what they are told
// because it might not have been they who did it.
//
// Its mails are of no voice, so only owners see that they left; they have the account lane, because somebody waits for
// them. The token of a link is sealed in the delivery until it has left, and in no key: a copy of the database opens nothing. It
// emits nothing and hears nothing.
package accountmail

import (
	"embed"
	"fmt"
	"net/url"
	"time"

	"causerie/internal/core/account"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/compose"
	"causerie/internal/platform/seal"
)

//go:embed fr.json en.json
var texts embed.FS

// The kinds of these mails.
const (
	KindReset  = "reset"          // a link to a new password
	KindInvite = "invite"         // a link to the first one
	KindNotice = "account_notice" // something about the account was done
)

// purpose is what the token of a link is sealed for.
const purpose = "account.reset"

// Options are what a Postman needs, all of them.
type Options struct {
	Deliveries *delivery.Service
	Mailer     *mailer.Service
	House      *house.Service
	Addresses  Addresses
	Box        *seal.Box
}

// Addresses makes the address of a page of the house. core/place fills it.
type Addresses interface{ House(path string) string }

// Postman is an account.Postman. Make it with New.
type Postman struct {
	o       Options
	catalog *i18n.Catalog
}

// New returns the postman and registers its kinds of mail. The error is a catalog that
// does not read.
func New(o Options) (*Postman, error) {
	p := &Postman{o: o, catalog: i18n.New()}
	if err := p.catalog.Add(texts); err != nil {
		return nil, fmt.Errorf("accountmail: %w", err)
	}
	for kind, compose := range map[string]func(*db.Tx, delivery.Delivery) (mail.Message, error){
		KindReset: p.composeLink, KindInvite: p.composeLink, KindNotice: p.composeNotice,
	} {
		o.Mailer.Register(mailer.Kind{Name: kind, Purpose: delivery.PurposeAccount, Lane: delivery.LaneAccount, Compose: compose})
	}
	return p, nil
}

// ReadyIn reports whether mail leaves.
func (p *Postman) ReadyIn(tx *db.Tx) (bool, error) { return p.o.Mailer.ReadyIn(tx) }

// link is the parcel of a mail that carries a link to a new password.
type link struct {
	Name   string `json:"name"`
	Lang   string `json:"lang"`
	By     string `json:"by,omitempty"` // who invites
	Sealed string `json:"sealed"`       // the token
	Until  int64  `json:"until"`        // milliseconds: it is mailed no more then
}

// ResetIn has a link to set a new password mailed.
func (p *Postman) ResetIn(tx *db.Tx, to account.Account, token string) error {
	return p.linkIn(tx, KindReset, to, "", token, account.ResetLife)
}

// InviteIn has a link to choose the first password mailed; by is the name of who invites.
func (p *Postman) InviteIn(tx *db.Tx, to account.Account, by, token string) error {
	return p.linkIn(tx, KindInvite, to, by, token, account.InviteLife)
}

func (p *Postman) linkIn(tx *db.Tx, kind string, to account.Account, by, token string, life time.Duration) error {
	sealed, err := p.o.Box.Seal(purpose, []byte(token))
	if err != nil {
		return err
	}
	return p.sendIn(tx, kind, to, "mail."+kind+".subject", link{to.Name, to.Lang, by, sealed, tx.Now().Add(life).UnixMilli()})
}

func (p *Postman) sendIn(tx *db.Tx, kind string, to account.Account, subject string, parcel any) error {
	from, err := p.o.Mailer.HouseAddressIn(tx)
	if err != nil {
		return err
	}
	_, err = p.o.Deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{
		Channel: mailer.Channel, Kind: kind, Key: fmt.Sprintf("%s/%v/%v", kind, to.ID, fact.New[fact.DeliveryID](tx.Now())), // each is a mail of its own
		About: delivery.Ref{Kind: delivery.RefAccount, ID: int64(to.ID)}, Recipient: to.Email,
		Subject: compose.New(p.catalog, to.Lang).T(subject, from.Name), Parcel: parcel,
	})
	return err
}

// composeLink makes the mail of a link. One that waited until it opens nothing is not sent.
func (p *Postman) composeLink(tx *db.Tx, d delivery.Delivery) (mail.Message, error) {
	var l link
	if err := d.ReadParcel(&l); err != nil {
		return mail.Message{}, err
	}
	token, err := p.o.Box.Unseal(purpose, l.Sealed)
	if err != nil || tx.Now().UnixMilli() >= l.Until {
		return mail.Message{}, delivery.Refusal{Reason: delivery.Gone}
	}
	from, err := p.o.Mailer.HouseAddressIn(tx)
	if err != nil {
		return mail.Message{}, err
	}
	draft := compose.New(p.catalog, l.Lang)
	draft.Say("mail.reset.hello", l.Name)
	if d.Kind == KindInvite {
		draft.Say("mail.invite.text", l.By, from.Name)
	} else {
		draft.Say("mail.reset.text", from.Name)
	}
	draft.Button("mail."+d.Kind+".link", p.o.Addresses.House("/app/reset?t="+url.QueryEscape(string(token))))
	draft.Small("mail." + d.Kind + ".not_you")
	return p.message(draft, from, l.Name, d), nil
}

func (p *Postman) message(draft *compose.Draft, from mail.Address, name string, d delivery.Delivery) mail.Message {
	m := draft.Message(from, mail.Address{Name: name, Email: d.Recipient}, d.Subject)
	m.AutoSubmitted = "auto-generated"
	return m
}
