package accountmail

import (
	"strings"

	"causerie/internal/core/account"
	"causerie/internal/core/delivery"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/compose"
)

// notice is the parcel of a mail that tells what was done.
type notice struct {
	Name  string   `json:"name"`
	Lang  string   `json:"lang"`
	What  string   `json:"what"`            // account.NoticePassword...
	About string   `json:"about,omitempty"` // whose account, when it is another's
	Args  []string `json:"args"`
}

// TellIn has somebody told what was done to an account: their own, or for an owner another's.
func (p *Postman) TellIn(tx *db.Tx, to account.Account, n account.Notice) error {
	parcel := notice{Name: to.Name, Lang: to.Lang, What: n.What, Args: n.Args}
	subject := "mail.notice." + n.What + ".subject"
	if to.ID != n.About.ID {
		parcel.About, subject = n.About.Name, subject+"_other"
	}
	return p.sendIn(tx, KindNotice, to, subject, parcel)
}

func (p *Postman) composeNotice(tx *db.Tx, d delivery.Delivery) (mail.Message, error) {
	var n notice
	if err := d.ReadParcel(&n); err != nil {
		return mail.Message{}, err
	}
	from, err := p.o.Mailer.HouseAddressIn(tx)
	if err != nil {
		return mail.Message{}, err
	}
	h, err := p.o.House.GetIn(tx)
	if err != nil {
		return mail.Message{}, err
	}
	draft := compose.New(p.catalog, n.Lang)
	at := draft.Date(d.CreatedAt, h.Location()) + ", " + draft.Hour(d.CreatedAt, h.Location())
	arg := func(i int) string {
		if i < len(n.Args) {
			return n.Args[i]
		}
		return ""
	}
	draft.Say("mail.reset.hello", n.Name)
	other := n.About != ""
	switch n.What {
	case account.NoticePassword:
		draft.Say("mail.notice.password", from.Name, at)
		switch {
		case arg(1) == "kept":
			draft.Say("mail.notice.kept")
		case len(n.Args) > 2:
			draft.Say("mail.notice.closed_tokens", strings.Join(n.Args[2:], ", "))
		default:
			draft.Say("mail.notice.closed")
		}
	case account.NoticeToken:
		draft.Say("mail.notice.token_"+arg(1), arg(0), from.Name, at)
	case account.NoticeAddress:
		draft.Say("mail.notice.address", from.Name, arg(0), at)
	case account.NoticeOwner:
		if other {
			draft.Say("mail.notice.owner_other", arg(0), arg(1), from.Name, at)
		} else {
			draft.Say("mail.notice.owner", from.Name, at)
		}
	case account.NoticeTries:
		if other {
			draft.Say("mail.notice.tries_other", n.About, arg(0))
		} else {
			draft.Say("mail.notice.tries", from.Name, arg(0))
		}
		draft.Say("mail.notice.tries_means")
	}
	switch {
	case other:
		draft.Link("mail.notice.people", p.o.Addresses.House("/app/settings/people"))
	case n.What == account.NoticeAddress: // the link to a new password goes to the new address
		draft.Small("mail.notice.tell_owner")
	default:
		draft.Link("mail.notice.not_you", p.o.Addresses.House("/app/forgot"))
	}
	return p.message(draft, from, n.Name, d), nil
}
