package inbox_test

import (
	"fmt"
	"slices"
	"testing"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// tavern is a channel of which the program knows nothing but what it registers.
type tavern struct{ from string }

func (tavern) Name() string { return "tavern" }

func (v tavern) ReachIn(_ *db.Tx, m inbox.Message, h contact.Handle) (inbox.Reach, error) {
	if h.Channel != contact.Web {
		return inbox.Reach{Reason: inbox.NoAddress}, nil
	}
	return inbox.Reach{From: v.from, To: h.Value}, nil
}

func withTavern(w *inboxtest.World) {
	w.Inbox.RegisterChannel(inbox.Channel{Name: "tavern", Label: "tavern.name", Icon: "house", Way: "tavern"})
	w.Inbox.RegisterWay(tavern{"the landlord"})
}

func receive(w *inboxtest.World, in inbox.Incoming) (m inbox.Message, fresh bool) {
	w.T.Helper()
	m, fresh, err := w.Inbox.Receive(w.T.Context(), actor.System(), in)
	w.Must(err)
	return m, fresh
}

// rows counts the rows of a query.
func rows(w *inboxtest.World, table string) (n int) {
	w.T.Helper()
	w.Must(w.DB.Read(w.T.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(tx, db.Query{Name: "rows", SQL: "SELECT COUNT(*) FROM " + table}, db.Scalar[int])
		return err
	}))
	return n
}

func TestWhatAChannelBringsTwiceComesInOnce(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		withTavern(w)
		in := inbox.Incoming{Channel: "tavern", External: "page-12", Voice: w.Claire.ID, Name: "Jean", Body: "Bonjour",
			From: contact.NewHandle{Channel: contact.Web, Value: "https://Jean.example/", Verified: true}}
		first, fresh := receive(w, in)
		if !fresh || first.Kind != inbox.KindRequest || first.State != inbox.Open || first.Lang != "fr-FR" || first.Subject != "Bonjour" {
			t.Errorf("%v %+v", fresh, first)
		}
		in.Body = "Autre chose"
		again, fresh := receive(w, in)
		if fresh || again.ID != first.ID || again.Body != "Bonjour" || rows(w, "messages") != 1 {
			t.Errorf("a second time: %v, %+v", fresh, again)
		}
		in.Channel = inbox.ChannelSite
		if _, fresh = receive(w, in); !fresh {
			t.Error("the key of one channel is taken for that of another")
		}
		c, err := w.Contacts.Get(t.Context(), w.Owner, first.Contact)
		if err != nil || len(c.Handles) != 1 || !c.Handles[0].Verified() || c.Handles[0].Channel != contact.Web {
			t.Errorf("%+v, %v", c, err)
		}
		for field, in := range map[string]inbox.Incoming{
			"channel": {Channel: "post office", Voice: w.Claire.ID, Body: "x"},
			"voice":   {Channel: "tavern", Body: "x"},
			"web":     {Channel: "tavern", Voice: w.Claire.ID, Body: "x", From: contact.NewHandle{Channel: contact.Web, Value: "javascript:x"}},
		} {
			_, _, err := w.Inbox.Receive(t.Context(), actor.System(), in)
			if p := fault.ProblemsOf(err); len(p) != 1 || p[0].Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

func TestAnAnswerLeavesByTheWayOfTheChannel(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		withTavern(w)
		page := contact.NewHandle{Channel: contact.Web, Value: "https://jean.example/"}
		m, _ := receive(w, inbox.Incoming{Channel: "tavern", Voice: w.Claire.ID, Name: "Jean", Body: "Bonjour", From: page})
		answer, err := w.Inbox.Answer(t.Context(), w.Owner, m.ID, "Bonsoir")
		w.Must(err)
		if answer.Channel != "tavern" || last(w, "message.answered") != "tavern" {
			t.Errorf("it leaves by %q, the fact says %q", answer.Channel, last(w, "message.answered"))
		}
		m, _ = receive(w, inbox.Incoming{Channel: "tavern", Voice: w.Claire.ID, Name: "Anonyme", Body: "Rien"})
		if _, err = w.Inbox.Answer(t.Context(), w.Owner, m.ID, "Bonsoir"); err != nil || last(w, "message.answered") != "" {
			t.Errorf("to nobody it leaves by %q, %v", last(w, "message.answered"), err)
		}
		m = w.Request("Paul", "paul@x.example", "Le mail n’a pas de voie ici")
		if _, err = w.Inbox.Answer(t.Context(), w.Owner, m.ID, "Bonsoir"); err != nil || last(w, "message.answered") != "" {
			t.Errorf("without a way it leaves by %q, %v", last(w, "message.answered"), err)
		}
	})
}

