package accountweb_test

import (
	"strings"
	"testing"

	"causerie/internal/core/account"
	"causerie/internal/platform/actor"
)

func TestOnesOwnAccountChangesFormByForm(t *testing.T) {
	t.Parallel()
	h := newDoor(t)
	h.enter()
	const page = "/app/settings/account"
	res, body := h.get(page)
	want(t, res, body, 200, "", `value="Claire Aubin"`, "Firefox sur Linux", "celle-ci")

	res, body = h.post(page, "name", "", "lang", "fr-CA")
	want(t, res, body, 422, "", "à remplir", `value="fr-CA" selected`)
	res, body = h.post(page, "name", "Claire A.", "lang", "en")
	want(t, res, body, 303, page)
	res, body = h.get(page)
	want(t, res, body, 200, "", `value="Claire A."`, "Firefox on Linux", "Saved.")

	res, body = h.post(page+"/password", "present", "pas-la-bonne-phrase", "password", "une-nouvelle-phrase")
	want(t, res, body, 422, "", "not your current password")
	if strings.Contains(body, "pas-la-bonne-phrase") || strings.Contains(body, "une-nouvelle-phrase") {
		t.Error("the page shows what was typed as a password")
	}
	other, err := h.accounts.OpenSession(t.Context(), h.claire.ID, "Telephone")
	if err != nil {
		t.Fatal(err)
	}
	res, body = h.post(page+"/password", "present", password, "password", "une nouvelle phrase")
	want(t, res, body, 303, page)
	if _, _, err := h.accounts.Identify(t.Context(), other); err == nil {
		t.Error("a session outlived the change of password")
	}
	res, body = h.get(page)
	want(t, res, body, 200, "") // this one did
}

func TestASessionElsewhereIsEndedFromHere(t *testing.T) {
	t.Parallel()
	h := newDoor(t)
	h.enter()
	var tokens []string
	for range 3 {
		token, err := h.accounts.OpenSession(t.Context(), h.claire.ID, "Mozilla/5.0 (iPhone) Safari/604.1")
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, token)
	}
	_, session, err := h.accounts.Identify(t.Context(), tokens[0])
	if err != nil {
		t.Fatal(err)
	}
	res, body := h.get("/app/settings/account")
	want(t, res, body, 200, "", "Safari sur iPhone", session.ID.String()+"/end")
	res, body = h.post("/app/settings/account/sessions/" + session.ID.String() + "/end")
	want(t, res, body, 303, "/app/settings/account")
	res, body = h.post("/app/settings/account/sessions/" + session.ID.String() + "/end")
	want(t, res, body, 404, "")
	if _, _, err := h.accounts.Identify(t.Context(), tokens[1]); err != nil {
		t.Errorf("another one ended with it: %v", err)
	}
	res, body = h.post("/app/settings/account/sessions/others/end")
	want(t, res, body, 303, "/app/settings/account")
	if _, _, err := h.accounts.Identify(t.Context(), tokens[1]); err == nil {
		t.Error("the others did not end")
	}
	res, body = h.get("/app/settings/account")
	want(t, res, body, 200, "")
}

func TestABearerIsShownOnce(t *testing.T) {
	t.Parallel()
	h := newDoor(t)
	h.enter()
	const page = "/app/settings/account"
	res, body := h.post(page+"/tokens", "token_name", "", "scope", "write")
	want(t, res, body, 422, "", `value="write" checked`)
	res, body = h.post(page+"/tokens", "token_name", "Sauvegarde", "scope", "read")
	want(t, res, body, 201, "", "Sauvegarde")
	bearer := shown(t, body)
	if _, scope, err := h.accounts.ByToken(t.Context(), bearer); err != nil || scope != account.Read {
		t.Errorf("the bearer is %q, %v", scope, err)
	}
	res, body = h.get(page)
	want(t, res, body, 200, "", "Sauvegarde")
	if strings.Contains(body, bearer) {
		t.Error("the bearer is shown again")
	}
	all, err := h.accounts.Tokens(t.Context(), h.claire.Actor())
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	res, body = h.post(page + "/tokens/" + all[0].ID.String() + "/end")
	want(t, res, body, 303, page)
	if _, _, err := h.accounts.ByToken(t.Context(), bearer); err == nil {
		t.Error("the token still works")
	}
}

