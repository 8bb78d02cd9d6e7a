package post

import "context"

// Slice has voices open and close n posts at a time.
func (s *Service) Slice(n int) { s.slice = n }

// Purge does what its job does each night.
func (s *Service) Purge(ctx context.Context) error { return s.purge(ctx) }
