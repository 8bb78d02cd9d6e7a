package notice_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"causerie/internal/channel/mailbox"
	"causerie/internal/channel/notice"
	"causerie/internal/core/account"
	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/mailtest"
	"causerie/internal/platform/queue"
)

type world struct {
	*inboxtest.World
	server   *mailtest.Server
	accounts *account.Service
	notices  *notice.Service
	owner    account.Account
}

// each gives a house at ten in the morning of Paris, whose owner wants what the program proposes.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	var servers sync.Map // by the name of the test: both engines run at once
	carry := func(t *testing.T) mail.Sender {
		s := mailtest.Start(t)
		servers.Store(t.Name(), s)
		return s.Relay(t)
	}
	inboxtest.Each(t, carry, func(t *testing.T, iw *inboxtest.World) {
		server, _ := servers.Load(t.Name())
		w := &world{World: iw, server: server.(*mailtest.Server), accounts: account.New(account.Options{DB: iw.DB, Bus: iw.Bus})}
		_, err := mailbox.New(mailbox.Options{DB: iw.DB, Bus: iw.Bus, House: iw.House, Voices: iw.Voices, Contacts: iw.Contacts, Inbox: iw.Inbox,
			Deliveries: iw.Deliveries, Mailer: iw.Mailer, Places: iw.Places, Queue: iw.Queue})
		iw.Must(err)
		w.notices = w.service()
		w.owner = w.account("claire@maison.example", "fr-FR", actor.Grant{Role: actor.Owner})
		w.Owner = w.owner.Actor()
		fn(t, w)
	})
}

func (w *world) service() *notice.Service {
	w.T.Helper()
	s, err := notice.New(notice.Options{DB: w.DB, Bus: w.Bus, Queue: w.Queue, House: w.House, Accounts: w.accounts, Voices: w.Voices,
		Contacts: w.Contacts, Inbox: w.Inbox, Deliveries: w.Deliveries, Mailer: w.Mailer, Places: w.Places})
	w.Must(err)
	return s
}

func (w *world) account(email, lang string, grants ...actor.Grant) account.Account {
	w.T.Helper()
	a, err := w.accounts.Create(w.T.Context(), actor.System(), account.NewAccount{Email: email, Name: strings.Split(email, "@")[0], Lang: lang,
		Password: "a hash", Grants: grants})
	w.Must(err)
	return a
}

func (w *world) choose(a account.Account, change func(c *notice.Choice)) {
	w.T.Helper()
	c, err := w.notices.Choice(w.T.Context(), a.Actor())
	w.Must(err)
	change(&c)
	w.Must(w.notices.Choose(w.T.Context(), a.Actor(), c))
}

// wall sets the clock to what clocks in Paris show.
func (w *world) wall(s string) {
	w.T.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	w.Must(err)
	at, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	w.Must(err)
	w.Clock.Set(at.UTC())
}

// mails sends what is due and returns what an address has got so far.
func (w *world) mails(to string) (all []mailtest.Letter) {
	w.T.Helper()
	w.Jobs()
	for _, r := range w.server.Messages() {
		if r.To == to {
			all = append(all, r.Letter(w.T))
		}
	}
	return all
}

// told checks how many mails an address has got so far, and returns the last.
func (w *world) told(to string, n int) (last mailtest.Letter) {
	w.T.Helper()
	all := w.mails(to)
	if len(all) != n {
		var subjects []string
		for _, l := range all {
			subjects = append(subjects, l.Subject)
		}
		w.T.Fatalf("%s has got %d mails, want %d: %q", to, len(all), n, subjects)
	}
	if n == 0 {
		return last
	}
	return all[n-1]
}

// comment has somebody comment, without the minute that passes in inboxtest.
func (w *world) comment(name, body string, under fact.MessageID, notify bool) inbox.Message {
	w.T.Helper()
	m, err := w.Inbox.Comment(w.T.Context(), inbox.CommentInput{Post: w.Post.ID, Parent: under, Name: name,
		Email: strings.ToLower(name) + "@lecteur.example", Body: body, Notify: notify})
	w.Must(err)
	return m
}

// request has somebody ask for something; the seconds pass in which an answer would spare the mail.
func (w *world) request(name, body string, v fact.VoiceID) inbox.Message {
	w.T.Helper()
	m, err := w.Inbox.Request(w.T.Context(), inbox.RequestInput{Voice: v, Name: name, Email: strings.ToLower(name) + "@client.example", Body: body})
	w.Must(err)
	w.Clock.Advance(5 * time.Second)
	return m
}

func has(t *testing.T, where, s string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(s, want) {
			t.Errorf("%s does not say %q:\n%s", where, want, s)
		}
	}
}

func hasNot(t *testing.T, where, s string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if strings.Contains(s, want) {
			t.Errorf("%s says %q:\n%s", where, want, s)
		}
	}
}

