package wordpress

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/fetch"
)

// Export is one file of an export.
type Export struct {
	Name string                        // by which a person knows it: "site.xml", "site.zip: 2.xml"; "" for one without
	Open func() (io.ReadCloser, error) // from its beginning; an export is read twice
}

// What an export may ask of us, in bytes and counts.
const (
	maxFetched  = 256 << 20 // one that is fetched is in memory as a whole; larger ones are given as files
	maxUnpacked = 16 << 30  // of one file
	maxFiles    = 2000      // in one .zip
)

var errUnpacked = errors.New("it is larger than any export when it is unpacked")

// opened is a source and the files of an export that are in it.
type opened struct {
	io.Closer
	exports []Export
}

// open finds the files of an export in source: a file or its address, as it is, as .gz, or several in a .zip, as WordPress.com sends
// them.
func open(ctx context.Context, source string, client *fetch.Client) (opened, error) {
	if strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://") {
		if client == nil {
			return opened{}, fault.Conflict("import.no_source", source)
		}
		got, err := client.Get(ctx, source, fetch.MaxBytes(maxFetched))
		if err != nil {
			return opened{}, fault.Conflict("import.no_source", source).Because(err)
		}
		return unpack(source, bytes.NewReader(got.Body), int64(len(got.Body)), io.NopCloser(nil))
	}
	f, err := os.Open(source)
	if errors.Is(err, os.ErrNotExist) {
		return opened{}, fault.Conflict("import.no_file", source)
	}
	if err != nil {
		return opened{}, fault.Conflict("import.no_source", source).Because(err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return opened{}, fault.Conflict("import.no_source", source).Because(err)
	}
	if info.IsDir() {
		f.Close()
		return opened{}, fault.Conflict("import.directory", source)
	}
	return unpack(source, f, info.Size(), f)
}

// unpack tells by its first bytes what r is.
func unpack(source string, r io.ReaderAt, size int64, closer io.Closer) (opened, error) {
	whole := func() io.Reader { return io.NewSectionReader(r, 0, size) }
	head, _ := bufio.NewReader(whole()).Peek(4)
	if !bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return opened{closer, []Export{{path.Base(source), func() (io.ReadCloser, error) { return plainOrGzip(io.NopCloser(whole())) }}}}, nil
	}
	all, err := zip.NewReader(r, size)
	if err != nil {
		closer.Close()
		return opened{}, fault.Conflict("import.no_source", source).Because(err)
	}
	if len(all.File) > maxFiles {
		closer.Close()
		return opened{}, fault.Conflict("import.too_large", source)
	}
	slices.SortFunc(all.File, func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	var exports []Export
	for _, f := range all.File {
		name := strings.ToLower(f.Name)
		if strings.HasPrefix(name, "__macosx/") || !strings.HasSuffix(name, ".xml") && !strings.HasSuffix(name, ".xml.gz") || strings.HasPrefix(path.Base(name), ".") {
			continue
		}
		exports = append(exports, Export{path.Base(source) + ": " + f.Name, func() (io.ReadCloser, error) {
			inner, err := f.Open()
			if err != nil {
				return nil, err
			}
			return plainOrGzip(inner)
		}})
	}
	if len(exports) == 0 {
		closer.Close()
		return opened{}, fault.Conflict("import.no_export_inside", source)
	}
	return opened{closer, exports}, nil
}

// plainOrGzip reads r, unpacked when it is packed, up to what an export may be.
func plainOrGzip(r io.ReadCloser) (io.ReadCloser, error) {
	in := bufio.NewReader(r)
	out := io.Reader(in)
	if head, _ := in.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			r.Close()
			return nil, err
		}
		out = z
	}
	return struct {
		io.Reader
		io.Closer
	}{&bounded{out, maxUnpacked}, r}, nil
}

// bounded is a reader that refuses to go on for ever.
type bounded struct {
	r    io.Reader
	left int64
}

// Read reads up to the bound.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errUnpacked
	}
	return n, err
}
