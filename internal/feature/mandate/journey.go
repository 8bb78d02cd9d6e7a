package mandate

import (
	"causerie/internal/core/contact"
	"causerie/internal/fact"
)

// Why an act is only presumed to have led to a mandate.
const (
	Unverified = "unverified" // the client's own, as far as one can tell: the address was never proved
	Colleague  = "colleague"  // of somebody else with an address of the same company
)

// Journey is what is known of the way that led to a mandate. view/attribution fills it; acts are in order of time.
type Journey struct {
	Declared string // in the client's words
	Observed []contact.Moment
	Presumed []Presumed
}

// Presumed is an act that may have led to a mandate.
type Presumed struct {
	contact.Moment
	Why         string // Unverified or Colleague
	Contact     fact.ContactID
	ContactName string
}
