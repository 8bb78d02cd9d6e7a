package feed

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"causerie/internal/platform/web"
	"causerie/internal/protocol/feedxml"
)

// Serve writes x, for any page of any site to read, or 304 when the reader has it already. Programs that ask for JSON pass
// the page cache by, so that the question is answered here too.
// changed is when something that feeds show last changed.
func Serve(w http.ResponseWriter, r *web.Request, f Format, x feedxml.Feed, dates *Dates, changed time.Time) error {
	var b bytes.Buffer
	if err := f.Write(&b, x); err != nil {
		return err
	}
	sum := sha256.Sum256(b.Bytes())
	head := w.Header()
	head.Set("Content-Type", f.Type())
	head.Set("Access-Control-Allow-Origin", "*")
	head.Set("Cache-Control", "no-cache") // keep it, but ask whether it is still good
	tag := hex.EncodeToString(sum[:12])
	head.Set("Etag", `"`+tag+`"`)
	web.Cacheable(w)
	http.ServeContent(w, r.Request, "", dates.Of(x.Self, tag, later(changed, modified(x))), bytes.NewReader(b.Bytes()))
	return nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// modified is when the newest entry changed; no instant for an empty feed.
func modified(x feedxml.Feed) (newest time.Time) {
	for _, e := range x.Entries {
		for _, t := range []time.Time{e.Published, e.Updated} {
			if t.After(newest) {
				newest = t
			}
		}
	}
	return newest
}
