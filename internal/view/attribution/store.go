package attribution

import (
	"causerie/internal/fact"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
	"causerie/internal/view/timeline"
)

const (
	// before: an own act of a person that came before the mandate m was opened, in a row t of the timeline, in scope. That somebody left
	// a letter brought nothing about; that they had subscribed stays true.
	before = `t.at <= m.opened_at AND t.kind IN ('commented', 'asked', 'subscribed') AND {scope:t.voice_id}`
	// words: such an act that said something.
	words = before + ` AND t.kind <> 'subscribed'`
	// colleagues: o is a handle of somebody else with the same company's e-mail domain as the handle h.
	colleagues = `JOIN handles o ON o.domain = h.domain AND o.domain <> '' AND o.contact_id <> h.contact_id`

	caseColumns = `m.id, m.title, m.contact_id, COALESCE(c.name, ''), m.voice_id, m.stage, m.amount_cents, m.currency, m.declared
		  FROM mandates m LEFT JOIN contacts c ON c.id = m.contact_id`
	titled = `x.at, x.kind, x.ref_kind, x.ref, x.label, x.observed,
		       COALESCE(CASE WHEN p.title <> '' THEN p.title ELSE SUBSTR(p.plain, 1, 200) END, ` + timeline.Followed + `, '')`
	about = `
		  LEFT JOIN messages g ON x.ref_kind = 'message' AND g.id = x.ref
		  LEFT JOIN posts p ON p.id = g.post_id
		  LEFT JOIN voices fv ON x.kind = 'subscribed' AND fv.id = x.voice_id
		  LEFT JOIN sections fs ON x.ref_kind = 'section' AND fs.id = x.ref`
)

var (
	qCases = db.ScopedQ("attribution.cases", `SELECT `+caseColumns+` WHERE m.id < $1 AND m.deleted_at IS NULL AND {scope:m.voice_id} ORDER BY m.id DESC LIMIT CAST($2 AS BIGINT)`)
	qCase  = db.Q("mandate.attributed", `SELECT `+caseColumns+` WHERE m.id = $1 AND m.deleted_at IS NULL`)

	// Of each mandate from one id to another, the first act and the last ones, observed and not.
	qActs = db.ScopedQ("attribution.acts", `
		SELECT x.mandate, `+titled+`
		  FROM (SELECT m.id AS mandate, t.at, t.kind, t.ref_kind, t.ref, t.voice_id, t.label, t.observed,
		               ROW_NUMBER() OVER (PARTITION BY m.id, t.observed ORDER BY t.at, t.ref) AS first,
		               ROW_NUMBER() OVER (PARTITION BY m.id, t.observed ORDER BY t.at DESC, t.ref DESC) AS latest
		          FROM mandates m JOIN timeline t ON t.contact_id = m.contact_id AND `+before+`
		         WHERE m.id BETWEEN $1 AND $2 AND m.deleted_at IS NULL AND {scope:m.voice_id}) x`+about+`
		 WHERE x.first = 1 OR x.latest <= 9
		 ORDER BY x.mandate, x.at, x.ref`)
	qColleagues = db.ScopedQ("attribution.colleagues", `
		SELECT x.mandate, `+titled+`, x.other, k.name
		  FROM (SELECT m.mandate, m.other, t.at, t.kind, t.ref_kind, t.ref, t.voice_id, t.label, t.observed,
		               ROW_NUMBER() OVER (PARTITION BY m.mandate ORDER BY t.at DESC, t.ref DESC) AS latest
		          FROM (SELECT DISTINCT d.id AS mandate, d.opened_at, o.contact_id AS other
		                  FROM mandates d JOIN handles h ON h.contact_id = d.contact_id `+colleagues+`
		                 WHERE d.id BETWEEN $1 AND $2 AND d.deleted_at IS NULL AND {scope:d.voice_id}) m
		          JOIN timeline t ON t.contact_id = m.other AND `+before+`) x
		  JOIN contacts k ON k.id = x.other`+about+`
		 WHERE x.latest <= 5
		 ORDER BY x.mandate, x.at, x.ref`)

	// Every mandate is looked at, each by index: a house has hundreds.
	qTally = db.ScopedQ("attribution.tally", `
		SELECT stage, currency, COUNT(*), `+mandate.SumOfAmounts+`, SUM(declared), SUM(observed),
		       SUM(CASE WHEN worded = 0 THEN observed ELSE 0 END), SUM(CASE WHEN observed = 0 THEN presumed ELSE 0 END)
		  FROM (SELECT m.stage, m.currency, m.amount_cents,
		               CASE WHEN m.declared <> '' THEN 1 ELSE 0 END AS declared,
		               CASE WHEN EXISTS (SELECT 1 FROM timeline t WHERE t.contact_id = m.contact_id AND `+before+` AND t.observed)
		                    THEN 1 ELSE 0 END AS observed,
		               CASE WHEN EXISTS (SELECT 1 FROM timeline t WHERE t.contact_id = m.contact_id AND `+words+` AND t.observed)
		                    THEN 1 ELSE 0 END AS worded,
		               CASE WHEN EXISTS (SELECT 1 FROM timeline t WHERE t.contact_id = m.contact_id AND `+before+` AND NOT t.observed) THEN 1
		                    WHEN EXISTS (SELECT 1 FROM handles h `+colleagues+` JOIN timeline t ON t.contact_id = o.contact_id
		                                  WHERE h.contact_id = m.contact_id AND `+before+`) THEN 1
		                    ELSE 0 END AS presumed
		          FROM mandates m WHERE m.deleted_at IS NULL AND {scope:m.voice_id}) x
		 GROUP BY stage, currency ORDER BY stage, currency`)
)

func scanCase(r db.Row) (c Case, err error) {
	err = r.Scan(&c.ID, &c.Title, &c.Contact, &c.ContactName, &c.Voice, &c.Stage, &c.AmountCents, &c.Currency, &c.Declared)
	return c, err
}

// act is an own act of somebody before a mandate.
type act struct {
	mandate fact.MandateID
	timeline.Item
	who  fact.ContactID // of a colleague
	name string
}

func scanAct(r db.Row) (a act, err error) {
	err = scanWith(r, &a)
	return a, err
}

func scanColleague(r db.Row) (a act, err error) {
	err = scanWith(r, &a, &a.who, &a.name)
	return a, err
}

func scanWith(r db.Row, a *act, more ...any) error {
	var title string
	into := append([]any{&a.mandate, db.Time(&a.At), &a.Kind, &a.RefKind, &a.Ref, &a.Words, &a.Observed, &title}, more...)
	err := r.Scan(into...)
	a.Label = text.Excerpt(title, 90)
	return err
}

// sum is what the tally says of one stage in one currency.
type sum struct {
	stage, currency string
	cents           int64
	tally           Tally
}

func scanSum(r db.Row) (s sum, err error) {
	err = r.Scan(&s.stage, &s.currency, &s.tally.Count, &s.cents, &s.tally.Declared, &s.tally.Observed, &s.tally.Subscribed, &s.tally.Presumed)
	return s, err
}
