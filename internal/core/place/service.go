package place

import (
	"context"
	"net/url"
	"sync/atomic"

	"causerie/internal/core/voice"
	"causerie/internal/platform/db"
)

// Service reads the places of a house from its database.
type Service struct {
	db     *db.DB
	base   *url.URL
	voices *voice.Service
	last   atomic.Pointer[Places]
}

// New returns the service of a house whose public address is base.
func New(d *db.DB, base *url.URL, voices *voice.Service) *Service {
	return &Service{db: d, base: base, voices: voices}
}

// GetIn returns the places as the snapshot of tx has them.
func (s *Service) GetIn(tx *db.Tx) (*Places, error) {
	voices, err := s.voices.EverIn(tx)
	if err != nil {
		return nil, err
	}
	homes, err := s.voices.HomesIn(tx)
	if err != nil {
		return nil, err
	}
	return Of(s.base, voices, homes), nil
}

// Get is GetIn in a snapshot of its own.
func (s *Service) Get(ctx context.Context) (p *Places, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err = s.GetIn(tx)
		return err
	})
	return p, err
}

// House returns the absolute address of a path of the house itself, which depends on no voice.
func (s *Service) House(path string) string { return s.Last().House(path) }

// Refresh reads the places again for Last: at the start, and whenever what the public sees has changed.
func (s *Service) Refresh(ctx context.Context) error {
	p, err := s.Get(ctx)
	if err == nil {
		s.last.Store(p)
	}
	return err
}

// Last returns the places as of the last Refresh, for what is asked of every request before the database is; those of a
// house without voices before there was one.
func (s *Service) Last() *Places {
	if p := s.last.Load(); p != nil {
		return p
	}
	return Of(s.base, nil, nil)
}
