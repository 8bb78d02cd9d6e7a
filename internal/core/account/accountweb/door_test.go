package accountweb_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"causerie/internal/core/account"
	"causerie/internal/platform/i18n"
)

func TestTheDoorOpensToTheRightPassword(t *testing.T) {
	t.Parallel()
	h := newDoor(t)
	res, body := h.get("/app/")
	want(t, res, body, 303, "/app/sign-in?next=%2Fapp%2F")
	res, body = h.get("/app/sign-in")
	want(t, res, body, 200, "", "Entrez.", `name="email"`, `autocomplete="current-password"`)
	res, body = h.post("/app/sign-in", "email", "CLAIRE@aubin.example", "password", password)
	want(t, res, body, 303, "/app/")
	c := res.Cookies()[0]
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("the session's cookie is %v", c)
	}
	res, body = h.get("/app/")
	want(t, res, body, 200, "")
	res, body = h.get("/app/sign-in?next=/app/settings/account")
	want(t, res, body, 303, "/app/settings/account")
	res, body = h.post("/app/sign-out")
	want(t, res, body, 303, "/app/sign-in")
	res, body = h.get("/app/sign-in")
	want(t, res, body, 200, "", "À bientôt")
	h.cookies["causerie_session"] = c.Value // the token is dead, not only forgotten by the browser
	res, body = h.get("/app/")
	want(t, res, body, 303, "/app/sign-in?next=%2Fapp%2F")
}

func TestAWrongPasswordSaysAsMuchAsAnUnknownAddressAndKeepsTheAddressOnly(t *testing.T) {
	t.Parallel()
	h := newDoor(t)
	res, wrong := h.post("/app/sign-in", "email", email, "password", "secret-que-voici", "next", "/app/inbox")
	want(t, res, wrong, 422, "", "n’est pas le bon", `value="`+email+`"`, `value="/app/inbox"`)
	if strings.Contains(wrong, "secret-que-voici") {
		t.Error("the page shows the password that was typed")
	}
	res, unknown := h.post("/app/sign-in", "email", "qui@aubin.example", "password", "secret-que-voici", "next", "/app/inbox")
	want(t, res, unknown, 422, "")
	if strings.ReplaceAll(unknown, "qui@aubin.example", email) != wrong {
		t.Error("an unknown address and a wrong password are told apart")
	}
	res, body := h.post("/app/sign-in")
	want(t, res, body, 422, "", "à remplir")
}

func TestWhoTriesTooOftenWaits(t *testing.T) {
	t.Parallel()
	h := newDoor(t)
	for range 5 {
		res, body := h.post("/app/sign-in", "email", email, "password", "essai")
		want(t, res, body, 422, "")
	}
	res, body := h.post("/app/sign-in", "email", email, "password", password)
	want(t, res, body, 429, "")
	if res.Header.Get("Retry-After") == "" {
		t.Error("nobody says how long to wait")
	}
}

func TestNextLeadsOnlyWithinTheSite(t *testing.T) {
	t.Parallel()
	h := newDoor(t)
	for next, to := range map[string]string{
		"/app/inbox?state=open": "/app/inbox?state=open", "https://evil.example/": "/app/", "//evil.example/": "/app/", "/\\evil.example": "/app/",
		"javascript:alert(1)": "/app/", "": "/app/",
	} {
		h.cookies = map[string]string{}
		h.clock.Advance(3600e9)
		res, body := h.post("/app/sign-in", "email", email, "password", password, "next", next)
		want(t, res, body, 303, to)
		res, body = h.get("/app/sign-in?next=" + url.QueryEscape(next))
		want(t, res, body, 303, to)
	}
}

func TestAForgottenPasswordIsResetOnce(t *testing.T) {
	t.Parallel()
	h := newDoor(t)
	res, unknown := h.post("/app/forgot", "email", "qui@aubin.example")
	want(t, res, unknown, 303, "/app/forgot")
	if h.mail.token != "" {
		t.Fatal("an unknown address was mailed")
	}
	h.cookies = map[string]string{}
	res, body := h.post("/app/forgot", "email", email)
	want(t, res, body, 303, "/app/forgot")
	if body != unknown {
		t.Error("a known address is told from an unknown one")
	}
	res, body = h.get("/app/forgot")
	want(t, res, body, 200, "", "un lien vient de partir")

	link := "/app/reset?t=" + h.mail.token
	res, body = h.get(link)
	want(t, res, body, 200, "", "Choisissez votre mot de passe", `name="t" value="`+h.mail.token+`"`)
	res, body = h.post("/app/reset", "t", h.mail.token, "password", "court")
	want(t, res, body, 422, "", "trop court", `name="t" value="`+h.mail.token+`"`)
	res, body = h.post("/app/reset", "t", h.mail.token, "password", "une autre phrase longue")
	want(t, res, body, 303, "/app/")
	res, body = h.get("/app/")
	want(t, res, body, 200, "", "home of Claire Aubin")
	res, body = h.get(link)
	want(t, res, body, 410, "", "ne sert plus")
	res, body = h.post("/app/reset", "t", h.mail.token, "password", "une troisième phrase")
	want(t, res, body, 410, "")
	h.cookies = map[string]string{}
	res, body = h.post("/app/sign-in", "email", email, "password", password)
	want(t, res, body, 422, "")
	res, body = h.post("/app/sign-in", "email", email, "password", "une autre phrase longue")
	want(t, res, body, 303, "/app/")
}

func TestAReadTokenChangesNothing(t *testing.T) {
	t.Parallel()
	h := newDoor(t)
	for scope, status := range map[string]int{account.Read: 403, account.Write: 303} {
		bearer, _, err := h.accounts.CreateToken(t.Context(), h.claire.Actor(), h.claire.ID, "essai", scope)
		if err != nil {
			t.Fatal(err)
		}
		for method, wanted := range map[string]int{"GET": 200, "POST": status} {
			r := httptest.NewRequest(method, "https://parole.example/app/settings/account", strings.NewReader("name=Claire&lang=fr-FR"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Authorization", "Bearer "+bearer)
			rec := httptest.NewRecorder()
			h.router.ServeHTTP(rec, r)
			if rec.Code != wanted {
				t.Errorf("%s with a %s token: %d, want %d", method, scope, rec.Code, wanted)
			}
		}
	}
}

func TestTheTextsAreComplete(t *testing.T) {
	h := newDoor(t)
	for _, err := range h.kit.Catalog().Check() {
		t.Error(err)
	}
	for _, lang := range i18n.Langs() {
		if err := h.accounts.ChangeProfile(t.Context(), h.claire.Actor(), "Claire", string(lang)); err != nil {
			t.Fatal(err)
		}
		h.enter()
		h.clock.Advance(3600e9)
		h.get("/app/settings/account")
		h.get("/app/settings/people")
		h.get("/app/settings/people/" + h.claire.ID.String())
		h.get("/app/forgot")
		h.get("/app/reset?t=x")
	}
	for _, m := range h.kit.Catalog().Missing() {
		t.Errorf("no text for %s", m)
	}
}
