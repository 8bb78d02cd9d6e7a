package accountmail

import (
	"testing"

	"causerie/internal/core/delivery"
)

// A parcel waits in the database and in backups: its shape is kept.
func TestTheParcelOfAResetIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	var got reset
	err := delivery.Delivery{Parcel: []byte(`{"name":"Claire","lang":"en","token":"tok"}`)}.ReadParcel(&got)
	if err != nil || got != (reset{"Claire", "en", "tok"}) {
		t.Errorf("%+v, %v", got, err)
	}
}
