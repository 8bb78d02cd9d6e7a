package post

import (
	"context"

	"causerie/internal/platform/queue"
)

// Slice has voices open and close n posts at a time.
func (s *Service) Slice(n int) { s.slice = n }

// Purge does what its job does each night.
func (s *Service) Purge(ctx context.Context) error { return s.purge(ctx) }

// ThinAll does what its job does each night.
func (s *Service) ThinAll(ctx context.Context) error { return s.thinAll(ctx) }

// PublishDue does what the job of a schedule does once it was claimed.
func (s *Service) PublishDue(ctx context.Context, p Post) error {
	err := s.publishDue(ctx, queue.Job{}, due{p.ID, p.PublishAt.UnixMilli()})
	if err != nil && err.Error() == "later" {
		return nil
	}
	return err
}