const claire = "claire@maison.example"

func TestARequestIsToldAtOnceInTheWordsOfWhoWroteIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		m := w.request("Paul", "Bonjour, **nous** refaisons la salle ; on peut en parler ?", 0)
		l := w.told(claire, 1)
		if l.Subject != "Une demande vous attend" {
			t.Errorf("the subject is %q", l.Subject)
		}
		has(t, "the text", l.Text, "Bonjour claire,", "Paul a écrit à Claire Aubin le lundi 2 mars 2026 à 10 h :",
			"> Bonjour, nous refaisons la salle ; on peut en parler ?", "https://aubin.example/app/inbox/"+m.ID.String(), "elle vous reviendrait",
			"https://aubin.example/app/settings/notices")
		has(t, "the page", l.HTML, `<a href="https://aubin.example/app/inbox/`+m.ID.String()+`">`, "nous refaisons")
		hasNot(t, "the mail", l.Text+l.HTML+l.Subject, "paul@client.example")
		has(t, "Reply-To", l.Get("Reply-To"), claire)
		has(t, "From", l.Get("From"), "bonjour@aubin.example")
		if l.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("%v", l.Header)
		}
		w.Clock.Advance(24 * time.Hour)
		w.told(claire, 1)
	})
}

func TestCommentsThatComeTogetherAreOneMail(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for i := range 12 {
			w.comment(fmt.Sprint("Lecteur", i), "Une date sûre.", 0, false)
			w.Clock.Advance(5 * time.Second)
			w.told(claire, 0)
		}
		w.Clock.Advance(time.Minute)
		l := w.told(claire, 1)
		if l.Subject != "12 commentaires attendent votre accord" {
			t.Errorf("the subject is %q", l.Subject)
		}
		has(t, "the text", l.Text, "Lecteur0 a commenté « Nos délais » le", "Lecteur7", "Et 4 autres.", "https://aubin.example/app/inbox\n")
		hasNot(t, "the text", l.Text, "Lecteur8")
		w.Clock.Advance(time.Minute)
		w.comment("Marie", "Et le prix ?", 0, false)
		w.Clock.Advance(time.Minute)
		w.told(claire, 1) // the second mail keeps its distance
		w.comment("Louis", "Moi aussi.", 0, false)
		w.Clock.Advance(5 * time.Minute)
		if l := w.told(claire, 2); l.Subject != "2 commentaires attendent votre accord" {
			t.Errorf("the second subject is %q", l.Subject)
		}
	})
}

func TestAFloodIsOneMailAndSpamIsNone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for i := range 40 {
			_, err := w.Inbox.Comment(t.Context(), inbox.CommentInput{Post: w.Post.ID, Name: "Bot", Email: fmt.Sprintf("bot%d@x.example", i),
				Body: "Achetez.", Honeypot: "oui"})
			w.Must(err)
		}
		w.Clock.Advance(time.Hour)
		w.told(claire, 0)
		for i := range 150 {
			_, err := w.Inbox.Comment(t.Context(), inbox.CommentInput{Post: w.Post.ID, Name: "Bot", Email: fmt.Sprintf("bot%d@y.example", i), Body: "Achetez."})
			w.Must(err)
			if i%50 == 0 {
				w.Jobs()
			}
		}
		w.Clock.Advance(2 * time.Minute)
		has(t, "the subject", w.told(claire, 1).Subject, "150 commentaires")
	})
}

func TestWhatCameInTheNightIsToldTogetherInTheMorning(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.wall("2026-03-28 22:30") // summer time begins in this night
		w.request("Paul", "Une salle ?", 0)
		w.wall("2026-03-29 06:10")
		w.comment("Marie", "Et le prix ?", 0, false)
		w.wall("2026-03-29 06:59")
		w.told(claire, 0)
		w.wall("2026-03-29 07:00")
		if l := w.told(claire, 1); l.Subject != "2 messages vous attendent" {
			t.Errorf("the subject is %q", l.Subject)
		}
		w.choose(w.owner, func(c *notice.Choice) { c.Through = true })
		w.wall("2026-03-29 23:00")
		w.comment("Marie", "Et demain ?", 0, false)
		w.request("Anne", "Une table ?", 0)
		if l := w.told(claire, 2); l.Subject != "Une demande vous attend" {
			t.Errorf("the subject is %q", l.Subject)
		}
		w.wall("2026-03-30 07:00")
		w.told(claire, 3)
	})
}

