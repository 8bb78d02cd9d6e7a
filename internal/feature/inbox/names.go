package inbox

import (
	"slices"

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
	all, err := s.Ours(tx, []string{name})
	return all[name], err
}

// Ours returns which of these names a reader may take for the house, a voice, or one of its people.
func (s *Service) Ours(tx *db.Tx, names []string) (map[string]bool, error) {
	var known []string
	for _, of := range s.names {
		some, err := of(tx)
		if err != nil {
			return nil, err
		}
		known = append(known, some...)
	}
	all := map[string]bool{}
	for _, name := range names {
		if _, judged := all[name]; !judged {
			all[name] = slices.ContainsFunc(known, func(of string) bool { return text.PassesFor(name, of) })
		}
	}
	return all, nil
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
