package wordpress_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fetch"
	"causerie/internal/platform/i18n"
	"causerie/internal/transfer"
	"causerie/internal/transfer/wordpress"
)

func TestTheCommandTakesAFileOrAnAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	catalog := i18n.New()
	must(t, catalog.Add(transfer.Texts))
	client := fetch.New(fetch.Options{AllowLoopback: true})
	t.Cleanup(client.Close)
	path := filepath.Join(t.TempDir(), "export.xml")
	f, err := os.Create(path)
	must(t, err)
	_, err = export(item(1, "publish", "")).WriteTo(f)
	must(t, errors.Join(err, f.Close()))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, path) }))
	t.Cleanup(server.Close)

	run := func(source string, o wordpress.Options) (string, error) {
		var out strings.Builder
		err := wordpress.Run(t.Context(), w.Deps, []string{source}, o, &out, catalog, i18n.En)
		return out.String(), err
	}
	if out, err := run(path, wordpress.Options{DryRun: true}); err != nil || !strings.HasPrefix(out, "Dry run") || !strings.Contains(out, "Articles: 1\n") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := run(server.URL, wordpress.Options{Fetch: client}); err != nil || !strings.Contains(out, "Articles: 1\n") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := run(path, wordpress.Options{}); err != nil || !strings.Contains(out, "left as they are: 1\n") {
		t.Errorf("%v\n%s", err, out)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	var said strings.Builder
	err = wordpress.Run(stopped, w.Deps, []string{path}, wordpress.Options{}, &said, catalog, i18n.En)
	if e, ok := errors.AsType[*fault.Error](err); !ok || e.Code != "import.interrupted" {
		t.Errorf("interrupted: %v\n%s", err, &said)
	}
	for source, code := range map[string]string{path + ".none": "import.no_file", filepath.Dir(path): "import.directory", "http://old.example/export.xml": "import.no_source"} {
		_, err := run(source, wordpress.Options{})
		if e, ok := errors.AsType[*fault.Error](err); !ok || e.Code != code {
			t.Errorf("%s: %v", source, err)
		}
	}
}
