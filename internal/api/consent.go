package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"causerie/internal/core/consent"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

type consentJSON struct {
	ID           string     `json:"id"`
	Channel      string     `json:"channel" enum:"email,phone"`
	Purpose      string     `json:"purpose" doc:"letter, nudge, question; empty of a withdrawal or an objection that stops them all"`
	Basis        string     `json:"basis" enum:"consent,client,professional_function,implied_purchase,implied_inquiry,referral,withdrawal,objection,use,told"`
	Jurisdiction string     `json:"jurisdiction" doc:"a country of ISO 3166-1"`
	Wording      string     `json:"wording"`
	Version      string     `json:"version"`
	Lang         string     `json:"lang"`
	Source       string     `json:"source"`
	Theme        string     `json:"theme"`
	AskedAt      *time.Time `json:"asked_at"`
	InformedAt   *time.Time `json:"informed_at"`
	At           *time.Time `json:"at" doc:"when it was given"`
	EnteredAt    *time.Time `json:"entered_at"`
	Hash         string     `json:"hash" doc:"SHA-256 of the row and of the hash before it"`
}

type consentBody struct {
	Channel      opt[string]    `json:"channel,omitempty" doc:"email when absent"`
	Purpose      opt[string]    `json:"purpose,omitempty" doc:"letter, nudge, question"`
	Basis        opt[string]    `json:"basis,omitempty" doc:"consent, client, professional_function, implied_purchase, implied_inquiry, referral, withdrawal, objection"`
	Jurisdiction opt[string]    `json:"jurisdiction,omitempty" doc:"whose law holds, a country of ISO 3166-1; the house's when absent"`
	Wording      opt[string]    `json:"wording,omitempty" doc:"what they agreed to, word by word"`
	Version      opt[string]    `json:"version,omitempty"`
	Lang         opt[string]    `json:"lang,omitempty"`
	Source       opt[string]    `json:"source,omitempty" doc:"where it came from: a page, a fair, who gave the name"`
	Theme        opt[string]    `json:"theme,omitempty" doc:"of professional_function: what the messages are about"`
	AskedAt      opt[time.Time] `json:"asked_at,omitempty"`
	InformedAt   opt[time.Time] `json:"informed_at,omitempty" doc:"of professional_function: when they were told, and could object"`
	At           opt[time.Time] `json:"at,omitempty" doc:"when it was given, which may lie in the past; now when absent"`
}

func (b consentBody) evidence() consent.Evidence {
	return consent.Evidence{Channel: b.Channel.V, Purpose: b.Purpose.V, Basis: b.Basis.V, Jurisdiction: b.Jurisdiction.V, Wording: b.Wording.V,
		Version: b.Version.V, Lang: b.Lang.V, Source: b.Source.V, Theme: b.Theme.V, Asked: b.AskedAt.V, Informed: b.InformedAt.V, At: b.At.V}
}

func (a *API) consentRoutes(r *register) {
	read(r, "/contacts/{id}/consents", "listConsents", func(c *call, in *oneInput) (page[consentJSON], error) {
		id, err := parse[fact.ContactID]("contact", in.ID)
		if err != nil {
			return page[consentJSON]{}, err
		}
		all, err := a.Consents.Of(c.ctx, c.by, id)
		return newPage(all, "", showConsent), err
	})
	write(r, http.MethodPost, "/contacts/{id}/consents", "addConsent", http.StatusCreated, func(c *call, in *oneInput, b *consentBody) (consentJSON, error) {
		id, err := parse[fact.ContactID]("contact", in.ID)
		if err != nil {
			return consentJSON{}, err
		}
		row, err := a.Consents.Record(c.ctx, c.by, id, b.evidence())
		return showConsent(row), err
	})
}

// consentList is some consents, each read by itself, so that what is wrong is told by its place in the list.
type consentList []json.RawMessage

// Schema describes it as a list of consentBody.
func (consentList) Schema(r huma.Registry) *huma.Schema {
	most := maxConsents
	return &huma.Schema{Type: "array", MaxItems: &most, Items: r.Schema(reflect.TypeFor[consentBody](), true, "consentBody")}
}

// maxConsents is how many somebody is written down with at once.
const maxConsents = 20

// recordAll adds the consents that somebody is written down with. Problems are at consents.0.basis and the like.
func (a *API) recordAll(tx *db.Tx, c *call, id fact.ContactID, all *consentList) error {
	if all == nil {
		return nil
	}
	if len(*all) > maxConsents {
		return fault.Invalid("consents", "too_many", maxConsents)
	}
	var bad fault.Problems
	for i, raw := range *all {
		var b consentBody
		err := decode(raw, &b)
		if err == nil {
			_, err = a.Consents.RecordIn(tx, c.by, id, b.evidence())
		}
		problems := fault.ProblemsOf(err)
		if err != nil && len(problems) == 0 {
			return err
		}
		for _, p := range problems {
			bad.Add(strings.TrimSuffix(fmt.Sprintf("consents.%d.%s", i, p.Field), "."), p.Code, p.Args...)
		}
	}
	return bad.Err()
}

func showConsent(c consent.Consent) consentJSON {
	return consentJSON{ID: c.ID.String(), Channel: c.Channel, Purpose: c.Purpose, Basis: c.Basis, Jurisdiction: c.Jurisdiction, Wording: c.Wording,
		Version: c.Version, Lang: c.Lang, Source: c.Source, Theme: c.Theme, AskedAt: instant(c.Asked), InformedAt: instant(c.Informed),
		At: instant(c.At), EnteredAt: instant(c.EnteredAt), Hash: c.Hash}
}