// last returns the channel in the last fact of an answer.
func last(w *inboxtest.World, kind string) string {
	w.T.Helper()
	if kind != (fact.MessageAnswered{}).Kind() || len(w.Answered) == 0 {
		w.T.Fatalf("no fact of %s", kind)
	}
	return w.Answered[len(w.Answered)-1].Channel
}

func TestAReplyFindsItsConversation(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		withTavern(w)
		asked := w.Request("Paul", "paul@x.example", "La salle du conseil")
		answer, err := w.Inbox.Answer(t.Context(), w.Owner, asked.ID, "Jeudi ?")
		w.Must(err)
		paul := contact.Address("paul@x.example")
		reply, _ := receive(w, inbox.Incoming{Channel: inbox.ChannelSite, MailID: "r1@x.example", External: "r1@x.example", Name: "Paul", Body: "Oui, jeudi.",
			From: paul, InReplyTo: []string{answer.MailID, asked.MailID}})
		if reply.Conversation != asked.Conversation || reply.Parent != answer.ID || reply.Voice != w.Claire.ID || reply.Contact != asked.Contact || reply.Subject != asked.Subject {
			t.Errorf("%+v", reply)
		}
		again, _ := receive(w, inbox.Incoming{Channel: inbox.ChannelSite, Name: "Paul", Body: "À 9 h ?", From: paul, InReplyTo: []string{"unknown@x", "r1@x.example"}})
		if again.Conversation != asked.Conversation || again.Parent != reply.ID {
			t.Errorf("to his own mail: %+v", again)
		}
		shop, _ := receive(w, inbox.Incoming{Channel: inbox.ChannelSite, Voice: w.Shop.ID, Name: "Paul", Body: "Et vous ?", From: paul, InReplyTo: []string{answer.MailID}})
		if shop.Conversation == asked.Conversation || shop.Voice != w.Shop.ID {
			t.Error("what is said to one voice entered the conversation of another")
		}
		tavern, _ := receive(w, inbox.Incoming{Channel: "tavern", Voice: w.Claire.ID, External: "t1", Name: "Ann", Body: "Hi"})
		under, _ := receive(w, inbox.Incoming{Channel: "tavern", Voice: w.Claire.ID, External: "t2", Name: "Ann", Body: "Hi again", InReplyTo: []string{"t1"}})
		if under.Conversation != tavern.Conversation || under.Parent != tavern.ID {
			t.Errorf("by the keys of its channel: %+v", under)
		}
		if got := w.Get(asked.ID); got.State != inbox.Answered {
			t.Errorf("what was answered is %s", got.State)
		}
		c, err := w.Inbox.Counts(t.Context(), w.Owner)
		if err != nil || c.Open != 5 {
			t.Errorf("%+v wait, %v", c, err)
		}
	})
}

