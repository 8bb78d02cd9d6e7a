// Package accountweb is the door and what hangs beside it: signing in and out, a forgotten password, one's own account
// and, for owners, the people of the house.
//
// It protects four things. The door says the same whether an address is unknown or a password wrong, and answers 429
// to whoever tries too often: by network (rates "sign-in" and "forgot") and, in core/account, by account. A next= address leads
// only within the site. A secret is shown once or never: a password that was typed is not written into a page again, a
// bearer and an invitation are shown by the very answer that made them.
//
// A bearer changes nothing here: what is one's own is changed in person, from a session, and so the people of the house are
// seen (inPerson). What opens the house to others asks for the password again when it was not given for
// a while (lately); what was being sent then goes on.
//
// Identify is what the Router asks who is there.
package accountweb

import (
	"context"
	"embed"

	"causerie/internal/core/account"
	"causerie/internal/core/voice"
	"causerie/internal/platform/web"
)

//go:embed *.tmpl *.json
var files embed.FS

// Bundle is the folder of these pages.
var Bundle = web.Bundle{Name: "accountweb", Side: web.Work, Files: files}

// Voices names what grants are about. core/voice fills it.
type Voices interface {
	List(ctx context.Context) ([]voice.Voice, error)
}

// Handler answers for the door, one's own account and the people of the house.
type Handler struct {
	accounts *account.Service
	voices   Voices

	signIn *web.View[signInPage]
	forgot *web.View[forgotPage]
	reset  *web.View[resetPage]
	mine   *web.View[minePage]
	people *web.View[peoplePage]
	person *web.View[personPage]
	again  *web.View[againPage]
}

// New returns the handler; its templates are parsed here.
func New(k *web.Kit, accounts *account.Service, voices Voices) *Handler {
	return &Handler{
		accounts: accounts, voices: voices,
		signIn: web.NewView[signInPage](k, Bundle, "signin.tmpl", "plain"),
		forgot: web.NewView[forgotPage](k, Bundle, "forgot.tmpl", "plain"),
		reset:  web.NewView[resetPage](k, Bundle, "reset.tmpl", "plain"),
		mine:   web.NewView[minePage](k, Bundle, "mine.tmpl", "work"),
		people: web.NewView[peoplePage](k, Bundle, "people.tmpl", "work"),
		person: web.NewView[personPage](k, Bundle, "person.tmpl", "work"),
		again:  web.NewView[againPage](k, Bundle, "again.tmpl", "plain"),
	}
}

const (
	minePath   = "/app/settings/account"
	peoplePath = "/app/settings/people"
)

// Routes returns the addresses of the door, of /app/settings/account and of /app/settings/people.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /app/sign-in", Access: web.Anyone, Handle: h.showSignIn},
		{Pattern: "POST /app/sign-in", Access: web.Anyone, Rate: "sign-in", Handle: h.enter},
		{Pattern: "POST /app/sign-out", Access: web.Anyone, Handle: h.leave},
		{Pattern: "GET /app/forgot", Access: web.Anyone, Handle: h.showForgot},
		{Pattern: "POST /app/forgot", Access: web.Anyone, Rate: "forgot", Handle: h.sendLink},
		{Pattern: "GET /app/reset", Access: web.Anyone, Handle: h.showReset},
		{Pattern: "POST /app/reset", Access: web.Anyone, Rate: "sign-in", Handle: h.choosePassword},

		{Pattern: "POST " + againPath, Access: web.SignedIn, Rate: "sign-in", Handle: web.InPerson(h.proveAgain)},

		{Pattern: "GET " + minePath, Access: web.SignedIn, Handle: h.showMine},
		{Pattern: "POST " + minePath, Access: web.SignedIn, Handle: web.InPerson(h.changeProfile)},
		{Pattern: "POST " + minePath + "/address", Access: web.SignedIn, Handle: h.lately(h.changeAddress)},
		{Pattern: "POST " + minePath + "/password", Access: web.SignedIn, Rate: "sign-in", Handle: web.InPerson(h.changePassword)},
		{Pattern: "POST " + minePath + "/sessions/others/end", Access: web.SignedIn, Handle: web.InPerson(h.endOthers)},
		{Pattern: "POST " + minePath + "/sessions/{id}/end", Access: web.SignedIn, Handle: web.InPerson(h.endSession)},
		{Pattern: "POST " + minePath + "/tokens", Access: web.SignedIn, Once: true, Handle: h.lately(h.createToken)},
		{Pattern: "POST " + minePath + "/tokens/{id}/end", Access: web.SignedIn, Handle: web.InPerson(h.endToken)},

		{Pattern: "GET " + peoplePath, Access: web.Owners, Handle: h.lately(h.showPeople)},
		{Pattern: "POST " + peoplePath, Access: web.Owners, Once: true, Handle: h.lately(h.invite)},
		{Pattern: "GET " + peoplePath + "/{id}", Access: web.Owners, Handle: h.lately(h.showPerson)},
		{Pattern: "POST " + peoplePath + "/{id}", Access: web.Owners, Handle: h.lately(h.grant)},
		{Pattern: "POST " + peoplePath + "/{id}/link", Access: web.Owners, Handle: h.lately(h.newLink)},
		{Pattern: "POST " + peoplePath + "/{id}/disable", Access: web.Owners, Handle: h.lately(h.disable)},
		{Pattern: "POST " + peoplePath + "/{id}/enable", Access: web.Owners, Handle: h.lately(h.enable)},
	}
}
