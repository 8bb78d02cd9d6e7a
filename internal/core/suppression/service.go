package suppression

import (
	"context"
	"encoding/hex"
	"log/slog"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/seal"
	"causerie/internal/platform/text"
)

// Reason is the reason of what the gate refuses.
const Reason = "suppressed"

// Why an address is suppressed.
const (
	Refused    = "refused"    // its server said that there is nobody
	Failed     = "failed"     // three failures in a row
	Complained = "complained" // its reader said that it is spam
)

// softMost is how many failures in a row suppress an address.
const softMost = 3

// Options are what a Service needs, all of them but Changed and Log.
type Options struct {
	DB    *db.DB
	Box   *seal.Box
	Queue *queue.Queue
	// Changed is told of addresses that take no mail any more, or take it again, in the commit that says so; nil for nobody.
	Changed func(tx *db.Tx, emails ...string) error
	// Stop holds what waits to leave about something, for a reason.
	Stop func(ctx context.Context, about delivery.Ref, reason string) error
	Log  *slog.Logger // nil discards
}

// Service keeps suppressions and brakes.
type Service struct{ o Options }

// New returns the service and registers its job.
func New(o Options) *Service {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{o: o}
	queue.Handle(o.Queue, brakeJob, queue.KindOptions{}, s.brake)
	return s
}

// Suppression is that an address takes no mail any more.
type Suppression struct {
	Why  string // Refused, Failed, Complained
	Code string // what the server said, without its words: "550 5.1.1"
	At   time.Time
}

var (
	qSuppressed = db.Q("suppression.all", `SELECT digest, why, code, at FROM suppressions WHERE at IS NOT NULL AND digest IN ({in})`)
	qAnySoft    = db.Q("suppression.any_soft", `SELECT 1 FROM suppressions WHERE at IS NULL LIMIT 1`)
	qForgive    = db.Q("suppression.forgive", `DELETE FROM suppressions WHERE at IS NULL AND digest IN ({in})`)
	qAdd        = db.Q("suppression.add", `
		INSERT INTO suppressions (digest, why, code, failures, failed_at, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (digest) DO UPDATE
		   SET failures = suppressions.failures + 1, failed_at = $5, code = $3,
		       why = CASE WHEN suppressions.at IS NOT NULL THEN suppressions.why ELSE $2 END,
		       at = CASE WHEN suppressions.at IS NOT NULL THEN suppressions.at
		                 WHEN CAST($6 AS BIGINT) IS NOT NULL OR suppressions.failures + 1 >= $7 THEN $5 END`)
	qLift = db.Q("suppression.lift", `DELETE FROM suppressions WHERE digest IN ({in})`)
)

// digest is the keyed hash of an address.
func (s *Service) digest(email string) string {
	return hex.EncodeToString(s.o.Box.MAC("suppression", []byte(text.FoldEmail(email))))
}

// OfIn returns which of some addresses are suppressed.
func (s *Service) OfIn(tx *db.Tx, emails ...string) (map[string]Suppression, error) {
	byDigest := map[string][]string{}
	digests := make([]string, 0, len(emails))
	for _, e := range emails {
		if e == "" {
			continue
		}
		d := s.digest(e)
		if byDigest[d] == nil {
			digests = append(digests, d)
		}
		byDigest[d] = append(byDigest[d], e)
	}
	found := map[string]Suppression{}
	_, err := db.AllIn(tx, qSuppressed, func(r db.Row) (struct{}, error) {
		var digest string
		var one Suppression
		err := r.Scan(&digest, &one.Why, &one.Code, db.Time(&one.At))
		for _, e := range byDigest[digest] {
			found[e] = one
		}
		return struct{}{}, err
	}, digests)
	return found, err
}

// RefusingIn is OfIn for who only asks whether mail goes there.
func (s *Service) RefusingIn(tx *db.Tx, emails ...string) (map[string]bool, error) {
	found, err := s.OfIn(tx, emails...)
	all := make(map[string]bool, len(found))
	for e := range found {
		all[e] = true
	}
	return all, err
}

func (s *Service) changed(tx *db.Tx, emails ...string) error {
	if s.o.Changed == nil || len(emails) == 0 {
		return nil
	}
	return s.o.Changed(tx, emails...)
}

// Of is OfIn in a transaction of its own. Authors of any voice may, as they see the contact.
func (s *Service) Of(ctx context.Context, by actor.Actor, emails ...string) (found map[string]Suppression, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, err
	}
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		found, err = s.OfIn(tx, emails...)
		return err
	})
	return found, err
}

