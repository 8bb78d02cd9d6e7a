package newsletter

import (
	"fmt"
	"strings"

	"causerie/internal/channel/newsletter/edition"
	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/text"
)

// recent is how many posts a letter of welcome shows.
const recent = 3

// confirmed has a letter of welcome sent to who follows for the first time.
func (s *Service) confirmed(tx *db.Tx, e bus.Event, f fact.SubscriptionConfirmed) error {
	if e.Backfill || !f.First {
		return nil
	}
	a, err := s.o.Subscriptions.AskIn(tx, f.Ask)
	if err != nil {
		return err
	}
	c, err := s.o.Contacts.GetIn(tx, f.Contact)
	if err != nil {
		return err
	}
	sub, err := s.o.Subscriptions.GetIn(tx, f.Subscriber)
	if err != nil {
		return err
	}
	h := c.Address(sub.Handle)
	v, err := s.o.Voices.GetIn(tx, a.Follows[0].Voice)
	if err != nil {
		return err
	}
	if w, err := welcomeIn(tx, v.ID); err != nil || w.Silent {
		return err
	}
	_, err = s.o.Deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{
		Channel: mailer.Channel, Kind: KindWelcome, Key: fmt.Sprintf("%s/%v", KindWelcome, f.Subscriber), Voice: v.ID, Contact: c.ID, Handle: h.ID,
		Recipient: h.Value, Subject: s.words(a.Lang, "mail.welcome.subject", v.Name), Parcel: parcel{Name: c.Name, Company: c.Company, Lang: a.Lang},
	})
	return err
}

// words are those of a key in the language of a reader.
func (s *Service) words(lang, key string, args ...any) string {
	l, ok := i18n.Parse(lang)
	if !ok {
		l = i18n.FrFR
	}
	return s.catalog.T(l, key, args...)
}

// composeWelcome makes the letter of welcome: what to expect, and what was published last.
func (s *Service) composeWelcome(tx *db.Tx, d delivery.Delivery) (m mail.Message, err error) {
	var p parcel
	if err := d.ReadParcel(&p); err != nil {
		return m, err
	}
	w, err := welcomeIn(tx, d.Voice)
	if err != nil {
		return m, err
	}
	k, err := s.setWelcomeIn(tx, w, p.Lang, d.Subject)
	if err != nil {
		return m, err
	}
	r := &ready{kept: k}
	if r.body, err = k.Body(); err != nil {
		return m, err
	}
	r.shown, _, _ = k.For(edition.Person{})
	token := s.o.Subscriptions.ChoicesToken(d.Handle, 0)
	who := edition.Person{Name: p.Name, Company: p.Company, Unsubscribe: s.link("/subscribe/leave", token), Preferences: s.link("/subscribe/choices", token)}
	return s.message(r, who, d), nil
}

// setWelcomeIn sets a letter of welcome. Words of the voice's own are in its language, whatever that of the reader.
func (s *Service) setWelcomeIn(tx *db.Tx, w Welcome, lang, subject string) (k kept, err error) {
	x, err := s.settingIn(tx, w.Voice)
	if err != nil {
		return k, err
	}
	letter := edition.Digest{Body: text.HTML(w.html)}
	if w.html != "" {
		lang = x.voice.Lang
	} else {
		letter.Lede = s.words(lang, "mail.welcome.text", x.voice.Name)
	}
	k.Lang = lang
	if letter.Frame, err = s.frame(tx, x, lang); err != nil {
		return k, err
	}
	letter.Title, letter.Subject = s.words(lang, "mail.welcome.title"), subject
	if subject == "" {
		letter.Subject = s.words(lang, "mail.welcome.subject", x.voice.Name)
	}
	posts, _, err := s.posts.List(tx, post.Query{Voice: w.Voice, Limit: recent})
	if err != nil {
		return k, err
	}
	group := edition.Group{Name: x.voice.Name}
	if letter.Lede != "" && len(posts) > 0 {
		letter.Lede += " " + s.words(lang, "mail.welcome.lately")
	}
	for _, one := range posts {
		group.Entries = append(group.Entries, entryOf(x, one))
	}
	letter.Groups = []edition.Group{group}
	k.Edition = edition.OfDigest(letter)
	return k, s.keepFrom(tx, x, &k)
}

// entryOf is a post as a digest shows it.
func entryOf(x setting, one post.Public) edition.Entry {
	e := edition.Entry{Title: one.Label(), Lede: one.Deck(280), URL: x.places.URL(one.Voice, post.Path(one)), At: one.PublishedAt}
	if one.Title == "" {
		e.Lede = behind(e.Title, e.Lede)
	}
	if one.Section != nil {
		e.Kicker = one.Section.Name
	}
	if post.IsLong(one.Traits()) {
		e.Minutes = text.Minutes(one.Words)
	}
	if m, alt := one.Picture(); m != nil {
		e.Picture = pictureOf(x, *m, alt)
	}
	return e
}

// behind is what a note says behind the words that stand for its title: they are not said twice.
func behind(title, words string) string {
	begun, cut := strings.CutSuffix(title, "…")
	rest, found := strings.CutPrefix(words, begun)
	if rest = strings.TrimSpace(rest); !found {
		return ""
	}
	if rest == "" || !cut {
		return rest
	}
	return "…\u00a0" + rest
}
