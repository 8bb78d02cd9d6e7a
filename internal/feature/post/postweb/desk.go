package postweb

import (
	"encoding/json"
	"net/http"
	"strings"

	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

// seen is what the script of the writing page is told of others: a sentence, "" when there is nobody.
type seen struct {
	Line string `json:"line"`
}

// sit hears that a writing page is open, and tells it who else writes there and what was saved meanwhile.
func (h *Handler) sit(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	d, err := h.posts.Sit(r.Context(), r.Actor(), p.ID, f.Text("tab"), f.Int("version"), f.Bool("typing"), f.Bool("leave"))
	if err != nil {
		return err
	}
	var lines []string
	add := func(key string, args ...any) { lines = append(lines, r.T(key, args...)) }
	if n := len(d.Writing); n > 0 {
		add("post.desk_writing", n, i18n.Join(r.Lang(), d.Writing))
	}
	if n := len(d.Reading); n > 0 {
		add("post.desk_reading", n, i18n.Join(r.Lang(), d.Reading))
	}
	if d.Mine {
		add("post.desk_mine")
	}
	if d.Saved != nil {
		at := i18n.Time(r.Lang(), d.Saved.At, r.Zone())
		if int64(d.Saved.Account) == r.Actor().Account || d.Saved.Author == "" {
			add("post.desk_saved_elsewhere", at)
		} else {
			add("post.desk_saved", d.Saved.Author, at)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(seen{strings.Join(lines, " ")})
}
