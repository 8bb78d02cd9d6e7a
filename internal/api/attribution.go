package api

import (
	"time"

	"causerie/internal/view/attribution"
	"causerie/internal/view/timeline"
)

type attributionJSON struct {
	Won        tallyJSON  `json:"won"`
	Open       tallyJSON  `json:"open"`
	Lost       tallyJSON  `json:"lost"`
	Mandates   []caseJSON `json:"mandates" nullable:"false" doc:"the last opened first"`
	NextCursor *string    `json:"next_cursor"`
}

type tallyJSON struct {
	Count      int         `json:"count"`
	Amounts    []moneyJSON `json:"amounts" nullable:"false"`
	Declared   int         `json:"declared" doc:"of them: the client said how they came"`
	Observed   int         `json:"observed" doc:"of them: the client had written or subscribed before, from an address that they proved"`
	Subscribed int         `json:"subscribed" doc:"of the observed: by a subscription alone, without a word"`
	Presumed   int         `json:"presumed" doc:"of them: not observed, but the client or a colleague may well have"`
}

type moneyJSON struct {
	Currency string `json:"currency"`
	Cents    int64  `json:"cents"`
}

type caseJSON struct {
	ID          string         `json:"id"`
	Title       string         `json:"title"`
	Stage       string         `json:"stage"`
	Contact     *string        `json:"contact" doc:"id"`
	AmountCents *int64         `json:"amount_cents"`
	Currency    string         `json:"currency"`
	Declared    string         `json:"declared" doc:"in the client's words"`
	Observed    []observedJSON `json:"observed" nullable:"false"`
	Presumed    []presumedJSON `json:"presumed" nullable:"false"`
}

type observedJSON struct {
	At   *time.Time `json:"at"`
	Kind string     `json:"kind" enum:"commented,asked,subscribed"`
	Ref  string     `json:"ref" doc:"id of the message, or of the voice or section that was subscribed to"`
}

type presumedJSON struct {
	At      *time.Time `json:"at"`
	Kind    string     `json:"kind" enum:"commented,asked,subscribed"`
	Ref     string     `json:"ref" doc:"id of the message, or of the voice or section that was subscribed to"`
	Why     string     `json:"why" doc:"unverified: from an address that nobody proved; colleague: by somebody else of the same company"`
	Contact *string    `json:"contact" doc:"id of who did it"`
}

func (a *API) attributionRoutes(r *register) {
	read(r, "/attribution", "getAttribution", a.attribution)
}

// attributionInput is ListInput with a longer page: the report is one answer for nearly every house.
type attributionInput struct {
	Limit  string `query:"limit" doc:"1 to 100, 100 when absent"`
	Cursor string `query:"cursor" doc:"next_cursor of the page before"`
}

func (a *API) attribution(c *call, in *attributionInput) (attributionJSON, error) {
	q := attribution.Query{Cursor: words(in.Cursor), Limit: maxLimit}
	if in.Limit != "" {
		n, err := ListInput{Limit: limit(in.Limit)}.size()
		if err != nil {
			return attributionJSON{}, err
		}
		q.Limit = n
	}
	r, err := a.Attribution.Page(c.ctx, c.by, q)
	out := attributionJSON{
		Won: showTally(r.Won), Open: showTally(r.Open), Lost: showTally(r.Lost), Mandates: make([]caseJSON, 0, len(r.Cases)),
		NextCursor: orNull(r.Next),
	}
	for _, one := range r.Cases {
		out.Mandates = append(out.Mandates, showCase(one))
	}
	return out, err
}

func showTally(t attribution.Tally) tallyJSON {
	out := tallyJSON{Count: t.Count, Amounts: make([]moneyJSON, 0, len(t.Amounts)), Declared: t.Declared, Observed: t.Observed, Subscribed: t.Subscribed, Presumed: t.Presumed}
	for _, m := range t.Amounts {
		out.Amounts = append(out.Amounts, moneyJSON{m.Currency, m.Cents})
	}
	return out
}

func showCase(m attribution.Case) caseJSON {
	out := caseJSON{
		ID: m.ID.String(), Title: m.Title, Stage: m.Stage, Contact: orNull(m.Contact.String()), AmountCents: m.AmountCents, Currency: m.Currency,
		Declared: m.Declared, Observed: make([]observedJSON, 0, len(m.Observed)), Presumed: make([]presumedJSON, 0, len(m.Presumed)),
	}
	show := func(o timeline.Item) observedJSON { return observedJSON{instant(o.At), o.Kind, momentRef(o)} }
	for _, o := range m.Observed {
		out.Observed = append(out.Observed, show(o))
	}
	for _, p := range m.Presumed {
		o := show(p.Item)
		out.Presumed = append(out.Presumed, presumedJSON{o.At, o.Kind, o.Ref, p.Why, orNull(p.Contact.String())})
	}
	return out
}