func TestSomebodyInvitedChoosesAPasswordAndHasThatRight(t *testing.T) {
	t.Parallel()
	h := newDoor(t)
	h.enter()
	const page = "/app/settings/people"
	res, body := h.post(page, "name", "Maëlle", "email", "pas une adresse", "lang", "fr-FR", "role", "editor", "voice", "0000000000008")
	want(t, res, body, 422, "", `value="Maëlle"`, `value="pas une adresse"`, `value="editor" selected`, `value="0000000000008" selected`)
	res, body = h.post(page, "name", "Maëlle", "email", email, "lang", "fr-FR", "role", "editor", "voice", "0000000000008")
	want(t, res, body, 422, "", "a déjà un compte")
	res, body = h.post(page, "name", "Maëlle", "email", "maelle@aubin.example", "lang", "fr-FR", "role", "owner", "voice", "0000000000008")
	want(t, res, body, 422, "", "toute la maison")
	res, body = h.post(page, "name", "Maëlle", "email", "maelle@aubin.example", "lang", "fr-FR", "role", "editor", "voice", "0000000000008")
	want(t, res, body, 201, "", "Maëlle", "Les Ateliers")
	link := shown(t, body)
	path, found := strings.CutPrefix(link, "https://parole.example")
	if !found {
		t.Fatalf("the link is %q", link)
	}
	h.clock.Advance(5 * 24 * 3600e9)

	h.cookies = map[string]string{}
	res, body = h.get(path)
	want(t, res, body, 200, "")
	_, token, _ := strings.Cut(path, "t=")
	res, body = h.post("/app/reset", "t", token, "password", "où vont les hirondelles")
	want(t, res, body, 303, "/app/")
	res, body = h.get("/app/")
	want(t, res, body, 200, "", "home of Maëlle")
	res, body = h.get(page)
	want(t, res, body, 403, "")

	a, err := h.accounts.ByEmail(t.Context(), actor.System(), "maelle@aubin.example")
	if err != nil || a.Actor().On(8) != actor.Editor || a.Actor().On(7) != actor.None {
		t.Errorf("the account is %+v, %v", a, err)
	}
}

func TestRightsAreGivenAndTakenAndAnOwnerStays(t *testing.T) {
	t.Parallel()
	h := newDoor(t)
	h.enter()
	mael, _, err := h.accounts.Invite(t.Context(), actor.System(), account.NewAccount{Email: "mael@aubin.example", Name: "Maël", Lang: "fr-FR",
		Grants: []actor.Grant{{Voice: 7, Role: actor.Author}}})
	if err != nil {
		t.Fatal(err)
	}
	page := "/app/settings/people/" + mael.ID.String()
	res, body := h.get("/app/settings/people")
	want(t, res, body, 200, "", "Écriture · Claire", "Propriétaire")
	res, body = h.post(page, "role_0", "reader", "role_0000000000007", "none", "role_0000000000008", "author")
	want(t, res, body, 303, page)
	a, err := h.accounts.Get(t.Context(), actor.System(), mael.ID)
	if err != nil || a.Actor().On(7) != actor.Reader || a.Actor().On(8) != actor.Author {
		t.Errorf("the account is %+v, %v", a, err)
	}
	mine := "/app/settings/people/" + h.claire.ID.String()
	res, body = h.post(mine, "role_0", "author")
	want(t, res, body, 422, "", "au moins une personne propriétaire", `value="author" selected`)
	res, body = h.post(mine + "/disable")
	want(t, res, body, 409, "", "au moins une personne propriétaire")

	res, body = h.post(page + "/link")
	want(t, res, body, 201, "", "dans l’heure")
	shown(t, body)
	res, body = h.post(page + "/disable")
	want(t, res, body, 303, page)
	res, body = h.get(page)
	want(t, res, body, 200, "", "suspendu", "Rouvrir")
	res, body = h.post(page + "/enable")
	want(t, res, body, 303, page)
	for _, unknown := range []string{"/app/settings/people/0000000000099", "/app/settings/people/rien"} {
		res, body = h.get(unknown)
		want(t, res, body, 404, "")
		res, body = h.post(unknown + "/link")
		want(t, res, body, 404, "")
	}
}

func TestWhoSpeaksInTheirOwnNameIsListedWithTheirPortrait(t *testing.T) {
	t.Parallel()
	h := newDoor(t)
	h.enter()
	res, body := h.get("/app/settings/people")
	want(t, res, body, 200, "", `<img class="face" src="/media/`)
	if strings.Count(body, "<img class=\"face") != 1 {
		t.Errorf("faces: %s", body)
	}
}
