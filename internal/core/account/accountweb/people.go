package accountweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"causerie/internal/assets"
	"causerie/internal/core/account"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
)

type peoplePage struct {
	web.Page
	People []personLine
	Voices []voiceName
	Scope  string // what the invitation is about: a voice, "" for everything
	Role   string
	Lang   string // of the invitation's form
	Mails  bool   // whether an invitation leaves by mail
}

type personLine struct {
	Account account.Account
	Face    assets.Face
	Grants  []grantLine
	Self    bool
}

// grantLine is a role, and the voice it is about; "" is everything.
type grantLine struct{ Role, Voice string }

type voiceName struct {
	ID       fact.VoiceID
	Name     string
	portrait fact.MediaID // of whoever speaks in it by their own name
}

type personPage struct {
	web.Page
	personLine
	Scopes []scopeLine
	Link   string // to choose a password: shown by this answer alone
	Mailed bool   // the invitation leaves by mail too
	Days   bool   // whether Link is an invitation, good for days and not for an hour
}

// scopeLine is one select of the grants' form: what it is about, and the roles that can be given on it.
type scopeLine struct {
	Field string // "role_0", "role_<id of the voice>"
	Voice string // "" for everything
	Role  string
	Roles []string
}

// The roles that are given on a voice, and on everything; "none" takes away.
var (
	voiceRoles = []string{"none", "reader", "author", "editor"}
	houseRoles = []string{"none", "reader", "author", "editor", "owner"}
)

func (h *Handler) names(ctx context.Context) ([]voiceName, error) {
	all, err := h.voices.List(ctx)
	if err != nil {
		return nil, err
	}
	names := make([]voiceName, 0, len(all))
	for _, v := range all {
		one := voiceName{ID: v.ID, Name: v.Name}
		if v.Kind == voice.Personal {
			one.portrait = v.Portrait
		}
		names = append(names, one)
	}
	slices.SortFunc(names, func(a, b voiceName) int { return cmp.Compare(a.ID, b.ID) })
	return names, nil
}

func lineOf(r *web.Request, a account.Account, voices []voiceName) personLine {
	line := personLine{Account: a, Face: assets.FaceOf(a.ID.String(), a.Name), Self: int64(a.ID) == r.Actor().Account}
	for _, v := range voices {
		if !v.portrait.IsZero() && text.Fold(v.Name) == text.Fold(a.Name) {
			line.Face.Img = media.Path(v.portrait, media.Square)
		}
	}
	for _, g := range a.Grants {
		one := grantLine{Role: g.Role.String()}
		if g.Voice != 0 {
			i := slices.IndexFunc(voices, func(v voiceName) bool { return int64(v.ID) == g.Voice })
			if i < 0 {
				continue
			}
			one.Voice = voices[i].Name
		}
		line.Grants = append(line.Grants, one)
	}
	return line
}

func (h *Handler) showPeople(w http.ResponseWriter, r *web.Request) error {
	return h.showPeopleWith(w, r, http.StatusOK, nil)
}

