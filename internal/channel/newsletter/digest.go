package newsletter

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"causerie/internal/channel/newsletter/edition"
	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/queue"
)

const (
	digestLookJob = "digest.look"
	digestJob     = "digest.send"
	digestHour    = 7  // of the morning, in the house's zone
	maxEntries    = 40 // posts of one digest
)

// lateDigest is how long after its hour a digest still leaves, when no process ran: what it tells is a week old, or a month.
const lateDigest = 3 * 24 * time.Hour

// period is what a digest tells of, from one of its hours to the next.
type period struct {
	Rhythm string `json:"rhythm"`
	Day    string `json:"day"` // on which it leaves, YYYY-MM-DD
}

func (p period) key() string { return "digest/" + p.Rhythm + "/" + p.Day }

// periodOf returns the period of a digest, and whether l is one.
func periodOf(l Letter) (p period, is bool) {
	p.Rhythm, p.Day, is = strings.Cut(strings.TrimPrefix(l.Subject, "digest/"), "/")
	return p, is && l.Kind == Digest
}

// DigestOf returns how often, and on which day, a digest that made itself left; false for any other letter.
func (l Letter) DigestOf() (rhythm string, day clock.Day, is bool) {
	p, is := periodOf(l)
	if is {
		day, err := clock.ParseDay(p.Day)
		return p.Rhythm, day, err == nil
	}
	return "", day, false
}

// bounds returns the instants between which a post appeared that p tells of. They are civil: a week is seven days long, whatever the
// clocks do in it.
func (p period) bounds(zone *time.Location) (since, until time.Time) {
	day, _ := clock.ParseDay(p.Day) // periods wrote it
	d := day.Start(zone).In(zone)
	until = time.Date(d.Year(), d.Month(), d.Day(), digestHour, 0, 0, 0, zone)
	if p.Rhythm == subscription.Monthly {
		return time.Date(d.Year(), d.Month()-1, d.Day(), digestHour, 0, 0, 0, zone), until
	}
	return time.Date(d.Year(), d.Month(), d.Day()-7, digestHour, 0, 0, 0, zone), until
}

// periods returns those whose hour has come and is not long past: weekly on Mondays, monthly on the first of the month.
func periods(now time.Time, zone *time.Location) (all []period) {
	today := clock.DayOf(now, zone)
	for n := range int(lateDigest/(24*time.Hour)) + 1 {
		day := today.Add(-n)
		for _, p := range []period{{subscription.Weekly, day.String()}, {subscription.Monthly, day.String()}} {
			_, hour := p.bounds(zone)
			falls := day.Weekday() == time.Monday
			if p.Rhythm == subscription.Monthly {
				falls = day.Start(zone).In(zone).Day() == 1
			}
			if falls && !now.Before(hour) && now.Sub(hour) < lateDigest {
				all = append(all, p)
			}
		}
	}
	return all
}

func (s *Service) digests() {
	queue.Handle(s.o.Queue, digestLookJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, _ struct{}) error {
		return s.o.DB.Write(ctx, s.lookIn)
	})
	queue.Handle(s.o.Queue, digestJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, p period) error { return s.sendDigest(ctx, p) })
	s.o.Queue.Every(digestLookJob, func(after time.Time) time.Time { return after.Truncate(time.Hour).Add(time.Hour) }, digestLookJob)
}

// lookIn has each digest whose hour has come sent, once.
func (s *Service) lookIn(tx *db.Tx) error {
	h, err := s.o.House.GetIn(tx)
	if err != nil || !h.Public {
		return err // strangers read nothing, and nothing is told
	}
	for _, p := range periods(tx.Now(), h.Location()) {
		if _, err := s.o.Queue.Enqueue(tx, digestJob, p, queue.Put{Key: p.key()}); err != nil {
			return err
		}
	}
	return nil
}

