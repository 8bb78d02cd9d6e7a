package inbox

import (
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

// RegisterNames adds names that are the house's: names returns them inside a transaction. What a stranger signs with one of them,
// or so that a reader may take it for one, waits until somebody of the house has seen it. Those of the house and its voices are
// known without. Call it while the program is wired.
func (s *Service) RegisterNames(names func(tx *db.Tx) ([]string, error)) {
	s.names = append(s.names, names)
}

// ours reports whether a reader may take name for the house, a voice, or one of its people.
func (s *Service) ours(tx *db.Tx, name string) (bool, error) {
	for _, of := range s.names {
		all, err := of(tx)
		if err != nil {
			return false, err
		}
		for _, known := range all {
			if text.PassesFor(name, known) {
				return true, nil
			}
		}
	}
	return false, nil
}

// ownNames are the names of the house, of who answers for it, and of its voices.
func (s *Service) ownNames(tx *db.Tx) ([]string, error) {
	h, err := s.house.GetIn(tx)
	if err != nil {
		return nil, err
	}
	voices, err := s.voices.ListIn(tx)
	names := []string{h.Name, h.Identity.PublicationDirector, h.Identity.PrivacyOfficer}
	for _, v := range voices {
		names = append(names, v.Name)
	}
	return names, err
}