func (h *Handler) showPeopleWith(w http.ResponseWriter, r *web.Request, status int, f *web.Form) error {
	voices, err := h.names(r.Context())
	if err != nil {
		return err
	}
	all, err := h.accounts.List(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	mails, err := h.accounts.Mails(r.Context())
	if err != nil {
		return err
	}
	p := peoplePage{Mails: mails,
		Page: web.Page{Title: r.T("account.people.title"), Nav: "settings", Form: f}, Voices: voices,
		Scope: f.Text("voice"), Role: cmp.Or(f.Text("role"), "author"), Lang: cmp.Or(f.Text("lang"), string(r.Lang())),
	}
	for _, a := range all {
		p.People = append(p.People, lineOf(r, a, voices))
	}
	return h.people.Render(w, r, status, p)
}

func (h *Handler) invite(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	voices, err := h.names(r.Context())
	if err != nil {
		return err
	}
	grant := actor.Grant{Role: actor.ParseRole(f.Text("role"))}
	if grant.Role == actor.None {
		f.Problem("role", "unknown")
	}
	if s := f.Text("voice"); s != "" {
		i := slices.IndexFunc(voices, func(v voiceName) bool { return v.ID.String() == s })
		switch {
		case i < 0:
			f.Problem("voice", "unknown")
		case grant.Role == actor.Owner:
			f.Problem("voice", "owner_of_all")
		default:
			grant.Voice = int64(voices[i].ID)
		}
	}
	if !i18n.Known(f.Text("lang")) {
		f.Problem("lang", "unknown")
	}
	f.Require("name", "email")
	if f.Err() == nil {
		a, token, err := h.accounts.Invite(r.Context(), r.Actor(), account.NewAccount{
			Email: f.Text("email"), Name: f.Text("name"), Lang: f.Text("lang"), Grants: []actor.Grant{grant},
		})
		if err == nil {
			mails, err := h.accounts.Mails(r.Context())
			if err != nil {
				return err
			}
			return h.showPersonWith(w, r, http.StatusCreated, a.ID, personPage{Link: resetLink(r, token), Days: true, Mailed: mails})
		}
		if !f.AddProblems(err) {
			return err
		}
	}
	return h.showPeopleWith(w, r, http.StatusUnprocessableEntity, f)
}

func resetLink(r *web.Request, token string) string { return r.Absolute("/app/reset?t=" + token) }

func personID(r *web.Request) (fact.AccountID, error) {
	id, err := fact.Parse[fact.AccountID](r.PathValue("id"))
	if err != nil {
		return 0, fault.NotFound("account")
	}
	return id, nil
}

func (h *Handler) showPerson(w http.ResponseWriter, r *web.Request) error {
	id, err := personID(r)
	if err != nil {
		return err
	}
	return h.showPersonWith(w, r, http.StatusOK, id, personPage{})
}

func (h *Handler) showPersonWith(w http.ResponseWriter, r *web.Request, status int, id fact.AccountID, p personPage) error {
	a, err := h.accounts.Get(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	voices, err := h.names(r.Context())
	if err != nil {
		return err
	}
	p.personLine = lineOf(r, a, voices)
	p.Title, p.Nav = a.Name, "settings"
	role := map[int64]string{}
	for _, g := range a.Grants {
		role[g.Voice] = g.Role.String()
	}
	p.Scopes = []scopeLine{{Field: "role_0", Role: cmp.Or(p.Form.Text("role_0"), role[0], "none"), Roles: houseRoles}}
	for _, v := range voices {
		field := "role_" + v.ID.String()
		p.Scopes = append(p.Scopes, scopeLine{Field: field, Voice: v.Name, Role: cmp.Or(p.Form.Text(field), role[int64(v.ID)], "none"), Roles: voiceRoles})
	}
	return h.person.Render(w, r, status, p)
}

func (h *Handler) grant(w http.ResponseWriter, r *web.Request) error {
	id, err := personID(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	voices, err := h.names(r.Context())
	if err != nil {
		return err
	}
	grants := []actor.Grant{{Role: roleOf(f, "role_0", houseRoles)}}
	for _, v := range voices {
		grants = append(grants, actor.Grant{Voice: int64(v.ID), Role: roleOf(f, "role_"+v.ID.String(), voiceRoles)})
	}
	if f.Err() == nil {
		err := h.accounts.SetGrants(r.Context(), r.Actor(), id, grants)
		if fault.Is(err, fault.KindConflict) {
			f.Problem("role_0", "last_owner")
		} else if err != nil && !f.AddProblems(err) {
			return err
		}
	}
	if f.Err() != nil {
		return h.showPersonWith(w, r, http.StatusUnprocessableEntity, id, personPage{Page: web.Page{Form: f}})
	}
	return r.Redirect(w, "account.person.granted", peoplePath+"/"+id.String())
}

// roleOf reads one select of the grants' form, whose roles are all that is taken: nobody owns one voice.
func roleOf(f *web.Form, field string, roles []string) actor.Role {
	word := cmp.Or(f.Text(field), "none")
	if !slices.Contains(roles, word) {
		f.Problem(field, "role")
	}
	return actor.ParseRole(word)
}

func (h *Handler) newLink(w http.ResponseWriter, r *web.Request) error {
	id, err := personID(r)
	if err != nil {
		return err
	}
	if _, err := h.accounts.Get(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	token, err := h.accounts.ResetToken(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	return h.showPersonWith(w, r, http.StatusCreated, id, personPage{Link: resetLink(r, token)})
}

func (h *Handler) disable(w http.ResponseWriter, r *web.Request) error {
	return h.setDisabled(w, r, true, "account.person.disabled_said")
}

func (h *Handler) enable(w http.ResponseWriter, r *web.Request) error {
	return h.setDisabled(w, r, false, "account.person.enabled_said")
}

func (h *Handler) setDisabled(w http.ResponseWriter, r *web.Request, disabled bool, said string) error {
	id, err := personID(r)
	if err != nil {
		return err
	}
	if err := h.accounts.Disable(r.Context(), r.Actor(), id, disabled); err != nil {
		return err
	}
	return r.Redirect(w, said, peoplePath+"/"+id.String())
}
