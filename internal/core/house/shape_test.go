package house_test

import (
	"testing"

	"causerie/internal/core/house"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// The house's currency is a mandate's when none is given, and its address is who answers come from: what those would refuse is
// refused here, where somebody can still mend it.
func TestWhatOthersCouldNotUseIsRefused(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, _ *bus.Bus, s *house.Service) {
		for _, c := range []string{"123", "\ufffd", "%_\\", "eur", "EURO", "É1"} {
			if _, err := s.Change(t.Context(), actor.System(), house.Patch{Currency: &c}); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("currency %q: %v", c, err)
			}
		}
		for _, e := range []string{"bonjour@[192.0.2.1]", "é@maison.example", "bonjour@-maison.example", "Jeanne <bonjour@maison.example> x", "a@b@maison.example", "a\r\nBcc: x@maison.example"} {
			if _, err := s.Change(t.Context(), actor.System(), house.Patch{Identity: map[string]string{"contact_email": e}}); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("address %q: %v", e, err)
			}
		}
	})
}

// What is pasted with a name around it is kept as the address that it is.
func TestTheAddressOfTheHouseIsKeptBare(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, _ *bus.Bus, s *house.Service) {
		h, err := s.Change(t.Context(), actor.System(), house.Patch{Identity: map[string]string{"contact_email": "Jeanne <mailto:bonjour@maison.example>."}})
		if err != nil || h.Identity.ContactEmail != "bonjour@maison.example" {
			t.Errorf("%q, %v", h.Identity.ContactEmail, err)
		}
	})
}
