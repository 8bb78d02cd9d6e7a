package postweb

import (
	"context"
	"embed"
	"errors"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/account"
	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fetch"
	"causerie/internal/platform/web"
	"causerie/internal/view/segment"
)

//go:embed *.tmpl *.css *.js *.json
var files embed.FS

// Bundle is the templates, styles and texts of these pages.
var Bundle = web.Bundle{Name: "postweb", Side: web.Work, Files: files}

// Handler answers the addresses under /app/posts, /app/write and /app/media, and the arrangement of what is written in the settings.
type Handler struct {
	posts  *post.Service
	media  *media.Service
	voices *voice.Service
	house  *house.Service
	places *place.Service

	accounts *account.Service
	site     Site
	fetch    *fetch.Client
	talk     Talk
	letters  *newsletter.Service // nil where nothing is mailed
	people   *segment.View

	listView  *web.View[listPage]
	noteView  *web.View[notePage]
	writeView *web.View[writePage]
	readyView *web.View[readyPage]
	readView  *web.View[readPage]
	termsView *web.View[termsPage]

	revisionsView *web.View[revisionsPage]
	revisionView  *web.View[revisionPage]
	mergeView     *web.View[mergePage]
}

// New returns the pages of k over these services.
func New(k *web.Kit, posts *post.Service, files *media.Service, voices *voice.Service, houses *house.Service, places *place.Service, accounts *account.Service) *Handler {
	return &Handler{
		posts: posts, media: files, voices: voices, house: houses, places: places, accounts: accounts,
		listView:  web.NewView[listPage](k, Bundle, "list.tmpl", "work"),
		noteView:  web.NewView[notePage](k, Bundle, "note.tmpl", "work"),
		writeView: web.NewView[writePage](k, Bundle, "write.tmpl", "work"),
		readyView: web.NewView[readyPage](k, Bundle, "ready.tmpl", "work"),
		readView:  web.NewView[readPage](k, Bundle, "read.tmpl", "work"),
		termsView: web.NewView[termsPage](k, Bundle, "terms.tmpl", "work"),

		revisionsView: web.NewView[revisionsPage](k, Bundle, "revisions.tmpl", "work"),
		revisionView:  web.NewView[revisionPage](k, Bundle, "revision.tmpl", "work"),
		mergeView:     web.NewView[mergePage](k, Bundle, "merge.tmpl", "work"),
	}
}

// Bounds of what these forms send, in bytes: a text of two million letters encoded, and a text with a picture.
const (
	textBody = 8 << 20
	fileBody = media.MaxBytes + 8<<20
)

// Routes returns the addresses.
func (h *Handler) Routes() []web.Route {
	at := func(pattern string, max int64, handle web.Handler) web.Route {
		return web.Route{Pattern: pattern, Access: web.Authors, MaxBody: max, Handle: handle}
	}
	write := at("POST /app/write", fileBody, h.write)
	write.Once = true
	return []web.Route{
		at("GET /app/posts", 0, h.list),
		at("GET /app/write", 0, h.begin),
		write,
		at("GET /app/posts/{id}", 0, h.edit),
		at("POST /app/posts/{id}", fileBody, h.save),
		at("GET /app/posts/{id}/ready", 0, h.ready),
		at("POST /app/posts/{id}/settle", fileBody, h.settle),
		at("GET /app/posts/{id}/as-read", 0, h.asRead),
		at("POST /app/posts/{id}/publish", fileBody, h.publish),
		at("POST /app/posts/{id}/schedule", fileBody, h.schedule),
		at("POST /app/posts/{id}/unpublish", fileBody, h.unpublish),
		at("POST /app/posts/{id}/delete", fileBody, h.remove),
		at("POST /app/posts/{id}/restore", fileBody, h.restore),
		at("POST /app/posts/{id}/discard", fileBody, h.discard),
		at("POST /app/posts/{id}/preview", textBody, h.preview),
		at("POST /app/posts/{id}/autosave", textBody, h.autosave),
		at("POST /app/posts/{id}/undo", 0, h.undo),
		at("POST /app/posts/{id}/here", 0, h.sit),
		at("GET /app/posts/{id}/merge", 0, h.merging),
		at("POST /app/posts/{id}/merge", 0, h.merge),
		at("GET /app/posts/{id}/revisions", 0, h.revisions),
		at("GET /app/posts/{id}/revisions/{revision}", 0, h.revision),
		at("POST /app/posts/{id}/revisions/{revision}/restore", 0, h.bringBack),
		at("POST /app/posts/{id}/same", 3*textBody, h.sameText),
		at("GET /app/posts/titles", 0, h.titles),
		at("POST /app/posts/typeset", lineBody, h.typesetLines),
		at("POST /app/settings/editor", 0, h.chooseEditor),
		at("POST /app/media", fileBody, h.upload),
		{Pattern: "GET " + TermsPath, Access: web.Editors, Handle: h.showTerms},
		{Pattern: "POST " + TermsPath + "/{id}", Access: web.Editors, Handle: h.changeSection},
		{Pattern: "POST /app/settings/tags/{id}", Access: web.Editors, Handle: h.changeTag},
		{Pattern: "POST /app/settings/menu", Access: web.Editors, Handle: h.setMenu},
	}
}

// load reads the post that the address names.
func (h *Handler) load(r *web.Request) (post.Post, error) {
	id, err := fact.Parse[fact.PostID](r.PathValue("id"))
	if err != nil {
		return post.Post{}, fault.NotFound("post")
	}
	return h.posts.Get(r.Context(), r.Actor(), id)
}

// writable returns the voices in which by may write, in their order.
func (h *Handler) writable(ctx context.Context, by actor.Actor) ([]voice.Voice, error) {
	all, err := h.voices.List(ctx)
	if err != nil {
		return nil, err
	}
	var mine []voice.Voice
	for _, v := range all {
		if by.On(int64(v.ID)) >= actor.Author {
			mine = append(mine, v)
		}
	}
	return mine, nil
}

// publicPath returns where readers find p, "" while they do not.
func publicPath(places *place.Places, v voice.Voice, p post.Post) string {
	path := post.Path(p)
	if !p.Out() || !v.Public() || path == "" {
		return ""
	}
	return places.Link("", v.ID, path)
}

// changedElsewhere reports whether err says that the post was saved since.
func changedElsewhere(err error) bool {
	f, ok := errors.AsType[*fault.Error](err)
	return ok && f.Code == "post.changed_elsewhere"
}
