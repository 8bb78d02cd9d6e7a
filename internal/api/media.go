package api

import (
	"errors"
	"io"
	"net/http"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/view/library"
)

// A file is larger than other requests, and takes longer.
const (
	mediaPattern   = "POST /api/v1/media"
	replacePattern = "POST /api/v1/media/{id}/replace"
	maxFile        = media.MaxBytes + 1<<20
	fileTime       = 2 * time.Minute
)

// mediaJSON is a file of the house: a picture in its widths, a document, a recording.
type mediaJSON struct {
	ID         string        `json:"id"`
	Kind       string        `json:"kind" enum:"picture,document,sound,film"`
	Name       string        `json:"name"`
	Mime       string        `json:"mime"`
	Bytes      int64         `json:"bytes" doc:"of the largest file kept"`
	Width      int           `json:"width" doc:"of what came in, in pixels; 0 of what is no picture"`
	Height     int           `json:"height"`
	Colour     string        `json:"colour" doc:"#rrggbb, the average of a picture"`
	Alt        string        `json:"alt" doc:"what it shows, in words"`
	Caption    string        `json:"caption"`
	Focus      *focusJSON    `json:"focus" doc:"where to look in a picture; null while nobody said"`
	URL        string        `json:"url"`
	Markdown   string        `json:"markdown" doc:"what stands in a text for it"`
	Variants   []variantJSON `json:"variants" nullable:"false"`
	Shown      []shownJSON   `json:"shown" nullable:"false" doc:"what shows it, in voices in which one writes"`
	Elsewhere  bool          `json:"elsewhere" doc:"something in another voice shows it too"`
	CreatedAt  *time.Time    `json:"created_at"`
	ReplacedAt *time.Time    `json:"replaced_at" doc:"when another file took its address; null for never"`
}

type focusJSON struct {
	X int `json:"x" doc:"in hundredths of the width, from the left" minimum:"0" maximum:"100"`
	Y int `json:"y" doc:"in hundredths of the height, from the top" minimum:"0" maximum:"100"`
}

