package wordpress

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/fetch"
	"causerie/internal/platform/i18n"
)

// maxExport bounds an export that is fetched, in bytes: it is in memory as one. Larger ones are given as files.
const maxExport = 256 << 20

// Run is `causerie import wordpress PATH-OR-URL`: it imports and writes the report to out, in words of catalog (which
// holds transfer.Texts). When it fails half-way the report tells what is there.
func Run(ctx context.Context, d Deps, source string, o Options, out io.Writer, catalog *i18n.Catalog, l i18n.Lang) error {
	r, err := openSource(ctx, source, o.Fetch)
	if err != nil {
		return err
	}
	defer r.Close()
	report, err := Import(ctx, d, r, o)
	if e, ok := errors.AsType[*fault.Error](err); ok && e.Code == "import.not_wordpress" {
		return err
	}
	return errors.Join(err, report.Print(out, catalog, l))
}

var errDirectory = errors.New("it is a directory: the export is one file")

func openSource(ctx context.Context, source string, client *fetch.Client) (io.ReadSeekCloser, error) {
	if strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://") {
		if client == nil {
			return nil, fault.Conflict("import.no_source", source)
		}
		got, err := client.Get(ctx, source, fetch.MaxBytes(maxExport))
		if err != nil {
			return nil, fault.Conflict("import.no_source", source).Because(err)
		}
		return inMemory{bytes.NewReader(got.Body)}, nil
	}
	f, err := os.Open(source)
	if err != nil {
		return nil, fault.Conflict("import.no_source", source).Because(err)
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		f.Close()
		return nil, fault.Conflict("import.no_source", source).Because(cmp.Or(err, errDirectory))
	}
	return f, nil
}

type inMemory struct{ *bytes.Reader }

// Close does nothing.
func (inMemory) Close() error { return nil }
