package media

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/url"
	"path"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/fetch"
)

// Fetch takes the file that stands at an address of the public internet, for Upload, and what it is called there. What is wrong with the
// address is a problem of the field url: "file_large", or "fetch" when nothing is to be had there.
func Fetch(ctx context.Context, from *fetch.Client, address string) (file io.Reader, name string, err error) {
	got, err := from.Get(ctx, address, fetch.MaxBytes(MaxBytes))
	switch {
	case errors.Is(err, fetch.ErrTooLarge):
		return nil, "", fault.Invalid("url", "file_large", MaxBytes>>20)
	case err != nil && ctx.Err() == nil, errors.Is(err, context.DeadlineExceeded):
		return nil, "", fault.Invalid("url", "fetch").Because(err)
	case err != nil:
		return nil, "", err
	}
	if u, err := url.Parse(got.URL); err == nil {
		name = path.Base(u.Path)
	}
	return bytes.NewReader(got.Body), name, nil
}
