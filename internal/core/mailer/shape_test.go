package mailer

import (
	"testing"

	"causerie/internal/core/delivery"
)

// A parcel waits in the database and in backups: its shape is kept.
func TestTheParcelOfATestIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	var got test
	if err := (delivery.Delivery{Parcel: []byte(`{"name":"Claire","lang":"fr-FR"}`)}).ReadParcel(&got); err != nil || got != (test{"Claire", "fr-FR", 0}) {
		t.Errorf("%+v, %v", got, err)
	}
}
