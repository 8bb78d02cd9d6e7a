package postweb

import (
	"net/http"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// keep saves what was typed before anything else is done with the post. When done is true, the answer was already
// written: the page again, with what is wrong, or with both texts. With quiet nothing else is to be done, so that what can be merged is
// merged without a question.
func (h *Handler) keep(w http.ResponseWriter, r *web.Request, quiet bool) (p post.Post, f *web.Form, done bool, err error) {
	if p, err = h.load(r); err != nil {
		return p, nil, false, err
	}
	if f, err = r.Form(); err == nil && f.Has("ready") {
		return h.keepSettled(w, r, p, f)
	}
	if err != nil || !f.Has("body") {
		return p, f, false, err // a button of another page, without a text
	}
	in := patchOf(f)
	if err := h.takeFiles(r, f, &in); err != nil {
		return p, f, true, h.again(w, r, p, f, in, err)
	}
	if err := f.Err(); err != nil {
		return p, f, true, h.again(w, r, p, f, in, nil)
	}
	now, err := h.posts.Save(r.Context(), r.Actor(), p.ID, in, f.Int("version"))
	if changedElsewhere(err) && same(p, f) {
		now, err = h.posts.Save(r.Context(), r.Actor(), p.ID, in, p.Version) // the autosave was faster
	}
	if changedElsewhere(err) {
		return p, f, true, h.both(w, r, f, quiet)
	}
	if err != nil {
		return p, f, true, h.again(w, r, p, f, in, err)
	}
	done, err = h.keepLetter(w, r, now, f)
	return now, f, done, err
}

// again shows the page with what was typed, the files that came with it, and what is wrong; an error that is about no
// field goes on.
func (h *Handler) again(w http.ResponseWriter, r *web.Request, p post.Post, f *web.Form, in post.Patch, err error) error {
	if err != nil && !f.AddProblems(err) {
		return err
	}
	values := with(with(valuesOf(p), typed(f)), letterTyped(f))
	for _, name := range []string{"kind", "voice", "version"} {
		if f.Has(name) {
			values[name] = f.Text(name)
		}
	}
	if in.Body != nil {
		values["body"] = *in.Body
	}
	if in.Cover != nil {
		values["cover"] = in.Cover.String()
	}
	shown := web.NewForm(values)
	shown.Problems = f.Problems
	return h.show(w, r, http.StatusUnprocessableEntity, writePage{Post: p}, shown)
}

// takeFiles uploads what came with the form: a cover, or a picture for the end of the text.
func (h *Handler) takeFiles(r *web.Request, f *web.Form, in *post.Patch) error {
	if id, ok, err := h.takeFile(r, f, "cover_file", f.Text("cover_alt")); err != nil {
		return err
	} else if ok {
		in.Cover = &id
	}
	return h.takePicture(r, f, in)
}

// takePicture puts a picture that came with the form at the end of the text.
func (h *Handler) takePicture(r *web.Request, f *web.Form, in *post.Patch) error {
	file, head, err := f.File("file")
	if fault.Is(err, fault.KindInvalid) {
		return nil // none was sent
	}
	if err != nil {
		return err
	}
	defer file.Close()
	m, err := h.media.Upload(r.Context(), r.Actor(), head.Filename, file, f.Text("alt"))
	if err != nil {
		return err
	}
	body := media.Markdown(m)
	if in.Body != nil && *in.Body != "" {
		body = *in.Body + "\n\n" + body
	}
	in.Body = &body
	return nil
}

// takeFile uploads the file of one field; false when none was sent. Its problems are noted at that field.
func (h *Handler) takeFile(r *web.Request, f *web.Form, field, alt string) (fact.MediaID, bool, error) {
	file, head, err := f.File(field)
	if fault.Is(err, fault.KindInvalid) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	defer file.Close()
	m, err := h.media.Upload(r.Context(), r.Actor(), head.Filename, file, alt)
	if problems := fault.ProblemsOf(err); len(problems) > 0 {
		return 0, false, fault.Invalid(field, problems[0].Code, problems[0].Args...)
	}
	return m.ID, err == nil, err
}

func here(p post.Post) string { return "/app/posts/" + p.ID.String() }

func (h *Handler) save(w http.ResponseWriter, r *web.Request) error {
	p, _, done, err := h.keep(w, r, true)
	if err != nil || done {
		return err
	}
	said := "post.said_saved"
	if p.Out() {
		said = "post.said_updated"
	}
	return r.Redirect(w, said, here(p))
}

func (h *Handler) publish(w http.ResponseWriter, r *web.Request) error {
	p, f, done, err := h.keep(w, r, false)
	if err != nil || done {
		return err
	}
	out, err := h.posts.PublishSoon(r.Context(), r.Actor(), p.ID)
	if err != nil {
		return h.missing(w, r, p, f, err)
	}
	said, err := h.saidWith(r, saidPublished(r, out), out)
	if err != nil {
		return err
	}
	return r.Redirect(w, said, afterwards(r, p, out))
}

func (h *Handler) schedule(w http.ResponseWriter, r *web.Request) error {
	p, f, done, err := h.keep(w, r, false)
	if err != nil || done {
		return err
	}
	at, ok := f.Local("schedule")
	if !ok {
		f.Require("schedule")
		return h.missing(w, r, p, f, f.Err())
	}
	if _, err := h.posts.Schedule(r.Context(), r.Actor(), p.ID, at); err != nil {
		return h.missing(w, r, p, f, err)
	}
	return r.Redirect(w, saidScheduled, here(p))
}

// missing shows the saved post with what it still lacks to go out.
func (h *Handler) missing(w http.ResponseWriter, r *web.Request, p post.Post, f *web.Form, err error) error {
	problems := fault.ProblemsOf(err)
	if len(problems) == 0 {
		return err
	}
	now, err := h.load(r)
	if err != nil {
		return err
	}
	again := web.NewForm(with(with(valuesOf(now), letterTyped(f)), map[string]string{"schedule": f.Text("schedule")}))
	again.Problems = problems
	if f.Has("ready") {
		return h.showReady(w, r, http.StatusUnprocessableEntity, now, again)
	}
	return h.show(w, r, http.StatusUnprocessableEntity, writePage{Post: now}, again)
}

// unpublish does not wait for the text to be right: what was typed is kept aside.
func (h *Handler) unpublish(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	now, err := h.posts.Unpublish(r.Context(), r.Actor(), p.ID)
	if err != nil {
		return err
	}
	version := f.Int("version")
	if version == p.Version {
		version = now.Version // it was typed over what is there now
	}
	if err := h.aside(r, now, f, version); err != nil {
		return err
	}
	said := "post.said_unpublished"
	if !p.Out() {
		said = "post.said_unscheduled"
	}
	if said, err = h.saidWith(r, said, now); err != nil {
		return err
	}
	return r.Redirect(w, said, here(p))
}

func (h *Handler) remove(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	if err := h.aside(r, p, f, f.Int("version")); err != nil {
		return err
	}
	if err := h.posts.Delete(r.Context(), r.Actor(), p.ID); err != nil {
		return err
	}
	return r.Redirect(w, "", "/app/posts?gone="+p.ID.String())
}

// aside keeps what was typed when the button pressed does not save it.
func (h *Handler) aside(r *web.Request, p post.Post, f *web.Form, version int) error {
	if !f.Has("body") || same(p, f) {
		return nil
	}
	return h.posts.KeepDraft(r.Context(), r.Actor(), p.ID, version, typed(f))
}

func (h *Handler) restore(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	if _, err := h.posts.Restore(r.Context(), r.Actor(), p.ID); err != nil {
		return err
	}
	return r.Redirect(w, "post.said_restored", here(p))
}

// discard forgets what was typed and not saved.
func (h *Handler) discard(w http.ResponseWriter, r *web.Request) error {
	p, err := h.load(r)
	if err != nil {
		return err
	}
	if err := h.posts.ForgetDraft(r.Context(), r.Actor(), p.ID); err != nil {
		return err
	}
	return r.Redirect(w, "post.said_discarded", here(p))
}
