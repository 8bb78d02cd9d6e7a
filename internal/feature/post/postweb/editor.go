package postweb

import (
	"encoding/json"
	"net/http"
	"strings"

	"causerie/internal/core/account"
	"causerie/internal/feature/post"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
)

// The editor of a text is laid out where a script runs and somebody wants it so; else it is the field of the form, with Markdown in it.
// Both have the bar of tools of this file. The scripts are internal/assets/editor.

// tool is one button of the bar over a text. What it does has the name that the scripts know; its label is post.do_ and that name.
type tool struct {
	Name, Icon string
	Keys       string // the shortcut, as it is read after the label
	Toggle     bool   // it is pressed while the cursor stands in what it makes
	Table      bool   // it is there while the cursor stands in a table
	Rich       bool   // only the laid-out editor has it
	Apart      bool   // a gap stands before it
}

// tools is the bar, in its order.
var tools = []tool{
	{Name: "bold", Icon: "bold", Keys: "Ctrl+B", Toggle: true}, {Name: "italic", Icon: "italic", Keys: "Ctrl+I", Toggle: true},
	{Name: "heading", Icon: "heading", Toggle: true, Apart: true}, {Name: "heading3", Icon: "heading-small", Toggle: true},
	{Name: "bullets", Icon: "list", Toggle: true, Apart: true}, {Name: "numbers", Icon: "list-ordered", Toggle: true},
	{Name: "quote", Icon: "quote", Toggle: true}, {Name: "link", Icon: "link", Keys: "Ctrl+K", Apart: true}, {Name: "image", Icon: "image"},
	{Name: "footnote", Icon: "superscript"}, {Name: "table", Icon: "table"}, {Name: "rule", Icon: "minus"},
	{Name: "row", Icon: "row-add", Table: true, Rich: true, Apart: true}, {Name: "column", Icon: "column-add", Table: true, Rich: true},
	{Name: "norow", Icon: "row-remove", Table: true, Rich: true}, {Name: "nocolumn", Icon: "column-remove", Table: true, Rich: true},
	{Name: "notable", Icon: "trash", Table: true, Rich: true},
	{Name: "find", Icon: "search", Keys: "Ctrl+F", Rich: true, Apart: true}, {Name: "undo", Icon: "undo", Keys: "Ctrl+Z"}, {Name: "redo", Icon: "redo"},
}

// drawn are the icons that the scripts draw with, besides those of the bar.
var drawn = []string{
	"strikethrough", "code", "list-checks", "picture-wide", "picture-beside", "grid", "ungroup", "arrow-left", "arrow-right", "rotate", "crop",
	"refresh", "x", "chevron-up", "chevron-down",
}

// sentences are those of the scripts; post.ed_ stands before each in the catalog.
var sentences = []string{
	"failed", "cancel", "close", "remove", "replace", "picture", "file", "fetching", "alt", "alt_hint", "alt_missing", "caption", "caption_hint", "describe_here",
	"layout_plain", "layout_wide", "layout_beside", "gallery_join", "gallery_part", "move_earlier", "move_later", "turn", "crop", "crop_top", "crop_right",
	"crop_bottom", "crop_left", "crop_do", "link", "link_to", "link_hint", "link_posts", "link_set", "link_off", "link_bad", "menu", "bubble",
	"find", "find_what", "find_previous", "find_next", "find_case", "found_none", "found_one", "found_many", "replace_by", "replace_one", "replace_all",
	"to_plain", "to_rich", "plain_failed", "plain_around", "column",
}

// editorPart is what the writing page needs of the editor.
type editorPart struct {
	Mode  string // account.EditorRich or EditorPlain
	Tools []tool
	Icons []string // that the scripts draw with
	Says  string   // the sentences of the scripts, JSON
}