func TestTheDailySummaryComesAtItsHour(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.choose(w.owner, func(c *notice.Choice) {
			c.Requests, c.Held, c.DailyAt = notice.Daily, notice.Daily, notice.ParseHour("18:30")
		})
		w.wall("2026-10-24 19:00")
		w.request("Paul", "Une salle ?", 0)
		w.wall("2026-10-25 18:29") // a day of 25 hours
		w.comment("Marie", "Et le prix ?", 0, false)
		w.told(claire, 0)
		w.wall("2026-10-25 18:30")
		w.told(claire, 1)
		w.wall("2026-10-26 18:30")
		w.told(claire, 1) // nothing new
		w.request("Anne", "Une table ?", 0)
		w.choose(w.owner, func(c *notice.Choice) { c.Requests = notice.Now }) // of what waits too
		has(t, "the text", w.told(claire, 2).Text, "Une table ?")
		w.choose(w.owner, func(c *notice.Choice) { c.Requests = notice.Never })
		w.request("Jean", "Un banc ?", 0)
		w.Clock.Advance(48 * time.Hour)
		w.told(claire, 2)
	})
}

func TestWhatWasSeenToMeanwhileIsNotTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.wall("2026-03-02 22:30")
		answered := w.request("Paul", "Une salle ?", 0)
		approved := w.comment("Marie", "Et le prix ?", 0, false)
		spam := w.comment("Zoe", "Achetez.", 0, false)
		closed := w.request("Luc", "Rien.", 0)
		left := w.request("Anne", "Une table ?", 0)
		_, err := w.Inbox.Answer(t.Context(), w.Owner, answered.ID, "Avec plaisir.")
		w.Must(err)
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, approved.ID))
		w.Must(w.Inbox.Spam(t.Context(), w.Owner, spam.ID))
		w.Must(w.Inbox.Close(t.Context(), w.Owner, closed.ID))
		w.wall("2026-03-03 07:00")
		l := w.told(claire, 1)
		has(t, "the text", l.Text, left.Body)
		hasNot(t, "the text", l.Text, answered.Body, approved.Body, spam.Body, closed.Body)
	})
}

func TestARequestAnsweredAtOnceIsNotTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		held := w.comment("Marie", "Et le prix ?", 0, true)
		asked, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Name: "Paul", Email: "paul@client.example", Body: "Une salle ?"})
		w.Must(err)
		w.Jobs()
		for _, m := range []inbox.Message{asked, held} {
			_, err := w.Inbox.Answer(t.Context(), w.Owner, m.ID, "Avec plaisir.")
			w.Must(err)
		}
		w.Clock.Advance(time.Hour)
		w.told(claire, 0)
	})
}

// Between the outbox and the relay hours may pass, when all is held: the mail is made when it leaves.
func TestWhatIsAnsweredWhileAllIsHeldIsNotTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, true))
		m := w.request("Paul", "Une salle ?", 0)
		w.told(claire, 0)
		w.Must(w.Inbox.Close(t.Context(), w.Owner, m.ID))
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, false))
		w.told(claire, 0)
		all, _, err := w.Deliveries.List(t.Context(), w.Owner, delivery.Filter{})
		w.Must(err)
		if len(all) != 1 || all[0].State != delivery.Refused || all[0].Reason != notice.Settled {
			t.Errorf("%+v", all)
		}
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, true))
		w.Clock.Advance(time.Hour)
		w.request("Anne", "Une table ?", 0)
		w.Jobs()
		w.Clock.Advance(72 * time.Hour)
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, false))
		w.told(claire, 0) // it says nothing of today any more
	})
}

func TestEachIsToldOfTheirVoicesAndOfWhatTheyMayDo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		shop := w.account("editrice@maison.example", "en", actor.Grant{Voice: int64(w.Shop.ID), Role: actor.Editor})
		author := w.account("auteur@maison.example", "fr-FR", actor.Grant{Voice: int64(w.Claire.ID), Role: actor.Author})
		w.account("lectrice@maison.example", "fr-FR", actor.Grant{Role: actor.Reader})
		invited, err := w.accounts.Create(t.Context(), actor.System(), account.NewAccount{Email: "invite@maison.example", Name: "Malo", Lang: "fr-FR",
			Grants: []actor.Grant{{Role: actor.Editor}}})
		w.Must(err)
		gone := w.account("partie@maison.example", "fr-FR", actor.Grant{Role: actor.Editor})
		w.Must(w.accounts.Disable(t.Context(), w.Owner, gone.ID, true))
		later := w.account("bientot@maison.example", "fr-FR", actor.Grant{Role: actor.Editor})

		w.request("Paul", "Une salle ?", w.Claire.ID)
		w.comment("Marie", "Et le prix ?", 0, false)
		w.Must(w.accounts.Grant(t.Context(), w.Owner, later.ID, 0, actor.Reader)) // before it is told
		w.Clock.Advance(time.Minute)
		w.told(claire, 1)
		has(t, "the text", w.told(author.Email, 1).Text, "Une salle ?")
		w.Clock.Advance(time.Hour)
		hasNot(t, "the text", w.told(author.Email, 1).Text, "Et le prix ?")
		for _, to := range []string{shop.Email, "lectrice@maison.example", invited.Email, gone.Email, later.Email} {
			w.told(to, 0)
		}
		w.request("Ann", "A table?", w.Shop.ID)
		if l := w.told(shop.Email, 1); l.Subject != "A request is waiting for you" {
			t.Errorf("in English: %q", l.Subject)
		}
		w.told(author.Email, 1)
	})
}

