package newsletter

import (
	"context"
	"sync"

	"causerie/internal/channel/newsletter/edition"
	"causerie/internal/core/consent"
	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/compose"
)

// parcel is what a delivery of a letter needs besides its ids.
type parcel struct {
	Name    string `json:"n,omitempty"`
	Company string `json:"c,omitempty"`
	Variant string `json:"v,omitempty"` // of the edition
	Lang    string `json:"g,omitempty"` // of what is set for one
	Letter  string `json:"l,omitempty"` // of a test, which is about no letter that anybody gets
}

// ready is an edition whose body was encoded for all who get it.
type ready struct {
	kept
	shown string // the subject for lists, without slots
	body  *mail.Body
}

// press keeps the editions that leave now, so that each is read and encoded once.
type press struct {
	mu    sync.Mutex
	ready map[pressKey]*ready
}

type pressKey struct {
	letter  fact.LetterID
	variant string
}

// maxReady is how many editions are kept ready: a digest has one for each choice of voices.
const maxReady = 64

// keptIn returns an edition of a letter that began to leave. It never changes.
func (s *Service) keptIn(tx *db.Tx, id fact.LetterID, variant string) (*ready, error) {
	key := pressKey{id, variant}
	s.press.mu.Lock()
	r := s.press.ready[key]
	s.press.mu.Unlock()
	if r != nil {
		return r, nil
	}
	k, err := editionIn(tx, id, variant)
	if err != nil {
		return nil, err
	}
	r = &ready{kept: k}
	if r.body, err = k.Body(); err != nil {
		return nil, err
	}
	r.shown, _, _ = k.For(edition.Person{})
	s.press.mu.Lock()
	defer s.press.mu.Unlock()
	if len(s.press.ready) >= maxReady || s.press.ready == nil {
		s.press.ready = map[pressKey]*ready{}
	}
	s.press.ready[key] = r
	return r, nil
}

// composeLetter makes the mail of one who gets a letter: what was set for all, with what is theirs in its places.
func (s *Service) composeLetter(tx *db.Tx, d delivery.Delivery) (m mail.Message, err error) {
	var p parcel
	if err := d.ReadParcel(&p); err != nil {
		return m, err
	}
	id := fact.LetterID(d.About.ID)
	r, err := s.keptIn(tx, id, p.Variant)
	if err != nil {
		return m, err
	}
	token := s.o.Subscriptions.ChoicesToken(d.Handle, id)
	leave := s.link("/subscribe/leave", token)
	if !d.Voice.IsZero() && p.Variant == "" {
		leave += "&v=" + d.Voice.String()
	}
	who := edition.Person{Name: p.Name, Company: p.Company, Unsubscribe: leave, Preferences: s.link("/subscribe/choices", token),
		Unasked: d.Ground != "" && d.Ground != consent.Agreement, Origin: d.Origin}
	return s.message(r, who, d), nil
}

// message is the mail of an edition to one. What everybody gets stands first among its headers as RFC 2369, 2919 and 8058 have it.
func (s *Service) message(r *ready, who edition.Person, d delivery.Delivery) mail.Message {
	from := mail.Address{Name: r.FromName, Email: r.FromEmail}
	values := r.Values(who)
	subject := r.Subject
	if r.shown != r.Subject {
		subject, _, _ = r.For(who)
	}
	return mail.Message{
		From: from, ReplyTo: from, To: mail.Address{Name: who.Name, Email: d.Recipient}, Subject: subject, Body: r.body, Values: values,
		ListUnsubscribe: who.Unsubscribe, ListUnsubscribePost: "List-Unsubscribe=One-Click", AutoSubmitted: "auto-generated",
		Headers: map[string]string{
			"Content-Language": r.Lang, "List-Id": "<" + r.List + ">", "Precedence": "bulk",
			"Feedback-ID": fact.LetterID(d.About.ID).String() + "::" + d.Kind + ":" + r.List,
		},
	}
}

// gate refuses what nobody wants any more: who left the voice or pauses since the letter was handed over.
func (s *Service) gate(tx *db.Tx, batch []delivery.Delivery) (map[fact.DeliveryID]string, error) {
	people := map[fact.VoiceID][]fact.ContactID{}
	for _, d := range batch {
		people[d.Voice] = append(people[d.Voice], d.Contact)
	}
	refused := map[fact.DeliveryID]string{}
	for v, ids := range people {
		if v.IsZero() {
			continue
		}
		barred, err := s.o.Subscriptions.BarredIn(tx, v, ids)
		if err != nil {
			return nil, err
		}
		for _, d := range batch {
			if why, no := barred[d.Contact]; no && d.Voice == v {
				refused[d.ID] = string(why)
			}
		}
	}
	return refused, nil
}

