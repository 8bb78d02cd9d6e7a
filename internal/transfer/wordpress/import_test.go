package wordpress_test

import (
	"os"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/transfer"
	"causerie/internal/transfer/wordpress"
)

const official = "themeunittestdata.wordpress.xml"

func engines(t *testing.T, fn func(t *testing.T, w *world)) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			fn(t, newWorld(t, engine))
		})
	}
}

func TestTheOfficialExportComesInWhole(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		r := w.importFile(official, wordpress.Options{})
		c := i18n.New()
		must(t, c.Add(transfer.Texts))
		must(t, r.Print(os.Stdout, c, i18n.FrFR))
	})
}
