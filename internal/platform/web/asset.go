package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/web/httpenc"
)

// asset is one file for browsers, under an address that names its content and so never changes.
type asset struct {
	name    string
	address string
	kind    string
	etag    string
	plain   []byte
	// br and gzip compress it at the first request, not while the program starts; nil when that would not make it smaller.
	br, gzip func() ([]byte, error)
}

// Asset returns the address of an asset: "newsreader.woff2" for static/newsreader.woff2, or "public.css",
// "work.css", "public.js", "work.js" for what a side loads. It is "" for a name that there is not.
func (k *Kit) Asset(name string) string {
	if a, ok := k.assets[name]; ok {
		return a.address
	}
	return ""
}

func (k *Kit) findAsset(name string) (string, error) {
	if a, ok := k.assets[name]; ok {
		return a.address, nil
	}
	return "", fmt.Errorf("web: no asset %q", name)
}

var assetRef = regexp.MustCompile(`url\(\s*["']?asset:([^"')\s]+)["']?\s*\)`)

// loadAssets reads static/, then makes the styles and scripts of each side.
func (k *Kit) loadAssets() error {
	k.assets, k.byPath = map[string]*asset{}, map[string]*asset{}
	err := fs.WalkDir(k.o.Layouts, "static", func(p string, d fs.DirEntry, err error) error {
		if missing(err) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(k.o.Layouts, p)
		if err != nil {
			return err
		}
		return k.addAsset(strings.TrimPrefix(p, "static/"), b)
	})
	if err != nil {
		return fmt.Errorf("web: static files: %w", err)
	}
	for _, side := range []Side{Public, Work} {
		css, err := k.gather(side, "css")
		if err != nil {
			return err
		}
		var unknown error
		css = assetRef.ReplaceAllFunc(css, func(m []byte) []byte {
			address, err := k.findAsset(string(assetRef.FindSubmatch(m)[1]))
			if err != nil {
				unknown = fmt.Errorf("%w in the styles of the %v side", err, side)
			}
			return []byte("url(" + address + ")")
		})
		if unknown != nil {
			return unknown
		}
		js, err := k.gather(side, "js")
		if err != nil {
			return err
		}
		for name, b := range map[string][]byte{side.String() + ".css": css, side.String() + ".js": js} {
			if err := k.addAsset(name, b); err != nil {
				return err
			}
		}
	}
	return nil
}

// gather joins the files of one kind that a side loads: those of both sides, of the side, of its bundles.
func (k *Kit) gather(side Side, ext string) ([]byte, error) {
	var all bytes.Buffer
	add := func(fsys fs.FS, pattern string) error {
		names, err := fs.Glob(fsys, pattern)
		if err != nil {
			return err
		}
		slices.Sort(names)
		for _, n := range names {
			if strings.HasSuffix(n, "_test."+ext) {
				continue
			}
			b, err := fs.ReadFile(fsys, n)
			if err != nil {
				return fmt.Errorf("web: %w", err)
			}
			all.Write(bytes.TrimSpace(b))
			all.WriteByte('\n')
		}
		return nil
	}
	for _, pattern := range []string{ext + "/*." + ext, ext + "/" + side.String() + "/*." + ext} {
		if err := add(k.o.Layouts, pattern); err != nil {
			return nil, err
		}
	}
	for _, b := range k.o.Bundles {
		if b.Side&side == 0 {
			continue
		}
		if err := add(b.Files, "*."+ext); err != nil {
			return nil, err
		}
	}
	return all.Bytes(), nil
}

// kinds that the mime package of a bare machine may not know.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2",
	".txt": "text/plain; charset=utf-8", ".json": "application/json", ".webmanifest": "application/manifest+json", ".ico": "image/x-icon",
	".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".map": "application/json",
}

func (k *Kit) addAsset(name string, b []byte) error {
	ext := path.Ext(name)
	sum := sha256.Sum256(b)
	hash := hex.EncodeToString(sum[:6])
	a := &asset{
		name: name, plain: b, etag: `"` + hash + `"`,
		address: "/assets/" + strings.TrimSuffix(name, ext) + "-" + hash + ext,
		kind:    kinds[ext],
	}
	if a.kind == "" {
		if a.kind = mime.TypeByExtension(ext); a.kind == "" {
			a.kind = "application/octet-stream"
		}
	}
	if httpenc.Compressible(a.kind) && len(b) > 200 {
		a.br = sync.OnceValues(func() ([]byte, error) { return brotlied(b) })
		a.gzip = sync.OnceValues(func() ([]byte, error) { return httpenc.Gzip(b, 9) })
	}
	k.assets[name], k.byPath[a.address] = a, a
	return nil
}

// brotlied compresses b.
func brotlied(b []byte) ([]byte, error) {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, 9)
	_, err := w.Write(b)
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, err
	}
	return bytes.Clone(out.Bytes()), nil
}

// immutable is for addresses that name their content.
var immutable = []string{"public, max-age=31536000, immutable"}

func (k *Kit) serveAsset(w http.ResponseWriter, r *Request) error {
	a, ok := k.byPath[r.Request.URL.Path]
	if !ok {
		return fault.NotFound("page")
	}
	h := w.Header()
	h["Cache-Control"] = immutable
	h.Set("Content-Type", a.kind)
	body, etag := a.plain, a.etag
	accept := r.Header.Get("Accept-Encoding")
	if a.br != nil {
		h.Set("Vary", "Accept-Encoding")
		var err error
		switch {
		case strings.Contains(accept, "br") && !strings.Contains(accept, "br;q=0"):
			body, err = a.br()
			etag = strings.TrimSuffix(a.etag, `"`) + `-br"`
			h.Set("Content-Encoding", "br")
		case httpenc.AcceptsGzip(r.Header):
			body, err = a.gzip()
			etag = strings.TrimSuffix(a.etag, `"`) + `-gz"`
			h.Set("Content-Encoding", "gzip")
		}
		if err != nil {
			return fmt.Errorf("web: asset %s: %w", a.name, err)
		}
	}
	h.Set("Etag", etag)
	if h.Get("Content-Encoding") == "" {
		http.ServeContent(w, r.Request, a.name, time.Time{}, bytes.NewReader(body))
		return nil
	}
	if httpenc.Matches(r.Header["If-None-Match"], etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader left
	}
	return nil
}
