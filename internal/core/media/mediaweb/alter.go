package mediaweb

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"

	"causerie/internal/core/media"
	"causerie/internal/platform/web"
)

// altered is what a script is told of a picture that was turned or cut.
type altered struct {
	ID     string `json:"id"`
	Src    string `json:"src"`
	Srcset string `json:"srcset"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// alter turns and cuts a picture. People say in hundredths what to cut from each side; the script of the writing page gives the part that stays as
// x, y, w and h, in fractions. It asks for JSON, and has a picture of its own: what is written now changes nothing that readers see.
func (h *Handler) alter(w http.ResponseWriter, r *web.Request) error {
	id, f, err := h.asked(r)
	if err != nil {
		return err
	}
	change := changeOf(f)
	err = f.Err()
	if !strings.Contains(r.Header.Get("Accept"), "application/json") {
		if err == nil {
			_, err = h.media.Alter(r.Context(), r.Actor(), id, change)
		}
		return h.done(w, r, id, f, err, "media.altered")
	}
	var m media.Media
	if err == nil {
		m, err = h.media.AlterCopy(r.Context(), r.Actor(), id, change)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(altered{ID: m.ID.String(), Src: media.Src(m), Srcset: media.Srcset(m), Width: m.Width, Height: m.Height})
}

// changeOf reads the form.
func changeOf(f *web.Form) (c media.Change) {
	c.Turn = f.Int("turn")
	if f.Has("w") || f.Has("h") {
		c.Crop = media.Crop{X: fraction(f, "x"), Y: fraction(f, "y"), W: fraction(f, "w"), H: fraction(f, "h")}
		return c
	}
	left, right, top, bottom := percent(f, "left"), percent(f, "right"), percent(f, "top"), percent(f, "bottom")
	if left+right+top+bottom == 0 {
		return c
	}
	c.Crop = media.Crop{X: left, Y: top, W: 1 - left - right, H: 1 - top - bottom}
	if c.Crop.W <= 0 || c.Crop.H <= 0 {
		f.Problem("crop", "crop_shape")
	}
	return c
}

// fraction reads a number between 0 and 1.
func fraction(f *web.Form, name string) float64 { return between(f, name, 1) }

// percent reads a number between 0 and 95 as a fraction; an empty field is 0.
func percent(f *web.Form, name string) float64 {
	if f.Text(name) == "" {
		return 0
	}
	return between(f, name, 95) / 100
}

func between(f *web.Form, name string, high float64) float64 {
	v, err := strconv.ParseFloat(strings.Replace(f.Text(name), ",", ".", 1), 64)
	if err != nil || math.IsNaN(v) || v < 0 || v > high {
		f.Problem(name, "crop_number", int(high))
		return 0
	}
	return v
}
