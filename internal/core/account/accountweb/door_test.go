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

const againPath = "/app/again"

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
	first := c.Value
	res, _ = h.post("/app/sign-in", "email", email, "password", password)
	want(t, res, "", 303, "/app/")
	again := h.cookies["__Host-causerie_session"]
	h.cookies["__Host-causerie_session"] = first // a sign-in ends the session that was there
	res, body = h.get("/app/")
	want(t, res, body, 303, "/app/sign-in?next=%2Fapp%2F")
	h.cookies["__Host-causerie_session"] = again
	res, body = h.get("/app/sign-in?next=/app/settings/account")
	want(t, res, body, 303, "/app/settings/account")
	res, body = h.post("/app/sign-out")
	want(t, res, body, 303, "/app/sign-in")
	res, body = h.get("/app/sign-in")
	want(t, res, body, 200, "", "À bientôt")
	h.cookies["__Host-causerie_session"] = c.Value // the token is dead, not only forgotten by the browser
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

// A bearer that was stolen makes no other, and lets nobody in.
func TestNoTokenChangesAnythingOfAccounts(t *testing.T) {
	t.Parallel()
	h := newDoor(t)
	const mine, people = "/app/settings/account", "/app/settings/people"
	person := people + "/" + h.claire.ID.String()
	for _, scope := range []string{account.Read, account.Write} {
		bearer, tok, err := h.accounts.CreateToken(t.Context(), h.claire.Actor(), h.claire.ID, "essai", scope)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			method, path, form string
			status             int
		}{
			{"GET", mine, "", 200},
			{"POST", mine, "name=Claire&lang=fr-FR", 403},
			{"POST", mine + "/address", "email=z@z.example", 403},
			{"POST", mine + "/password", "present=" + url.QueryEscape(password) + "&password=un+autre+mot+bien+long", 403},
			{"POST", mine + "/tokens", "token_name=deux&scope=write", 403},
			{"POST", mine + "/tokens/" + tok.ID.String() + "/end", "", 403},
			{"POST", mine + "/sessions/others/end", "", 403},
			{"POST", againPath, "again=" + url.QueryEscape(password), 403},
			{"GET", people, "", 403},
			{"POST", people, "name=Z&email=z@z.example&lang=fr-FR&role=owner", 403},
			{"POST", person, "role_0=owner", 403},
			{"POST", person + "/link", "", 403},
			{"POST", person + "/disable", "", 403},
			{"POST", person + "/enable", "", 403},
		} {
			r := httptest.NewRequest(c.method, "https://parole.example"+c.path, strings.NewReader(c.form))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Authorization", "Bearer "+bearer)
			rec := httptest.NewRecorder()
			h.router.ServeHTTP(rec, r)
			if rec.Code != c.status {
				t.Errorf("%s %s with a %s token: %d, want %d", c.method, c.path, scope, rec.Code, c.status)
			}
		}
	}
	all, err := h.accounts.List(t.Context(), h.claire.Actor())
	if err != nil || len(all) != 1 || all[0].Email != email {
		t.Errorf("the accounts are now %+v, %v", all, err)
	}
	if tokens, err := h.accounts.Tokens(t.Context(), h.claire.Actor()); err != nil || len(tokens) != 2 {
		t.Errorf("%d tokens, %v", len(tokens), err)
	}
}

// After a quarter of an hour, what opens the house to others asks for the password, and goes on with what was being sent.
func TestWhatIsDelicateAsksForThePasswordAgain(t *testing.T) {
	t.Parallel()
	h := newDoor(t)
	h.enter()
	const mine, people = "/app/settings/account", "/app/settings/people"
	res, body := h.get(people)
	want(t, res, body, 200, "")
	h.clock.Advance(14 * 60e9)
	res, body = h.get(people)
	want(t, res, body, 200, "")
	h.clock.Advance(2 * 60e9)
	res, body = h.get(people)
	want(t, res, body, 403, "", `action="/app/again"`, `name="next" value="/app/settings/people"`)
	res, body = h.get(mine)
	want(t, res, body, 200, "", "Jetons")
	res, body = h.post(mine+"/tokens", "token_name", "site <1>", "scope", "read", "days", "30")
	want(t, res, body, 403, "", `action="/app/settings/account/tokens"`, `name="token_name" value="site &lt;1&gt;"`, `name="days" value="30"`)
	res, body = h.post(mine+"/tokens", "token_name", "site", "scope", "read", "days", "30", "again", "faux")
	want(t, res, body, 422, "", "pas votre mot de passe", `name="token_name" value="site"`)
	if strings.Contains(body, "faux") {
		t.Error("what was typed as a password is on the page")
	}
	res, body = h.post(mine+"/tokens", "token_name", "site", "scope", "read", "days", "30", "again", password)
	want(t, res, body, 201, "", "site", "Valable jusqu’au")
	res, body = h.get(people)
	want(t, res, body, 200, "")
	h.clock.Advance(16 * 60e9)
	res, body = h.post(againPath, "again", password, "next", "https://elsewhere.example/")
	want(t, res, body, 303, "/app/")
	res, body = h.get(people)
	want(t, res, body, 200, "")
	tokens, err := h.accounts.Tokens(t.Context(), h.claire.Actor())
	if err != nil || len(tokens) != 1 {
		t.Fatalf("%+v, %v", tokens, err)
	}
	res, body = h.post(mine+"/tokens", "token_name", "x", "scope", "read", "days", "31")
	want(t, res, body, 422, "")
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
		h.post("/app/again", "again", password)
		h.get("/app/settings/people")
		h.get("/app/settings/people/" + h.claire.ID.String())
		h.get("/app/forgot")
		h.get("/app/reset?t=x")
	}
	for _, m := range h.kit.Catalog().Missing() {
		t.Errorf("no text for %s", m)
	}
}

// A house of https:// that is asked by its name in clear cannot keep a session: it says so instead of asking again in silence.
func TestAnAddressInClearSaysThatNobodySignsInThere(t *testing.T) {
	t.Parallel()
	h := newDoor(t)
	h.origin = "http://causerie.local:8080"
	res, body := h.post("/app/sign-in", "email", email, "password", password, "next", "/app/inbox")
	want(t, res, body, 422, "", "n’est pas chiffrée", `href="https://parole.example/app/sign-in?next=%2Fapp%2Finbox"`, `value="`+email+`"`)
	if len(h.cookies) != 0 {
		t.Errorf("it gave %v", h.cookies)
	}
}
