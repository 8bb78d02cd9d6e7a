package postweb

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
)

func (k *desk) revisions(p post.Post) []post.Revision {
	k.t.Helper()
	all, _, err := k.posts.Revisions(k.t.Context(), k.who, p.ID, "", 0)
	must(k.t, err)
	return all
}

func TestAVersionIsReadComparedAndBroughtBack(t *testing.T) {
	k := newDesk(t)
	p := k.draft(post.Input{Title: "Le devis", Body: "Le devis est **prêt**.\n\n<script>x</script>"})
	k.post(here(p), "title", "Le devis", "body", "Le devis est **parti**.", "version", k.get(here(p)).version())
	if a := k.get(here(p)); !strings.Contains(a.body, here(p)+"/revisions") {
		t.Error("the page does not lead to the versions")
	}
	list := k.get(here(p) + "/revisions")
	if list.code != 200 || strings.Count(list.body, `class="row flat"`) != 2 || !strings.Contains(list.text, "Claire") || !strings.Contains(list.text, "le texte actuel") {
		t.Errorf("%d %s", list.code, list.text)
	}
	all := k.revisions(p)
	now := k.get(here(p) + "/revisions/" + all[0].ID.String())
	if !strings.Contains(now.body, `</span><strong>prêt</strong>`) || !strings.Contains(now.text, "ajouté :") || strings.Contains(now.body, "/restore") {
		t.Errorf("%s", now.body)
	}
	then := k.get(here(p) + "/revisions/" + all[1].ID.String() + "?with=now")
	if !strings.Contains(then.body, "<ins>") || !strings.Contains(then.body, "/restore") || strings.Contains(then.body, "<script>x") {
		t.Errorf("%s", then.body)
	}
	if a := k.post(here(p) + "/revisions/" + all[1].ID.String() + "/restore"); a.code != http.StatusSeeOther || a.location != here(p) {
		t.Errorf("%d %s", a.code, a.location)
	}
	if got := k.now(p.ID); !strings.HasPrefix(got.Body, "Le devis est **prêt**") {
		t.Errorf("%q", got.Body)
	}
	if a := k.get(here(p) + "/revisions/zz"); a.code != http.StatusNotFound {
		t.Errorf("what is no version: %d", a.code)
	}
	k.who = actor.Actor{Account: 8, Grants: []actor.Grant{{Role: actor.Author}}}
	for _, path := range []string{"", "/" + all[0].ID.String()} {
		if a := k.get(here(p) + "/revisions" + path); a.code < 400 {
			t.Errorf("another author reads %q: %d", path, a.code)
		}
	}
}

func TestWhatIsOutIsNotBroughtBackUnfitForIt(t *testing.T) {
	k := newDesk(t)
	p := k.draft(post.Input{Body: "Sans titre."})
	_, err := k.posts.Save(t.Context(), k.who, p.ID, post.Patch{Title: new("Un titre")}, 0)
	must(t, err)
	_, err = k.posts.Publish(t.Context(), k.who, p.ID)
	must(t, err)
	first := k.revisions(p)[1]
	a := k.post(here(p) + "/revisions/" + first.ID.String() + "/restore")
	if a.code != http.StatusUnprocessableEntity || !strings.Contains(a.text, "ne peut pas être rétablie") || k.now(p.ID).Title != "Un titre" {
		t.Errorf("%d %s", a.code, a.text)
	}
}

func TestThePageIsToldWhoElseWritesAndWhatWasSaved(t *testing.T) {
	k := newDesk(t)
	p := k.draft(post.Input{Title: "T", Body: "Un."})
	if a := k.get(here(p)); !strings.Contains(a.body, `data-desk="`+here(p)+`/here"`) || !strings.Contains(a.body, `data-live="?post=`+p.ID.String()) {
		t.Error("the page does not say that it is open")
	}
	said := func(tab, version string, more ...string) string {
		t.Helper()
		a := k.post(here(p)+"/here", append([]string{"tab", tab, "version", version}, more...)...)
		if a.code != http.StatusOK {
			t.Fatalf("%d %s", a.code, a.text)
		}
		return a.text
	}
	if got := said("a", "1"); !strings.Contains(got, `"line":""`) {
		t.Error(got)
	}
	k.who = actor.Actor{Account: 8, Name: "Marc", Grants: []actor.Grant{{Role: actor.Owner}}}
	said("b", "1", "typing", "1")
	k.post(here(p), "version", "1", "title", "T", "body", "Deux.")
	k.who = actor.Actor{Account: 7, Name: "Claire", Grants: []actor.Grant{{Role: actor.Owner}}}
	if got := said("a", "1"); !strings.Contains(got, "Marc écrit aussi ici. Marc l’a enregistré à 10 h : quand vous") {
		t.Error(got)
	}
	if got := said("c", "2"); !strings.Contains(got, "un autre de vos onglets") {
		t.Error(got)
	}
	if a := k.post(here(p) + "/here"); a.code != http.StatusUnprocessableEntity {
		t.Errorf("without a tab: %d", a.code)
	}
}

func TestPublishingIsUndoneWithinTenSeconds(t *testing.T) {
	k := newDesk(t)
	p := k.draft(post.Input{Title: "T", Body: "Un."})
	send := func() (page answer, fields []string) {
		t.Helper()
		a := k.post(here(p)+"/publish", "version", k.get(here(p)).version(), "title", "T", "body", "Un.")
		if page = k.get(a.location); a.code != http.StatusSeeOther || !strings.Contains(page.text, "paraît dans dix secondes") || !strings.Contains(page.body, here(p)+"/undo") {
			t.Fatalf("%d %s", a.code, page.text)
		}
		at, err := url.Parse(a.location)
		must(t, err)
		return page, []string{"was", at.Query().Get("was"), "at", at.Query().Get("at")}
	}
	page, back := send()
	if !strings.Contains(page.body, `data-again`) || !strings.Contains(page.body, `name="was" value="writing"`) {
		t.Errorf("%s", page.body)
	}
	if a := k.post(here(p)+"/undo", back...); a.location != here(p) || k.now(p.ID).Status != post.Writing {
		t.Errorf("%d, %s", a.code, k.now(p.ID).Status)
	}
	k.leave()
	if now := k.now(p.ID); now.Status != post.Writing {
		t.Errorf("what was taken back is %s", now.Status)
	}
	_, back = send()
	k.leave()
	if a := k.post(here(p)+"/undo", back...); a.location != here(p) || !k.now(p.ID).Out() {
		t.Errorf("too late: %d, %s", a.code, k.now(p.ID).Status)
	}
	if a := k.told(here(p), "post.said_gone_out"); !strings.Contains(a.text, "Trop tard") {
		t.Errorf("%s", a.text)
	}
}

// What the page asks of a script (data-desk, data-say-local) is answered by one that travels with it.
func TestTheScriptThatLosesNothingTravelsWithThePage(t *testing.T) {
	script, err := files.ReadFile("kept.js")
	must(t, err)
	page := newDesk(t)
	p := page.draft(post.Input{Title: "T"})
	for _, asked := range []string{"data-desk", "data-desk-line", "data-kept-line", "data-say-signed", "data-say-out", "data-say-local", "data-say-take", "data-say-drop"} {
		if !strings.Contains(page.get(here(p)).body, asked) {
			t.Errorf("the page has no %s", asked)
		}
	}
	for _, named := range []string{"form[data-desk]", "say.saySigned", "say.sayOut", "say.sayLocal", "say.sayTake", "say.sayDrop"} {
		if !strings.Contains(string(script), named) {
			t.Errorf("the script knows no %s", named)
		}
	}
}
