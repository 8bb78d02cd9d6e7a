package api

import (
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/platform/i18n"
)

type deliveryJSON struct {
	ID          string     `json:"id"`
	Channel     string     `json:"channel" doc:"mail, or another way out"`
	Kind        string     `json:"kind" doc:"answer, confirmation, reset, test, or what another channel sends"`
	Purpose     string     `json:"purpose" doc:"account, conversation, or what a consent names"`
	Voice       *string    `json:"voice" doc:"slug; null for what the house itself sends, which only owners see"`
	To          string     `json:"to"`
	Subject     string     `json:"subject"`
	Contact     *string    `json:"contact" doc:"id"`
	Message     *string    `json:"message" doc:"id of what it carries, or is about"`
	State       string     `json:"state" enum:"held,queued,sending,sent,deferred,refused,uncertain,bounced,complained,answered,cancelled"`
	Reason      *string    `json:"reason" doc:"no_relay, hold_all, review, interrupted, no_answer, gave_up, compose, gone, erased, handle_removed, lost_key, why the relay says no or does not answer (auth, rcpt, silent, self_signed...), or what a gate says"`
	ReasonText  *string    `json:"reason_text" doc:"the reason in words, in the language of the token's owner"`
	ServerReply string     `json:"server_reply" doc:"the words of the server, or of the machine on why there are none"`
	Attempts    int        `json:"attempts"`
	CreatedAt   *time.Time `json:"created_at"`
	At          *time.Time `json:"at" doc:"since when the state is what it is"`
	AgainAt     *time.Time `json:"again_at" doc:"when a deferred one is tried again"`
}

type deliveriesInput struct {
	ListInput
	State string `query:"state"`
}

func (a *API) deliveryRoutes(r *register) {
	read(r, "/deliveries", "listDeliveries", func(c *call, in *deliveriesInput) (page[deliveryJSON], error) {
		n, err := in.size()
		if err == nil {
			err = oneOf("state", in.State, delivery.States()...)
		}
		if err != nil {
			return page[deliveryJSON]{}, err
		}
		k, err := a.knownVoices(c)
		if err != nil {
			return page[deliveryJSON]{}, err
		}
		found, next, err := a.Deliveries.List(c.ctx, c.by, delivery.Filter{State: in.State, Cursor: words(in.Cursor), Limit: n})
		return newPage(found, next, func(d delivery.Delivery) deliveryJSON { return a.showDelivery(c.lang, k, d) }), err
	})
}

func (a *API) showDelivery(l i18n.Lang, k voices, d delivery.Delivery) deliveryJSON {
	out := deliveryJSON{
		ID: d.ID.String(), Channel: d.Channel, Kind: d.Kind, Purpose: d.Purpose, Voice: k.slug(d.Voice), To: d.Recipient, Subject: d.Subject, Contact: orNull(d.Contact.String()),
		Message: orNull(d.Message().String()), State: d.State, Reason: orNull(d.Reason), ServerReply: d.ServerReply, Attempts: d.Attempts,
		CreatedAt: instant(d.CreatedAt), At: instant(d.At),
	}
	if d.State == delivery.Deferred {
		out.AgainAt = instant(d.DueAt)
	}
	if key := "delivery.reason." + d.Reason; a.Catalog.Has(l, key) {
		out.ReasonText = orNull(a.Catalog.T(l, key))
	}
	return out
}
