package matrix

import (
	"maps"
	"net/http"

	"causerie/internal/core/account"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/web"
)

// person is who asks: somebody, in one of the ways in which one signs in.
type person struct {
	name    string
	by      actor.Actor // what their grants are
	account fact.AccountID
	cookie  string // of a session
	bearer  string // of a token
	reads   bool   // the token opens nothing that changes anything

	page http.Header // what their browser says of the page of another site from which it asks
}

func (p person) sign(h http.Header) {
	if p.cookie != "" {
		h.Set("Cookie", web.SessionCookie+"="+p.cookie)
	}
	if p.bearer != "" {
		h.Set("Authorization", "Bearer "+p.bearer)
	}
	maps.Copy(h, p.page)
}

// rule says who is let in, of those who sign in in a way that the address takes.
type rule func(hs *house, p person) bool

// anyone needs no account.
func anyone(*house, person) bool { return true }

// nobody comes in from where the people of this test are.
func nobody(*house, person) bool { return false }

// signedIn asks for any account.
func signedIn(_ *house, p person) bool { return p.account != 0 }

// somewhere asks for a role in some voice; what is shown is of the voices of who asks.
func somewhere(role actor.Role) rule {
	return func(_ *house, p person) bool { return p.by.Anywhere() >= role }
}

// inA asks for a role in voice A, of whose things the address is.
func inA(role actor.Role) rule {
	return func(hs *house, p person) bool { return p.by.On(int64(hs.a.ID)) >= role }
}

// inC is inA of the internal voice.
func inC(role actor.Role) rule {
	return func(hs *house, p person) bool { return p.by.On(int64(hs.c.ID)) >= role }
}

// everywhere asks for a role in all voices.
func everywhere(role actor.Role) rule {
	return func(_ *house, p person) bool { return p.by.On(0) >= role }
}

// owners is everywhere of an owner.
var owners = everywhere(actor.Owner)

// inPerson is of who comes with a session: a bearer may not, whatever its account may.
func inPerson(let rule) rule {
	return func(hs *house, p person) bool { return p.bearer == "" && let(hs, p) }
}

// ownPost asks for who wrote a post of voice A, or an editor of the voice.
func ownPost(hs *house, p person) bool {
	return p.account == hs.writer.account && p.by.On(int64(hs.a.ID)) >= actor.Author || p.by.On(int64(hs.a.ID)) >= actor.Editor
}

// writer is who writes in A alone: the address is of something that is theirs, a session or a token.
func writer(hs *house, p person) bool { return p.account == hs.writer.account }

// people makes an account for each kind of reader, and for each a session, a reading token and a writing one.
func (hs *house) makePeople() {
	on := func(v fact.VoiceID, r actor.Role) []actor.Grant { return []actor.Grant{{Voice: int64(v), Role: r}} }
	hs.people = []person{{name: "stranger"}}
	for _, who := range []struct {
		name   string
		grants []actor.Grant
	}{
		{"reader of B", on(hs.b.ID, actor.Reader)}, {"author of B", on(hs.b.ID, actor.Author)}, {"editor of B", on(hs.b.ID, actor.Editor)},
		{"reader of C", on(hs.c.ID, actor.Reader)}, {"reader of A", on(hs.a.ID, actor.Reader)}, {"author of A", on(hs.a.ID, actor.Author)},
		{"editor of A", on(hs.a.ID, actor.Editor)}, {"owner", nil},
	} {
		a := hs.Owner
		if who.grants != nil {
			made, err := hs.Accounts.Create(hs.t.Context(), hs.me, account.NewAccount{Email: slug(who.name) + "@maison.example", Name: who.name, Lang: "fr-FR", Grants: who.grants})
			hs.must(err)
			a = made
		}
		p := person{name: who.name, by: a.Actor(), account: a.ID}
		session, err := hs.Accounts.OpenSession(hs.t.Context(), a.ID, "matrix")
		hs.must(err)
		token := func(scope string) string {
			bearer, _, err := hs.Accounts.CreateToken(hs.t.Context(), hs.me, a.ID, "matrix", scope)
			hs.must(err)
			return bearer
		}
		with := func(name string, change func(*person)) {
			q := p
			q.name += name
			change(&q)
			hs.people = append(hs.people, q)
		}
		with("", func(q *person) { q.cookie = session })
		with(", reading token", func(q *person) { q.bearer, q.reads = token(account.Read), true })
		with(", writing token", func(q *person) { q.bearer = token(account.Write) })
		if who.name == "author of A" {
			hs.writer = p
		}
	}
}
