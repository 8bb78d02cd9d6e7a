package api

import (
	"net/http"
	"slices"
	"time"

	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

type voiceJSON struct {
	ID        string     `json:"id"`
	Slug      string     `json:"slug"`
	Name      string     `json:"name"`
	Kind      string     `json:"kind" enum:"personal,corporate,internal"`
	Lang      string     `json:"lang" enum:"fr-FR,fr-CA,en"`
	Role      string     `json:"role"`
	Bio       string     `json:"bio" doc:"Markdown"`
	Accent    string     `json:"accent" doc:"#rrggbb"`
	Email     string     `json:"email"`
	Links     []string   `json:"links" nullable:"false"`
	Ask       string     `json:"ask" doc:"what one may ask of the voice: a sentence under its articles"`
	Portrait  *string    `json:"portrait" doc:"id of a file"`
	Logo      *string    `json:"logo" doc:"id of a file"`
	Main      bool       `json:"main" doc:"it is the voice at /"`
	URL       *string    `json:"url" doc:"null for an internal voice"`
	CreatedAt *time.Time `json:"created_at"`
	UpdatedAt *time.Time `json:"updated_at"`
}

type voiceBody struct {
	Slug   opt[string]   `json:"slug,omitempty" doc:"made from the name when absent"`
	Name   opt[string]   `json:"name,omitempty"`
	Kind   opt[string]   `json:"kind,omitempty" doc:"personal (when absent), corporate or internal"`
	Lang   opt[string]   `json:"lang,omitempty" doc:"the house's when absent"`
	Role   opt[string]   `json:"role,omitempty"`
	Bio    opt[string]   `json:"bio,omitempty" doc:"Markdown"`
	Ask    opt[string]   `json:"ask,omitempty" doc:"what one may ask of the voice: a sentence under its articles"`
	Accent opt[string]   `json:"accent,omitempty" doc:"#rrggbb"`
	Email  opt[string]   `json:"email,omitempty"`
	Links  opt[[]string] `json:"links,omitempty"`
}

type sectionJSON struct {
	ID    string  `json:"id"`
	Voice string  `json:"voice" doc:"slug"`
	Slug  string  `json:"slug"`
	Name  string  `json:"name"`
	URL   *string `json:"url" doc:"null for an internal voice"`
}

type sectionBody struct {
	Voice opt[string] `json:"voice,omitempty" doc:"slug or id; the main voice when absent"`
	Slug  opt[string] `json:"slug,omitempty" doc:"made from the name when absent"`
	Name  opt[string] `json:"name,omitempty"`
}

type sectionsInput struct {
	ListInput
	Voice string `query:"voice" doc:"slug or id"`
}

func (a *API) voiceRoutes(r *register) {
	read(r, "/voices", "listVoices", func(c *call, in *ListInput) (page[voiceJSON], error) {
		k, err := a.knownVoices(c)
		if err != nil {
			return page[voiceJSON]{}, err
		}
		found, next, err := cut(k.seenBy(c.by), *in, func(v voice.Voice) string { return v.ID.String() })
		return newPage(found, next, func(v voice.Voice) voiceJSON { return a.showVoice(k, v) }), err
	})
	write(r, http.MethodPost, "/voices", "createVoice", http.StatusCreated, a.createVoice)
	act(r, http.MethodDelete, "/voices/{id}", "deleteVoice", http.StatusNoContent, a.deleteVoice)
	read(r, "/sections", "listSections", a.listSections)
	write(r, http.MethodPost, "/sections", "createSection", http.StatusCreated, a.createSection)
}

func (a *API) createVoice(c *call, _ *none, b *voiceBody) (voiceJSON, error) {
	in := voice.NewVoice{
		Slug: b.Slug.V, Name: b.Name.V, Kind: b.Kind.V, Lang: b.Lang.V, Role: b.Role.V, Bio: b.Bio.V, Ask: b.Ask.V, Accent: b.Accent.V, Email: b.Email.V,
		Links: b.Links.V,
	}
	if in.Kind == "" {
		in.Kind = voice.Personal
	}
	id, err := create(c, func(tx *db.Tx) (fact.VoiceID, error) {
		if in.Lang == "" {
			h, err := a.House.GetIn(tx)
			if err != nil {
				return 0, err
			}
			in.Lang = h.Lang
		}
		v, err := a.Voices.CreateIn(tx, c.by, in)
		return v.ID, err
	})
	if err != nil {
		return voiceJSON{}, err
	}
	k, err := a.knownVoices(c)
	return a.showVoice(k, k.byID[id]), err
}

type voiceRemovalInput struct {
	ID    string `path:"id"`
	Heir  string `query:"heir" doc:"slug or id of the voice that takes over what was said to this one and by it"`
	Posts string `query:"posts" enum:"move,withdraw" doc:"move (the default): they are the heir's, and their addresses lead there; withdraw: they are deleted first, and answer 410"`
}

// deleteVoice gives a voice up.
func (a *API) deleteVoice(c *call, in *voiceRemovalInput) (none, error) {
	id, err := parse[fact.VoiceID]("voice", in.ID)
	if err != nil {
		return none{}, err
	}
	how := voice.Removal{Withdraw: in.Posts == "withdraw"}
	if in.Posts != "" && in.Posts != "move" && !how.Withdraw {
		return none{}, fault.Invalid("posts", "unknown")
	}
	if in.Heir != "" {
		heir, err := a.voiceNamed(c, "heir", in.Heir)
		if err != nil {
			return none{}, err
		}
		how.Heir = heir.ID
	}
	return none{}, a.Voices.Remove(c.ctx, c.by, id, how)
}

func (a *API) listSections(c *call, in *sectionsInput) (page[sectionJSON], error) {
	k, err := a.knownVoices(c)
	if err != nil {
		return page[sectionJSON]{}, err
	}
	of := k.seenBy(c.by)
	if in.Voice != "" {
		v, err := a.voiceNamed(c, "voice", in.Voice)
		if err != nil {
			return page[sectionJSON]{}, err
		}
		of = []voice.Voice{v}
	}
	var all []post.Section
	err = a.DB.Read(c.ctx, func(tx *db.Tx) error {
		all = nil
		for _, v := range of { // a handful
			some, err := post.AllSections(tx, v.ID)
			if err != nil {
				return err
			}
			all = append(all, some...)
		}
		return nil
	})
	if err != nil {
		return page[sectionJSON]{}, err
	}
	found, next, err := cut(all, in.ListInput, func(s post.Section) string { return s.ID.String() })
	return newPage(found, next, func(s post.Section) sectionJSON { return a.showSection(k, s) }), err
}

// createSection makes a section. Its verb has a transaction of its own: when an interrupted run of the same request made
// the section already, that one is the answer.
func (a *API) createSection(c *call, _ *none, b *sectionBody) (sectionJSON, error) {
	k, err := a.knownVoices(c)
	if err != nil {
		return sectionJSON{}, err
	}
	v := k.byID[k.main]
	if b.Voice.given() {
		if v, err = a.voiceNamed(c, "voice", b.Voice.V); err != nil {
			return sectionJSON{}, err
		}
	}
	if err := c.begin(); err != nil {
		return sectionJSON{}, err
	}
	s, err := a.Posts.CreateSection(c.ctx, c.by, v.ID, b.Name.V, b.Slug.V)
	if problems := fault.ProblemsOf(err); c.once != nil && c.once.resumed && len(problems) > 0 && problems[0].Code == "taken" {
		s, err = a.sectionNamed(c, v.ID, b.Name.V)
	}
	return a.showSection(k, s), err
}

func (a *API) sectionNamed(c *call, v fact.VoiceID, name string) (found post.Section, err error) {
	err = a.DB.Read(c.ctx, func(tx *db.Tx) error {
		all, err := post.AllSections(tx, v)
		if err != nil {
			return err
		}
		for _, s := range all {
			if s.Name == name {
				found = s
				return nil
			}
		}
		return fault.Invalid("slug", "taken")
	})
	return found, err
}

// voices are all voices of the house, for showing what refers to them.
type voices struct {
	all    []voice.Voice
	byID   map[fact.VoiceID]voice.Voice
	places *place.Places
	main   fact.VoiceID
}

// seenBy returns the voices that by may know of: the public ones, and the internal ones in which they read.
func (k voices) seenBy(by actor.Actor) []voice.Voice {
	scope := by.Scope(actor.Reader)
	return slices.DeleteFunc(slices.Clone(k.all), func(v voice.Voice) bool { return !v.Public() && !scope.Has(int64(v.ID)) })
}

func (a *API) knownVoices(c *call) (k voices, err error) {
	err = a.DB.Read(c.ctx, func(tx *db.Tx) error {
		k, err = a.voicesIn(tx)
		return err
	})
	return k, err
}

func (a *API) voicesIn(tx *db.Tx) (voices, error) {
	k := voices{byID: map[fact.VoiceID]voice.Voice{}}
	places, err := a.Places.GetIn(tx)
	if err != nil {
		return k, err
	}
	main, _ := places.Main()
	k.places, k.main, k.all = places, main.ID, places.Voices()
	for _, v := range k.all {
		k.byID[v.ID] = v
	}
	return k, nil
}

// slug returns the slug of a voice, null when there is none.
func (k voices) slug(id fact.VoiceID) *string { return orNull(k.byID[id].Slug) }

// at returns the address of what stands at path under a voice, null when strangers never see it.
func (a *API) at(k voices, v voice.Voice, path string) *string {
	if !v.Public() {
		return nil
	}
	return orNull(k.places.URL(v.ID, path))
}

func (a *API) showVoice(k voices, v voice.Voice) voiceJSON {
	return voiceJSON{
		ID: v.ID.String(), Slug: v.Slug, Name: v.Name, Kind: v.Kind, Lang: v.Lang, Role: v.Role, Bio: v.Bio, Ask: v.Ask, Accent: v.Accent, Email: v.Email,
		Links: append([]string{}, v.Links...), Portrait: orNull(v.Portrait.String()), Logo: orNull(v.Logo.String()), Main: v.ID == k.main, URL: a.at(k, v, "/"),
		CreatedAt: instant(v.CreatedAt), UpdatedAt: instant(v.UpdatedAt),
	}
}

func (a *API) showSection(k voices, s post.Section) sectionJSON {
	v := k.byID[s.Voice]
	return sectionJSON{ID: s.ID.String(), Voice: v.Slug, Slug: s.Slug, Name: s.Name, URL: a.at(k, v, "/section/"+s.Slug+"/")}
}