func TestACommentThatAppearedByItselfIsToldToWhoWantsIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		author := w.account("auteur@maison.example", "fr-FR", actor.Grant{Voice: int64(w.Claire.ID), Role: actor.Author})
		w.choose(author, func(c *notice.Choice) { c.Published = notice.Now })
		first := w.comment("Marie", "Et le prix ?", 0, false)
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, first.ID))
		w.Prove(first)
		w.Clock.Advance(time.Minute)
		if m := w.comment("Marie", "Merci.", 0, false); m.State != inbox.Open {
			t.Fatalf("it is %s for %q", m.State, m.Reason)
		}
		w.Clock.Advance(time.Minute)
		if l := w.told(author.Email, 1); l.Subject != "Un nouveau commentaire" {
			t.Errorf("the subject is %q", l.Subject)
		}
		w.told(claire, 0)
	})
}

// Two processes on one database look and send at once.
func TestTwoProcessesTellOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		q := queue.New(w.DB, queue.Options{})
		b := bus.New(q)
		out := delivery.New(delivery.Options{DB: w.DB, Bus: b, Queue: q})
		m, err := mailer.New(mailer.Options{DB: w.DB, House: w.House, Deliveries: out, Carrier: mailer.Fixed(w.server.Relay(t)), Host: "aubin.example"})
		w.Must(err)
		_, err = notice.New(notice.Options{DB: w.DB, Bus: b, Queue: q, House: w.House, Accounts: w.accounts, Voices: w.Voices,
			Contacts: w.Contacts, Inbox: w.Inbox, Deliveries: out, Mailer: m, Places: w.Places})
		w.Must(err)
		w.choose(w.owner, func(c *notice.Choice) { c.Quiet = false })
		for i := range 3 {
			w.request(fmt.Sprint("Client", i), "Une salle ?", 0)
			var all sync.WaitGroup
			for _, run := range []func(context.Context) (int, error){w.Queue.RunDue, q.RunDue} {
				all.Go(func() {
					if _, err := run(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			for _, run := range []func(context.Context) (int, error){w.Deliveries.RunDue, out.RunDue} {
				all.Go(func() {
					if _, err := run(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			w.told(claire, i+1)
			w.Clock.Advance(time.Hour)
		}
		w.told(claire, 3)
	})
}

// A process that dies after the commit that hands a mail to the outbox runs the job again; two run it at once.
func TestANoticeIsHandedOverOnceWhateverRuns(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		m := w.request("Paul", "Une salle ?", 0)
		job := db.Query{Name: "test.again", SQL: `SELECT COUNT(*) FROM notices WHERE told_at IS NOT NULL AND message_id = $1`}
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				if _, err := w.Queue.RunDue(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for range 3 {
			w.choose(w.owner, func(*notice.Choice) {}) // each looks again
			w.Jobs()
		}
		w.told(claire, 1)
		w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
			n, err := db.One(tx, job, db.Scalar[int], int64(m.ID))
			if n != 1 {
				t.Errorf("%d rows", n)
			}
			return err
		}))
		w.Clock.Advance(notice.KeepTold + time.Hour)
		if n, err := w.notices.Prune(t.Context()); n != 1 || err != nil {
			t.Errorf("pruned %d, %v", n, err)
		}
	})
}

func TestWhatNobodyLookedAtIsFoundWithinTheHour(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.Jobs() // the periodic job begins
		w.request("Paul", "Une salle ?", 0)
		w.Must(w.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(tx, db.Query{Name: "test.lost", SQL: `DELETE FROM jobs WHERE kind = 'notice.look'`})
			return err
		}))
		w.told(claire, 0)
		w.Clock.Advance(2*time.Hour + time.Minute)
		w.told(claire, 1)
	})
}

func TestAnImportTellsNobody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		in := inbox.Import{Attention: inbox.Open, Incoming: inbox.Incoming{Voice: w.Claire.ID, Subject: "Devis", Name: "Jean", Body: "Bonjour",
			Moderation: inbox.Visible, Notify: true, At: w.Clock.Now()}}
		_, _, err := w.Inbox.Import(t.Context(), actor.Importer(), in)
		w.Must(err)
		w.Clock.Advance(24 * time.Hour)
		w.told(claire, 0)
	})
}
