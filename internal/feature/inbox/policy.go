package inbox

import (
	"context"
	"time"

	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// Policy is what the house says of comments where a post says nothing.
type Policy struct {
	Open           bool
	CloseAfterDays int // after the publication; 0 for never
}

// maxCloseAfterDays is ten years.
const maxCloseAfterDays = 3650

var (
	settingOpen  = house.Setting[bool]{Key: "comments.open", Default: true}
	settingClose = house.Setting[int]{Key: "comments.close_after_days", Check: func(days int) error {
		if days < 0 || days > maxCloseAfterDays {
			return fault.Invalid("close_after_days", "number_between", 0, maxCloseAfterDays)
		}
		return nil
	}}
)

// Policy returns what the house says of comments.
func (s *Service) Policy(ctx context.Context) (p Policy, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err = s.PolicyIn(tx)
		return err
	})
	return p, err
}

// PolicyIn is Policy inside a transaction.
func (s *Service) PolicyIn(tx *db.Tx) (p Policy, err error) {
	if p.Open, err = settingOpen.GetIn(tx); err != nil {
		return p, err
	}
	p.CloseAfterDays, err = settingClose.GetIn(tx)
	return p, err
}

// SetPolicy sets it. Only an owner may. Problems are at close_after_days.
func (s *Service) SetPolicy(ctx context.Context, by actor.Actor, p Policy) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := settingOpen.SetIn(tx, by, p.Open); err != nil {
			return err
		}
		if err := settingClose.SetIn(tx, by, p.CloseAfterDays); err != nil {
			return err
		}
		h, err := s.house.GetIn(tx)
		if err != nil {
			return err
		}
		return s.bus.Emit(tx, by, fact.HouseChanged{House: h.ID}) // every article shows its form, or no longer
	})
}

// CommentsOpenIn reports whether readers may comment on p now.
func (s *Service) CommentsOpenIn(tx *db.Tx, p post.Public) (bool, error) {
	policy, err := s.PolicyIn(tx)
	if err != nil {
		return false, err
	}
	return openFor(p.Comments, p.Traits().Comments, policy, p.PublishedAt, tx.Now()), nil
}

// OpenUntil tells for how long readers may comment on p once it is out: open is false when never, until is zero when always.
func (s *Service) OpenUntil(ctx context.Context, p post.Public) (open bool, until time.Time, err error) {
	policy, err := s.Policy(ctx)
	if err != nil {
		return false, until, err
	}
	open = openFor(p.Comments, p.Traits().Comments, policy, p.PublishedAt, p.PublishedAt)
	if open && policy.CloseAfterDays > 0 && p.Comments == "" {
		until = p.PublishedAt.AddDate(0, 0, policy.CloseAfterDays)
	}
	return open, until, nil
}