type variantJSON struct {
	Name   string `json:"name" doc:"480, 960, 1600, square, original"`
	URL    string `json:"url"`
	Mime   string `json:"mime"`
	Bytes  int64  `json:"bytes"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

type shownJSON struct {
	Kind   string `json:"kind" enum:"post,letter,welcome,voice"`
	ID     string `json:"id"`
	Voice  string `json:"voice" doc:"its name"`
	Title  string `json:"title"`
	Public bool   `json:"public" doc:"strangers see it"`
}

type mediaBody struct {
	URL     opt[string] `json:"url,omitempty" doc:"where to fetch the file, instead of sending it: https://… on the public internet. Or the request is multipart/form-data with a part file, and alt and caption beside it"`
	Name    opt[string] `json:"name,omitempty" doc:"of the file; that of its address, or of the part, when absent"`
	Alt     opt[string] `json:"alt,omitempty" doc:"what it shows, in words"`
	Caption opt[string] `json:"caption,omitempty"`
}

type mediaPatch struct {
	Alt     opt[string]    `json:"alt,omitempty"`
	Caption opt[string]    `json:"caption,omitempty"`
	Focus   opt[focusJSON] `json:"focus,omitempty" doc:"where to look in a picture; null for nowhere in particular"`
}

type alterBody struct {
	Turn opt[int]     `json:"turn,omitempty" doc:"degrees clockwise: 0, 90, 180, 270"`
	Crop opt[cropBox] `json:"crop,omitempty" doc:"what stays of the picture as turned"`
}

// cropBox is a part of a picture, in fractions of its sides.
type cropBox struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
	W float64 `json:"w"`
	H float64 `json:"h"`
}

type mediaInput struct {
	ListInput
	Kind   string `query:"kind" enum:"picture,document,sound,film"`
	Query  string `query:"q" doc:"words of its name, of what it shows, of its caption"`
	Unused string `query:"unused" enum:"true" doc:"what nothing shows"`
	Mute   string `query:"without_alt" enum:"true" doc:"pictures of which nobody said what they show"`
}

type deleteMediaInput struct {
	ID    string `path:"id"`
	Force string `query:"force" enum:"true" doc:"delete it though posts and letters show it"`
}

func (a *API) mediaRoutes(r *register) {
	read(r, "/media", "listMedia", a.listMedia)
	read(r, "/media/{id}", "getMedia", func(c *call, in *oneInput) (mediaJSON, error) { return a.showFileOf(c, in.ID) })
	write(r, http.MethodPost, "/media", "addMedia", http.StatusCreated, a.addMedia)
	write(r, http.MethodPatch, "/media/{id}", "changeMedia", http.StatusOK, a.changeMedia)
	write(r, http.MethodPost, "/media/{id}/replace", "replaceMedia", http.StatusOK, a.replaceMedia)
	write(r, http.MethodPost, "/media/{id}/edit", "editMedia", http.StatusOK, a.editMedia)
	act(r, http.MethodDelete, "/media/{id}", "deleteMedia", http.StatusNoContent, a.deleteMedia)
}

func (a *API) listMedia(c *call, in *mediaInput) (page[mediaJSON], error) {
	size, err := in.size()
	if err != nil {
		return page[mediaJSON]{}, err
	}
	for name, given := range map[string]string{"unused": in.Unused, "without_alt": in.Mute} {
		if err := oneOf(name, given, "true", "false"); err != nil {
			return page[mediaJSON]{}, err
		}
	}
	f := media.Filter{Kind: in.Kind, Query: words(in.Query), Unused: in.Unused == "true", Mute: in.Mute == "true", Cursor: in.Cursor, Limit: size}
	found, next, err := a.Library.List(c.ctx, c.by, f)
	return newPage(found, next, a.showMedia), err
}

// showFileOf shows the file of an address.
func (a *API) showFileOf(c *call, raw string) (mediaJSON, error) {
	id, err := parse[fact.MediaID]("media", raw)
	if err != nil {
		return mediaJSON{}, err
	}
	f, err := a.Library.File(c.ctx, c.by, id)
	return a.showMedia(f), err
}

func (a *API) addMedia(c *call, _ *none, b *mediaBody) (mediaJSON, error) {
	if err := c.by.RequireAnywhere(actor.Author); err != nil { // before anything is fetched
		return mediaJSON{}, err
	}
	file, name, err := a.fileOf(c, b)
	if err != nil {
		return mediaJSON{}, err
	}
	taken, err := a.Media.Take(c.ctx, c.by, name, file, b.Alt.V, b.Caption.V)
	if err != nil {
		return mediaJSON{}, err
	}
	id, err := create(c, func(tx *db.Tx) (fact.MediaID, error) {
		m, err := a.Media.KeepIn(c.ctx, tx, c.by, taken)
		return m.ID, err
	})
	if err != nil {
		return mediaJSON{}, err
	}
	return a.showFileOf(c, id.String())
}

// fileOf is the file that came with a request, or the one that it names, fetched.
func (a *API) fileOf(c *call, b *mediaBody) (file io.Reader, name string, err error) {
	switch {
	case c.file != nil && b.URL.V != "":
		return nil, "", fault.Invalid("url", "with_file")
	case c.file != nil:
		return c.file, b.Name.V, nil
	case b.URL.V == "":
		return nil, "", fault.Invalid("file", "required")
	}
	if err := c.begin(); err != nil { // it takes a while
		return nil, "", err
	}
	file, name, err = media.Fetch(c.ctx, a.Fetch, b.URL.V)
	if b.Name.V != "" {
		name = b.Name.V
	}
	return file, name, err
}

func (a *API) changeMedia(c *call, in *oneInput, b *mediaPatch) (mediaJSON, error) {
	id, err := parse[fact.MediaID]("media", in.ID)
	if err != nil {
		return mediaJSON{}, err
	}
	if b.Alt.Set || b.Caption.Set {
		f, err := a.Library.File(c.ctx, c.by, id)
		if err != nil {
			return mediaJSON{}, err
		}
		if b.Alt.Set {
			f.Alt = b.Alt.V
		}
		if b.Caption.Set {
			f.Caption = b.Caption.V
		}
		if err := a.Media.Describe(c.ctx, c.by, id, f.Alt, f.Caption); err != nil {
			return mediaJSON{}, err
		}
	}
	if b.Focus.Set {
		if err := a.Media.SetFocus(c.ctx, c.by, id, media.Focus{X: b.Focus.V.X, Y: b.Focus.V.Y, Said: !b.Focus.Null}); err != nil {
			return mediaJSON{}, err
		}
	}
	return a.showFileOf(c, in.ID)
}

func (a *API) replaceMedia(c *call, in *oneInput, b *mediaBody) (mediaJSON, error) {
	id, err := parse[fact.MediaID]("media", in.ID)
	if err != nil {
		return mediaJSON{}, err
	}
	var bad fault.Problems
	if b.Alt.Set {
		bad.Add("alt", "fixed")
	}
	if b.Caption.Set {
		bad.Add("caption", "fixed")
	}
	if err := bad.Err(); err != nil {
		return mediaJSON{}, err
	}
	if _, err := a.Library.File(c.ctx, c.by, id); err != nil { // before anything is fetched
		return mediaJSON{}, err
	}
	file, name, err := a.fileOf(c, b)
	if err != nil {
		return mediaJSON{}, err
	}
	if _, err = a.Media.Replace(c.ctx, c.by, id, name, file); err != nil {
		return mediaJSON{}, err
	}
	return a.showFileOf(c, in.ID)
}

func (a *API) editMedia(c *call, in *oneInput, b *alterBody) (mediaJSON, error) {
	id, err := parse[fact.MediaID]("media", in.ID)
	if err != nil {
		return mediaJSON{}, err
	}
	if err := c.begin(); err != nil {
		return mediaJSON{}, err
	}
	box := b.Crop.V
	if _, err = a.Media.Alter(c.ctx, c.by, id, media.Change{Turn: b.Turn.V, Crop: media.Crop{X: box.X, Y: box.Y, W: box.W, H: box.H}}); err != nil {
		return mediaJSON{}, err
	}
	return a.showFileOf(c, in.ID)
}

// deleteMedia deletes a file. What shows it is named in the refusal, each as the problem shown of what it is.
func (a *API) deleteMedia(c *call, in *deleteMediaInput) (none, error) {
	id, err := parse[fact.MediaID]("media", in.ID)
	if err != nil {
		return none{}, err
	}
	if err := oneOf("force", in.Force, "true", "false"); err != nil {
		return none{}, err
	}
	if in.Force == "true" {
		return none{}, a.Media.Remove(c.ctx, c.by, id)
	}
	err = a.Media.Delete(c.ctx, c.by, id)
	var used *fault.Error
	if !errors.As(err, &used) || used.Code != "media.in_use" {
		return none{}, err
	}
	f, failed := a.Library.File(c.ctx, c.by, id)
	if failed != nil {
		return none{}, failed
	}
	out := *used
	for _, s := range f.Shown {
		shown := showShown(s)
		out.Problems = append(out.Problems, fault.Problem{Field: shown.Kind + ":" + shown.ID, Code: "shown", Args: []any{shown.Title}})
	}
	return none{}, &out
}

func (a *API) showMedia(f library.File) mediaJSON {
	house := a.Places.Last().House
	out := mediaJSON{ID: f.ID.String(), Kind: f.Kind(), Name: f.Name, Mime: f.Mime, Bytes: f.Bytes, Width: f.Width, Height: f.Height, Colour: f.Colour,
		Alt: f.Alt, Caption: f.Caption, URL: house(media.Src(f.Media)), Markdown: media.Markdown(f.Media), Variants: []variantJSON{}, Shown: []shownJSON{},
		Elsewhere: f.Elsewhere, CreatedAt: instant(f.CreatedAt), ReplacedAt: instant(f.ReplacedAt)}
	if f.Focus.Said {
		out.Focus = &focusJSON{f.Focus.X, f.Focus.Y}
	}
	for _, v := range f.Variants {
		out.Variants = append(out.Variants, variantJSON{Name: v.Name, URL: house(f.Path(v.Name)), Mime: v.Mime, Bytes: v.Bytes, Width: v.Width, Height: v.Height})
	}
	for _, s := range f.Shown {
		out.Shown = append(out.Shown, showShown(s))
	}
	return out
}

func showShown(s library.Showing) shownJSON {
	return shownJSON{Kind: s.Kind, ID: fact.PostID(s.ID).String(), Voice: s.Voice, Title: s.Label, Public: s.Public}
}
