package site

import (
	"net/http"
	"net/url"
	"strings"

	"causerie/internal/assets"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// monogram is the one or two letters that stand for a voice without a logo.
func monogram(v voice.Voice) string { return assets.FaceOf("", v.Name).Initials }

// monogramPath is where they are drawn on its colour.
func monogramPath(v voice.Voice) string {
	return "/assets/mark/" + strings.TrimPrefix(v.Accent, "#") + "-" + url.PathEscape(monogram(v)) + ".svg"
}

// iconOf is the address of the small picture of a voice in a browser's tab. A logo that is wide, or tall, is no icon: cut to a square it
// is three of its letters, and whole it is a line.
func iconOf(v voice.Voice, wide bool) string {
	if !v.Logo.IsZero() && !wide {
		return media.Path(v.Logo, media.Square)
	}
	return monogramPath(v)
}

// touchIconOf is that of a telephone's screen, which shows no drawing; "" when there is none.
func touchIconOf(v voice.Voice, wide bool) string {
	switch {
	case !v.Logo.IsZero() && !wide:
		return media.Path(v.Logo, media.Square)
	case !v.Portrait.IsZero():
		return media.Path(v.Portrait, media.Square)
	}
	return ""
}

// isWide reports whether a logo is more than 1.6 times as long one way as the other.
func isWide(tx *db.Tx, logo fact.MediaID) (bool, error) {
	if logo.IsZero() {
		return false, nil
	}
	files, err := media.ByIDs(tx, []fact.MediaID{logo})
	m, ok := files[logo]
	return ok && 10*max(m.Width, m.Height) > 16*min(m.Width, m.Height), err
}

// mark draws a monogram.
func (h *Handler) mark(w http.ResponseWriter, r *web.Request) error {
	name, ok := strings.CutSuffix(r.PathValue("file"), ".svg")
	hex, letters, parted := strings.Cut(name, "-")
	if !ok || !parted {
		return fault.NotFound("page")
	}
	svg, err := assets.Monogram("#"+hex, letters)
	if err != nil {
		return fault.NotFound("page")
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", forEver)
	_, _ = w.Write(svg) // the reader left
	return nil
}

// icon sends an address that browsers try by themselves to the icon of the main voice, or to the program's.
func (h *Handler) icon(of func(v voice.Voice, wide bool) string, asset string) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		to := h.o.Kit.Asset(asset)
		turn := h.shared.now()
		err := h.o.DB.Read(r.Context(), func(tx *db.Tx) error {
			hs, places, err := h.houseIn(tx, turn)
			if err != nil || !hs.Public {
				return err
			}
			v, ok := places.Main()
			if !ok {
				return nil
			}
			wide, err := isWide(tx, v.Logo)
			if address := of(v, wide); err == nil && address != "" {
				to = address
			}
			return err
		})
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			return err
		}
		w.Header().Set("Location", to)
		w.Header().Set("Cache-Control", "public, max-age=3600")
		w.WriteHeader(http.StatusFound)
		return nil
	}
}
