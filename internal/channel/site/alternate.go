package site

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/web"
)

// Alternate is another form of a post's page, at the same address, for programs that name its media type in Accept: what
// the fediverse reads, say. A channel gives it to Options.Alternates, since channels do not know each other.
type Alternate struct {
	Type string // application/activity+json; one of JSON, since the page cache lets those pass who ask for it
	// Serve reads the post's other form in the snapshot of tx; what it returns writes it once the snapshot is closed.
	Serve func(tx *db.Tx, p post.Public) (web.Handler, error)
}

// asked returns the alternate that r prefers to the page, nil for the page. HTML is preferred to what is wanted as much.
func (h *Handler) asked(r *web.Request) (best *Alternate) {
	if len(h.o.Alternates) == 0 {
		return nil
	}
	wanted := accepted(r.Header)
	most := max(wanted["text/html"], wanted["application/xhtml+xml"])
	for i, a := range h.o.Alternates {
		if q := wanted[a.Type]; q > most {
			best, most = &h.o.Alternates[i], q
		}
	}
	return best
}

// accepted returns how much each media type that Accept names is wanted, from 0 to 1 (RFC 9110, section 12.5.1). Ranges
// such as */* name no type, and leave the page what it is.
func accepted(h http.Header) map[string]float64 {
	wanted := map[string]float64{}
	for _, line := range h.Values("Accept") {
		for part := range strings.SplitSeq(line, ",") {
			kind, params, err := mime.ParseMediaType(part)
			if err != nil {
				continue
			}
			q := 1.0
			if s, ok := params["q"]; ok {
				if q, err = strconv.ParseFloat(s, 64); err != nil || q < 0 || q > 1 {
					continue
				}
			}
			wanted[kind] = max(wanted[kind], q)
		}
	}
	return wanted
}

// vary tells caches on the way that the answer is another for who accepts something else.
func (h *Handler) vary(write answer) answer {
	if len(h.o.Alternates) == 0 || write == nil {
		return write
	}
	return func(w http.ResponseWriter, r *web.Request) error {
		w.Header().Add("Vary", "Accept")
		return write(w, r)
	}
}
