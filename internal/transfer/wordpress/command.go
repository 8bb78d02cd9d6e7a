package wordpress

import (
	"context"
	"errors"
	"io"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
)

// Run is `causerie import wordpress PATH-OR-URL...`: it imports and writes the report to out, in words of catalog (which
// holds transfer.Texts). When it fails half-way the report tells what is there.
func Run(ctx context.Context, d Deps, sources []string, o Options, out io.Writer, catalog *i18n.Catalog, l i18n.Lang) error {
	var exports []Export
	for _, source := range sources {
		opened, err := open(ctx, source, o.Fetch)
		if err != nil {
			return err
		}
		defer opened.Close()
		exports = append(exports, opened.exports...)
	}
	report, err := ImportAll(ctx, d, exports, o)
	switch codeOf(err) {
	case "import.not_wordpress", "import.several_sites", "import.too_large", "import.no_source":
		return err
	}
	if ctx.Err() != nil {
		err = fault.Conflict("import.interrupted")
	}
	return errors.Join(err, report.Print(out, catalog, l))
}
