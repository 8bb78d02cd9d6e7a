package app_test

import (
	"testing"

	"causerie/internal/app"
)

func TestCatalogsAreComplete(t *testing.T) {
	catalog, err := app.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range catalog.Check() {
		t.Error(err)
	}
}