// sendDigest hands the digest of a period to the outbox, from where it had come when the program stopped. Who has nothing new gets none.
func (s *Service) sendDigest(ctx context.Context, p period) error {
	l, err := s.digestOf(ctx, p)
	if err != nil || !l.HandedAt.IsZero() {
		return err
	}
	told := map[string]bool{} // by variant: whether there is something to tell
	for {
		var subs []subscription.Subscriber
		sets := map[string]*edition.Digest{}
		keeps := map[string]kept{}
		err := s.o.DB.Read(ctx, func(tx *db.Tx) (err error) {
			if l, err = db.One(tx, qByID, scanLetter, l.ID); err != nil {
				return err
			}
			if subs, err = s.o.Subscriptions.DigestsIn(tx, p.Rhythm, fact.SubscriberID(l.reached), slice); err != nil {
				return err
			}
			for _, sub := range subs {
				v := variantOf(sub)
				if _, known := told[v]; known {
					continue
				}
				d, k, err := s.gatherDigestIn(tx, p, sub)
				if err != nil {
					return err
				}
				if told[v] = d != nil; d != nil {
					sets[v], keeps[v] = d, k
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for v, d := range sets {
			k := keeps[v]
			k.Edition = edition.OfDigest(*d)
			keeps[v] = k
		}
		if err := s.o.DB.Write(ctx, func(tx *db.Tx) error { return s.handDigestIn(tx, l, subs, keeps, told) }); err != nil || len(subs) == 0 {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// digestOf returns the letter of a period, which it makes the first time.
func (s *Service) digestOf(ctx context.Context, p period) (l Letter, err error) {
	err = s.o.DB.Write(ctx, func(tx *db.Tx) error {
		var found bool
		if l, found, err = db.Maybe(tx, qDigest, scanLetter, p.key()); err != nil || found {
			return err
		}
		main, err := s.o.Voices.MainIn(tx)
		if err != nil {
			return err
		}
		l = Letter{ID: fact.New[fact.LetterID](tx.Now()), Voice: main.ID, Kind: Digest, Subject: p.key(), Audience: Followers, State: Sending,
			SendAt: tx.Now(), CreatedAt: tx.Now()}
		if _, err := db.Exec(tx, qInsert, l.ID, l.Voice, nil, l.Kind, l.Subject, "", false, l.Audience, l.State, db.At(l.SendAt), nil, db.At(l.CreatedAt)); err != nil {
			return err
		}
		_, err = db.Exec(tx, qBegin, l.ID, db.At(tx.Now()))
		return err
	})
	return l, err
}

// handDigestIn hands the digest of some subscribers over.
func (s *Service) handDigestIn(tx *db.Tx, l Letter, subs []subscription.Subscriber, keeps map[string]kept, told map[string]bool) error {
	now, err := db.One(tx, qByID, scanLetter, l.ID)
	if err != nil || now.State != Sending || now.reached != l.reached {
		return err // paused, taken back, or another process is ahead
	}
	if len(subs) == 0 {
		_, err := db.Exec(tx, qHand, l.ID, db.At(tx.Now()))
		return err
	}
	for v, k := range keeps {
		if err := keepEdition(tx, l.ID, v, k); err != nil {
			return err
		}
	}
	var ids []fact.ContactID
	for _, sub := range subs {
		ids = append(ids, sub.Contact)
	}
	people, err := s.o.Contacts.ByIDsIn(tx, ids)
	if err != nil {
		return err
	}
	var batch []delivery.Outgoing
	for _, sub := range subs {
		v := variantOf(sub)
		c := people[sub.Contact]
		h := c.Address(sub.Handle)
		if !told[v] || h.ID.IsZero() {
			continue
		}
		ready, err := s.keptIn(tx, l.ID, v)
		if err != nil {
			return err
		}
		batch = append(batch, delivery.Outgoing{
			Channel: mailer.Channel, Kind: KindLetter, Key: fmt.Sprintf("mail/letter:%v/contact:%v", l.ID, c.ID), Voice: sub.Follows[0].Voice, Contact: c.ID,
			Handle: h.ID, About: ref(l.ID), Recipient: h.Value, Subject: ready.shown, Parcel: parcel{Name: c.Name, Company: c.Company, Variant: v},
		})
	}
	if _, err := s.o.Deliveries.EnqueueIn(tx, actor.System(), batch...); err != nil {
		return err
	}
	_, err = db.Exec(tx, qReach, l.ID, int64(subs[len(subs)-1].ID))
	return err
}

// variantOf names the edition of a digest that a subscriber gets: those who follow the same in the same language get the same.
func variantOf(sub subscription.Subscriber) string {
	all := slices.Clone(sub.Follows)
	slices.SortFunc(all, func(a, b subscription.Follow) int {
		return cmp.Or(cmp.Compare(a.Voice, b.Voice), cmp.Compare(a.Section, b.Section))
	})
	sum := sha256.Sum256([]byte(sub.Lang + fmt.Sprint(all)))
	return hex.EncodeToString(sum[:12])
}

// gatherDigestIn reads what a subscriber's digest tells; nil when nothing appeared.
func (s *Service) gatherDigestIn(tx *db.Tx, p period, sub subscription.Subscriber) (*edition.Digest, kept, error) {
	var k kept
	x, err := s.settingIn(tx, sub.Follows[0].Voice)
	if err != nil {
		return nil, k, err
	}
	since, until := p.bounds(x.house.Location())
	d := &edition.Digest{}
	n := 0
	seen := map[fact.PostID]bool{}
	for _, f := range sub.Follows {
		v, err := s.o.Voices.GetIn(tx, f.Voice)
		if err != nil {
			return nil, k, err
		}
		posts, _, err := s.posts.List(tx, post.Query{Voice: f.Voice, Section: f.Section, Limit: maxEntries})
		if err != nil {
			return nil, k, err
		}
		var group *edition.Group
		for _, one := range posts {
			if one.PublishedAt.Before(since) || !one.PublishedAt.Before(until) || seen[one.ID] || n >= maxEntries {
				continue
			}
			seen[one.ID] = true
			n++
			if group == nil {
				d.Groups = append(d.Groups, edition.Group{Name: v.Name})
				group = &d.Groups[len(d.Groups)-1]
			}
			group.Entries = append(group.Entries, entryOf(x, one))
		}
	}
	if n == 0 {
		return nil, k, nil
	}
	k.Lang = sub.Lang
	if d.Frame, err = s.frame(tx, x, k.Lang); err != nil {
		return nil, k, err
	}
	names := make([]string, 0, len(d.Groups))
	for _, g := range d.Groups {
		names = append(names, g.Name)
	}
	d.Title = s.words(k.Lang, "mail.digest."+p.Rhythm, strings.Join(names, ", "))
	d.Subject = d.Title
	return d, k, s.keepFrom(tx, x, &k)
}