// gather is gatherIn for who asks, outside a transaction. Authors of the voice may.
func (s *Service) gather(ctx context.Context, by actor.Actor, id fact.LetterID, also func(tx *db.Tx, l Letter) error) (l Letter, d draft, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		if l, err = s.GetIn(tx, by, id); err != nil {
			return err
		}
		if d, err = s.gatherIn(tx, l); err != nil || also == nil {
			return err
		}
		return also(tx, l)
	})
	return l, d, err
}

// Preview returns a letter as somebody would get it now; the zero id is nobody in particular. Authors of its voice may.
func (s *Service) Preview(ctx context.Context, by actor.Actor, id fact.LetterID, who fact.ContactID) (v Shown, err error) {
	form := s.o.Places.Last().House("/subscribe")
	p := edition.Person{Unsubscribe: form, Preferences: form}
	_, d, err := s.gather(ctx, by, id, func(tx *db.Tx, _ Letter) error {
		if who.IsZero() {
			return nil
		}
		c, err := s.o.Contacts.GetIn(tx, who)
		p.Name, p.Company = c.Name, c.Company
		return err
	})
	if err != nil {
		return v, err
	}
	k, fields := d.set()
	v.Subject, v.HTML, v.Text = k.For(p)
	v.Preheader, v.From, v.Address, v.Cut, v.Fields = k.Preheader, k.FromName, k.FromEmail, k.Cut, fields
	return v, nil
}

// Test has a letter mailed to one address of the house as it would leave now. Authors of its voice may. Its links to leave lead to the form.
func (s *Service) Test(ctx context.Context, by actor.Actor, id fact.LetterID, to string) error {
	_, d, err := s.gather(ctx, by, id, nil)
	if err != nil {
		return err
	}
	k, _ := d.set()
	shown, _, _ := k.For(edition.Person{Name: by.Name})
	return s.update(ctx, by, id, actor.Author, func(tx *db.Tx, l Letter) error {
		test := fact.New[fact.DeliveryID](tx.Now()).String()
		if err := s.dropTestsIn(tx, l.ID); err != nil {
			return err
		}
		if err := keepEdition(tx, l.ID, testVariant+test, k); err != nil {
			return err
		}
		_, err := s.o.Deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{
			Channel: mailer.Channel, Kind: KindLetterTest, Key: KindLetterTest + "/" + test, Voice: l.Voice, About: testRef(l.ID), Recipient: to,
			Subject: compose.New(s.catalog, k.Lang).T("mail.letter.test", shown), Parcel: parcel{Name: by.Name, Variant: testVariant + test, Letter: l.ID.String()},
		})
		return err
	})
}

// testVariant begins the variant of an edition that was set for a test; the next test takes its place.
const testVariant = "test/"

// testRef names the tests of a letter, which count among none of its recipients.
func testRef(id fact.LetterID) deliveryRef { return delivery.Ref{Kind: KindLetterTest, ID: int64(id)} }

// dropTestsIn takes back the tests of a letter that have not left, with what was set for them.
func (s *Service) dropTestsIn(tx *db.Tx, id fact.LetterID) error {
	if err := s.o.Deliveries.CancelAboutIn(tx, testRef(id), ReasonCancelled); err != nil {
		return err
	}
	_, err := db.Exec(tx, qDropTests, id)
	return err
}

func (s *Service) composeTest(tx *db.Tx, d delivery.Delivery) (m mail.Message, err error) {
	var p parcel
	if err := d.ReadParcel(&p); err != nil {
		return m, err
	}
	id, err := fact.Parse[fact.LetterID](p.Letter)
	if err != nil {
		return m, err
	}
	r, err := s.keptIn(tx, id, p.Variant)
	if err != nil {
		return m, err
	}
	form := s.o.Places.Last().House("/subscribe")
	m = s.message(r, edition.Person{Name: p.Name, Unsubscribe: form, Preferences: form}, d)
	m.Subject, m.ListUnsubscribe, m.ListUnsubscribePost = d.Subject, "", ""
	return m, nil
}