// Lift lets mail go to addresses again. Authors of any voice may, as they may change the contact.
func (s *Service) Lift(ctx context.Context, by actor.Actor, emails ...string) error {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return err
	}
	digests := make([]string, len(emails))
	for i, e := range emails {
		digests[i] = s.digest(e)
	}
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.ExecIn(tx, qLift, digests); err != nil {
			return err
		}
		return s.changed(tx, emails...)
	})
}

// unasked reports whether somebody gets d without having asked for it just now.
func unasked(d delivery.Delivery) bool {
	return d.Purpose != delivery.PurposeAccount && d.Purpose != delivery.PurposeConversation
}

// Gate is the delivery.Gate that stands behind that of consents.
func (s *Service) Gate(tx *db.Tx, batch []delivery.Delivery) (map[fact.DeliveryID]string, error) {
	var emails []string
	for _, d := range batch {
		if unasked(d) {
			emails = append(emails, d.Recipient)
		}
	}
	found, err := s.OfIn(tx, emails...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	refused := map[fact.DeliveryID]string{}
	for _, d := range batch {
		if _, no := found[d.Recipient]; no && unasked(d) {
			refused[d.ID] = Reason
		}
	}
	return refused, nil
}

// Ended is the Ended of the channel of mail: it hears what became of each mail, in the commit that writes it down.
func (s *Service) Ended(tx *db.Tx, ended []delivery.Ended) error {
	var left, failed []string
	about := map[delivery.Ref]bool{}
	ours := 0
	var words string
	for _, e := range ended {
		switch verdict := Judge(e.Outcome); {
		case e.Outcome.State == delivery.Sent:
			left = append(left, e.Recipient)
		case verdict == Hard || verdict == Soft:
			if err := s.failed(tx, e, verdict); err != nil {
				return err
			}
			failed = append(failed, e.Recipient)
			if verdict == Hard && e.Lane == delivery.LaneBulk && e.About.ID != 0 {
				about[e.About] = true
			}
		case verdict == Ours:
			ours++
			words = e.Reply
		}
	}
	if err := s.changed(tx, failed...); err != nil {
		return err
	}
	if ours > 0 {
		if err := s.blamed(tx, ours, words); err != nil {
			return err
		}
	}
	for ref := range about {
		if err := s.weigh(tx, ref); err != nil {
			return err
		}
	}
	_, soft, err := db.Maybe(tx, qAnySoft, db.Scalar[int])
	if err != nil || !soft {
		return err
	}
	for i, email := range left {
		left[i] = s.digest(email)
	}
	_, err = db.ExecIn(tx, qForgive, left)
	return err
}

// failed counts a failure of an address.
func (s *Service) failed(tx *db.Tx, e delivery.Ended, verdict Verdict) error {
	var at any
	why := Failed
	if verdict == Hard {
		at, why = db.At(tx.Now()), Refused
	}
	code := ""
	if m := replyCodes.FindString(e.Reply); m != "" {
		code = m
	}
	_, err := db.Exec(tx, qAdd, s.digest(e.Recipient), why, code, 1, db.At(tx.Now()), at, softMost)
	return err
}

// Blame is that others refuse what the house sends, for its own sake.
type Blame struct {
	At    time.Time `json:"at"`    // the last time
	Code  string    `json:"code"`  // "550 5.7.26"
	Times int       `json:"times"` // in a row of less than three days
}

// blame holds the last Blame. What this server was refused is nothing to another, but harms nobody who reads it.
var blame = house.Setting[Blame]{Key: "mail.blame"}

// blameFor is how long a refusal of the house is told.
const blameFor = 3 * 24 * time.Hour

// blamed notes that the house itself is refused. The words may name a reader, so the code alone is kept.
func (s *Service) blamed(tx *db.Tx, times int, words string) error {
	b, err := blame.GetIn(tx)
	if err != nil {
		return err
	}
	if tx.Now().Sub(b.At) > blameFor {
		b = Blame{}
		s.o.Log.Warn("others refuse what the house sends, for its own sake: see causerie doctor --mail", "code", replyCodes.FindString(words))
	}
	return blame.SetIn(tx, actor.System(), Blame{At: tx.Now(), Code: replyCodes.FindString(words), Times: b.Times + times})
}

// BlameIn returns the last refusal of the house itself, zero when there was none in three days.
func (s *Service) BlameIn(tx *db.Tx) (Blame, error) {
	b, err := blame.GetIn(tx)
	if err != nil || tx.Now().Sub(b.At) > blameFor {
		return Blame{}, err
	}
	return b, nil
}
