package accountmail

import (
	"reflect"
	"testing"

	"causerie/internal/core/delivery"
)

// A parcel waits in the database and in backups: its shape is kept.
func TestParcelsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	var l link
	err := delivery.Delivery{Parcel: []byte(`{"name":"Claire","lang":"en","by":"Paul","sealed":"v1:x","until":7}`)}.ReadParcel(&l)
	if err != nil || l != (link{"Claire", "en", "Paul", "v1:x", 7}) {
		t.Errorf("%+v, %v", l, err)
	}
	var n notice
	err = delivery.Delivery{Parcel: []byte(`{"name":"Claire","lang":"en","what":"token","about":"Paul","args":["a","read"]}`)}.ReadParcel(&n)
	if err != nil || !reflect.DeepEqual(n, notice{"Claire", "en", "token", "Paul", []string{"a", "read"}}) {
		t.Errorf("%+v, %v", n, err)
	}
}