func (h *Handler) editorOf(r *web.Request) (editorPart, error) {
	mode, err := h.accounts.EditorOf(r.Context(), r.Actor())
	if err != nil {
		return editorPart{}, err
	}
	says := map[string]string{}
	for _, name := range sentences {
		if key := "post.ed_" + name; name == "found_many" || name == "plain_around" {
			says[name] = r.T(key, "{0}")
		} else {
			says[name] = r.T(key)
		}
	}
	icons := drawn
	for _, t := range tools {
		icons = append(icons, t.Icon)
		says["do_"+t.Name] = r.T("post.do_" + t.Name)
	}
	for _, name := range []string{"strike", "code", "tasks", "codeblock"} {
		says["do_"+name] = r.T("post.do_" + name)
	}
	b, err := json.Marshal(says)
	return editorPart{Mode: mode, Tools: tools, Icons: icons, Says: string(b)}, err
}

// chooseEditor remembers how somebody likes to write.
func (h *Handler) chooseEditor(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	if err := h.accounts.ChooseEditor(r.Context(), r.Actor(), f.Text("editor")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// sameText tells whether two texts are set alike: the one that is kept, and what the laid-out editor would write for it.
func (h *Handler) sameText(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	a, b := strings.ToValidUTF8(f.Raw("a"), "\uFFFD"), strings.ToValidUTF8(f.Raw("b"), "\uFFFD")
	if len(a) > text.MaxSource || len(b) > text.MaxSource {
		return fault.Invalid("body", "too_long", text.MaxSource)
	}
	var set [2]string
	for i, body := range []string{a, b} {
		shown, err := h.posts.Preview(r.Context(), r.Actor(), p.ID, post.Patch{Body: &body})
		if err != nil {
			return err
		}
		set[i] = shown.HTML
	}
	answer := struct {
		Same   bool   `json:"same"`
		Around string `json:"around,omitempty"`
	}{Same: set[0] == set[1]}
	if !answer.Same {
		answer.Around = around(set[0], set[1])
	}
	return writeJSON(w, answer)
}

// around returns the words of a where it begins to be otherwise than b, to be recognised by who wrote them.
func around(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	// From the block in which that is: the last one that begins before.
	if i := strings.LastIndex(a[:n], "\n<"); i > 0 {
		n = i
	}
	return text.FirstWords(text.Sanitize(a[n:], text.Article), 60)
}

// Bounds of one look at how lines are set.
const (
	maxLines = 100
	lineBody = 1 << 20
)

// typesetLines says how lines that are being written will be set: the spaces, quotes and ligatures of the language.
func (h *Handler) typesetLines(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	lines := f.Values()["line"]
	if len(lines) > maxLines {
		return fault.Invalid("line", "too_many", maxLines)
	}
	set := make([]string, len(lines))
	for i, line := range lines {
		set[i] = text.Typeset(f.Text("lang"), strings.ToValidUTF8(line, "\uFFFD"))
	}
	return writeJSON(w, map[string][]string{"lines": set})
}

// titled is a post to which a link may lead.
type titled struct {
	Title string `json:"title"`
	URL   string `json:"url"`
	Where string `json:"where"` // its voice
}

// titles returns posts that readers find, for the one who links to them: the newest, or those that a few words find.
func (h *Handler) titles(w http.ResponseWriter, r *web.Request) error {
	posts, _, err := h.posts.List(r.Context(), r.Actor(), post.Filter{Status: post.Published, Query: text.Clip(r.URL.Query().Get("q"), 100), Limit: 30})
	if err != nil {
		return err
	}
	voices, err := h.writable(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	places, err := h.places.Get(r.Context())
	if err != nil {
		return err
	}
	found := []titled{}
	for _, p := range posts {
		for _, v := range voices {
			if v.ID != p.Voice || len(found) == 8 {
				continue
			}
			if url := publicPath(places, v, p); url != "" && p.Label() != "" {
				found = append(found, titled{Title: text.Clip(p.Label(), 120), URL: url, Where: v.Name})
			}
		}
	}
	return writeJSON(w, map[string][]titled{"items": found})
}

func writeJSON(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(v)
}

// IsRich reports whether the laid-out editor is wanted.
func (d editorPart) IsRich() bool { return d.Mode == account.EditorRich }
