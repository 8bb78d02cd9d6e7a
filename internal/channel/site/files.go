package site

import (
	"mime"
	"net/http"
	"regexp"
	"strings"

	"causerie/internal/assets"
	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

const (
	// forEver is for bytes that never change under their address.
	forEver = "public, max-age=31536000, immutable"
	// whileShown is for those that may be taken back: who has them keeps them, but what stands between asks each time.
	whileShown = "public, max-age=31536000, s-maxage=0, immutable"
	// forAnHour is for an address under which other bytes may stand one day: then pages say which ones they mean (media.Edition).
	forAnHour = "public, max-age=3600, s-maxage=0"
)

// file serves one variant of a file of the house, to whom the posts that show it are open.
func (h *Handler) file(w http.ResponseWriter, r *web.Request) error {
	id, err := fact.Parse[fact.MediaID](r.PathValue("id"))
	if err != nil {
		return fault.NotFound("media")
	}
	if !r.Actor().SignedIn() { // a portrait is its voice's, and does not know that the house is closed
		if open, err := h.isOpen(r.Context()); err != nil {
			return err
		} else if !open {
			return fault.NotFound("media")
		}
	}
	f, info, err := h.o.Media.File(r.Context(), r.Actor(), id, r.PathValue("variant"))
	if err != nil {
		return err
	}
	defer f.Close()
	head := w.Header()
	head.Set("Content-Type", info.Mime)
	head.Set("Etag", `"`+info.ETag+`"`)
	head.Set("Cache-Control", "no-store")
	if info.Public {
		head.Set("Cache-Control", forAnHour)
		if edition := r.URL.Query().Get("v"); edition != "" && edition == info.Edition {
			head.Set("Cache-Control", whileShown)
		}
	} else {
		head.Set("Cross-Origin-Resource-Policy", "same-origin")
	}
	if info.Download {
		head.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": info.Name}))
	}
	http.ServeContent(w, r.Request, "", info.At, f)
	return nil
}

// accentPath is where the stylesheet of a voice's colour is served.
func accentPath(hex string) string { return "/assets/accent/" + strings.TrimPrefix(hex, "#") + ".css" }

var accentFile = regexp.MustCompile(`^[0-9a-f]{6}\.css$`)

// accent serves the tones of a voice's colour.
func (h *Handler) accent(w http.ResponseWriter, r *web.Request) error {
	name := r.PathValue("file")
	if !accentFile.MatchString(name) {
		return fault.NotFound("page")
	}
	css, err := assets.AccentCSS("#" + name[:6])
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", forEver)
	_, _ = w.Write([]byte(css)) // the reader left
	return nil
}