func TestWhatLooksLikeSpamMakesNobodyUntilSomebodySaysYes(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		people := func(want int, when string) {
			t.Helper()
			if c, h := rows(w, "contacts"), rows(w, "handles"); c != want || h != want {
				t.Errorf("%s there are %d people with %d handles, want %d", when, c, h, want)
			}
		}
		_, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Name: "Bot", Email: "Bot@Spam.example", Body: "Achetez", Honeypot: "x"})
		w.Must(err)
		held, _, err := w.Inbox.List(t.Context(), w.Owner, inbox.Filter{State: inbox.Held})
		w.Must(err)
		if len(held) != 1 || held[0].Reason != inbox.ReasonHoneypot || !held[0].Contact.IsZero() || held[0].Sender.Value != "Bot@spam.example" {
			t.Fatalf("%+v", held)
		}
		people(0, "after a filled trap")
		if n := rows(w, "search_documents WHERE space = 'message'") + rows(w, "facts WHERE kind = 'contact.created'"); n != 0 {
			t.Errorf("%d rows of the search and facts", n)
		}
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, held[0].ID))
		people(1, "after a yes")
		m := w.Get(held[0].ID)
		if m.Contact.IsZero() || m.Handle.IsZero() || !m.Sender.IsZero() || m.State != inbox.Open {
			t.Errorf("%+v", m)
		}
		if found, _, _ := w.Inbox.List(t.Context(), w.Owner, inbox.Filter{Query: "achetez"}); len(found) != 1 {
			t.Error("approved, it is not found by its words")
		}
		if n := rows(w, "facts WHERE kind = 'contact.created'"); n != 1 {
			t.Errorf("%d facts of a contact", n)
		}

		w.Must(w.Inbox.Spam(t.Context(), w.Owner, m.ID))
		people(0, "after it is spam")
		if m = w.Get(m.ID); m.Sender.Value != "Bot@spam.example" || !m.Contact.IsZero() || m.State != inbox.Spam {
			t.Errorf("%+v", m)
		}
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, m.ID))
		people(1, "when it is none after all")
	})
}

func TestSpamLeavesWhoIsKnownOtherwise(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		first := w.Request("Paul", "paul@x.example", "Une vraie demande")
		before, err := w.Contacts.Get(t.Context(), w.Owner, first.Contact)
		w.Must(err)
		forged := w.Comment("Paul", "paul@x.example", "Achetez mes montres")
		w.Must(w.Inbox.Spam(t.Context(), w.Owner, forged.ID))
		after, err := w.Contacts.Get(t.Context(), w.Owner, first.Contact)
		if err != nil || !after.LastAt.Equal(before.LastAt) {
			t.Errorf("known still, and the last word is of %v, not %v; %v", after.LastAt, before.LastAt, err)
		}
		_, err = w.Inbox.Comment(t.Context(), inbox.CommentInput{Post: w.Post.ID, Name: "Paul", Email: "paul@x.example", Body: "Encore", Honeypot: "x"})
		w.Must(err)
		if again, _ := w.Contacts.Get(t.Context(), w.Owner, first.Contact); !again.LastAt.Equal(before.LastAt) {
			t.Error("what looks like spam brought its sender to the top")
		}
		found, _, err := w.Inbox.List(t.Context(), w.Owner, inbox.Filter{Contact: first.Contact})
		if err != nil || len(found) != 1 || found[0].ID != first.ID {
			t.Errorf("%d messages hang on Paul, %v", len(found), err)
		}

		company := "Conserverie"
		noted := w.Request("Ann", "ann@x.example", "Bonjour")
		_, err = w.Contacts.Change(t.Context(), w.Owner, noted.Contact, contact.Patch{Company: &company})
		w.Must(err)
		proved := w.Request("Zoé", "zoe@x.example", "Bonjour")
		w.Verify(proved.Handle)
		for _, m := range []inbox.Message{noted, proved} {
			w.Must(w.Inbox.Spam(t.Context(), w.Owner, m.ID))
			if _, err := w.Contacts.Get(t.Context(), w.Owner, m.Contact); err != nil {
				t.Errorf("%s was written down or proved, and is gone: %v", m.Name, err)
			}
		}
	})
}

func TestTheFourthOfAMinuteIsHeldAndSoIsTheSixth(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		var states []string
		for i := range 6 {
			m, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Name: "Bot", Email: "bot@x.example", Body: fmt.Sprint("message ", i)})
			w.Must(err)
			states = append(states, m.State)
		}
		if want := []string{"open", "open", "open", "held", "held", "held"}; !slices.Equal(states, want) {
			t.Errorf("%v", states)
		}
	})
}
