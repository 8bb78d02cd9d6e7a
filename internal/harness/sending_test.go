package harness_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/harness"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
)

// sender is a house at work, whose mail goes to a server of the test by real SMTP conversations.
type sender struct {
	*harness.House
	t     *testing.T
	relay *server
}

// eachSender runs fn in a house of each engine that works as `causerie serve` does: jobs and deliveries by themselves, several at once.
func eachSender(t *testing.T, fn func(t *testing.T, s *sender)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			relay := newServer(t)
			s := &sender{House: harness.Start(t, harness.Options{SetUp: true, Engine: engine, Relay: relay.URL()}), t: t, relay: relay}
			fn(t, s)
		})
	}
}

// work has the house work until the test ends, or until what it returns is called, which waits for the last conversation.
func (s *sender) work() (rest func()) {
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan error, 2)
	go func() { ended <- s.Queue.Run(ctx) }()
	go func() { ended <- s.Deliveries.Run(ctx) }()
	resting := false
	rest = func() {
		if resting {
			return
		}
		resting = true
		cancel()
		for range 2 {
			if err := <-ended; err != nil {
				s.t.Error(err)
			}
		}
	}
	s.t.Cleanup(rest)
	return rest
}

func readerAt(i int) string { return fmt.Sprintf("lecteur%d@maison%d.example", i, i%97) }

// send has a letter leave to n people who agreed to it.
func (s *sender) send(n int) (path string) {
	s.t.Helper()
	var list strings.Builder
	list.WriteString("email,name\n")
	for i := range n {
		fmt.Fprintf(&list, "%s,Lecteur %d\n", readerAt(i), i)
	}
	s.api("POST", "/contacts/import", 200, map[string]any{"file": list.String(), "basis": "consent", "jurisdiction": "FR", "wording": "Oui.", "source": "le salon"})
	s.RunJobs()
	letter := s.api("POST", "/letters", 201, map[string]any{"subject": "La lettre de mars", "body": "Bonjour {prénom},\n\nDeux dates sur le devis.", "voice": mainVoice(s.t, s.House).String()})
	path = "/letters/" + letter["id"].(string)
	s.api("POST", path+"/send", 200, map[string]any{})
	return path
}

// neverDeadlocked fails where PostgreSQL had to end a deadlock: it notices one after a second, for which an answer waits.
func (s *sender) neverDeadlocked() {
	s.t.Helper()
	if s.DB.Engine() != db.Postgres {
		return
	}
	count := db.Query{Name: "deadlocks", SQL: `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`}
	err := s.DB.Read(s.t.Context(), func(tx *db.Tx) error {
		n, err := db.One(tx, count, db.Scalar[int64])
		if n > 0 {
			s.t.Errorf("%d deadlocks", n)
		}
		return err
	})
	if err != nil {
		s.t.Error(err)
	}
}

func (s *sender) api(method, path string, want int, body any) map[string]any {
	s.t.Helper()
	status, answer := s.API(method, path, body)
	if status != want {
		s.t.Fatalf("%s %s gave %d %v", method, path, status, answer)
	}
	return answer
}

// await looks until it is so.
func (s *sender) await(what string, so func() bool) {
	s.t.Helper()
	late := time.After(2 * time.Minute)
	for tick := time.NewTicker(50 * time.Millisecond); !so(); {
		select {
		case <-tick.C:
		case <-late:
			s.t.Fatalf("it never comes to it that %s", what)
		}
	}
}

// state is that of a letter, and how many of its recipients are in each state for each reason.
func (s *sender) state(path string) (state string, counts map[string]int) {
	s.t.Helper()
	letter := s.api("GET", path, 200, nil)
	counts = map[string]int{}
	for _, c := range letter["counts"].([]any) {
		one := c.(map[string]any)
		name := one["state"].(string)
		if reason, why := one["reason"].(string); why {
			name += " " + reason
		}
		counts[name] = int(one["count"].(float64))
	}
	return letter["state"].(string), counts
}

// recipients are those of a letter in a state.
func (s *sender) recipients(path, state string) (all []map[string]any) {
	s.t.Helper()
	for cursor := ""; ; {
		answer := s.api("GET", path+"/recipients?limit=100&state="+state+"&cursor="+cursor, 200, nil)
		for _, one := range answer["items"].([]any) {
			all = append(all, one.(map[string]any))
		}
		next, more := answer["next_cursor"].(string)
		if !more {
			return all
		}
		cursor = next
	}
}

// A letter of which one address in twenty-five is no good stops by itself, says why and how to go on, and goes on when somebody says so: the others
// get it once, and nobody is tried twice.
func TestALetterToManyDeadAddressesStopsAndGoesOn(t *testing.T) {
	t.Parallel()
	const people, dead = 1500, 25
	eachSender(t, func(t *testing.T, s *sender) {
		for i := 0; i < people; i += dead {
			s.relay.says("550 5.1.1 no such user here", readerAt(i))
		}
		s.relay.Delay = 2 * time.Millisecond // as a relay that is not on this machine
		path := s.send(people)
		s.work()
		s.await("it stops", func() bool { state, _ := s.state(path); return state == "paused" })
		s.await("what was on its way has arrived", func() bool {
			_, counts := s.state(path)
			return counts["held many_refused"] > 0 && counts["sending"]+counts["queued"]+counts["deferred"] == 0
		})
		before := s.relay.readers()
		_, counts := s.state(path)
		if before < 90 || before > people/2 || counts["sent"] != before {
			t.Errorf("it stopped after %d were taken: %v", before, counts)
		}
		held := s.recipients(path, "held")
		if why, _ := held[0]["reason_text"].(string); held[0]["reason"] != "many_refused" || !strings.Contains(why, "s’est arrêtée d’elle-même") || !strings.Contains(why, "laissez repartir") {
			t.Errorf("the API says %v", held[0])
		}
		page := s.SignIn().Get("/app"+path).OK().Has("main", "s’est arrêtée d’elle-même").Has("main", "Regardez la liste, puis laissez repartir.")
		page.Form("form[action='/app" + path + "/resume']").Submit().Is(http.StatusSeeOther)
		s.await("all of it left", func() bool { state, _ := s.state(path); return state == "sent" })
		for i := range people {
			want := 1
			if i%dead == 0 {
				want = 0
			}
			if tried, taken := s.relay.of(readerAt(i)); tried != 1 || taken != want {
				t.Fatalf("%s was tried %d times and got it %d times", readerAt(i), tried, taken)
			}
		}
		if refused := s.recipients(path, "refused"); len(refused) != people/dead || refused[0]["server_reply"] != "550 5.1.1 no such user here" {
			t.Errorf("%d are refused, want %d: %v", len(refused), people/dead, refused[0])
		}
	})
}

// A refusal that is about the house stops no letter and suppresses nobody: the owner is told, and the next letter reaches everybody.
func TestARefusalOfTheHouseTellsTheOwnerAndSuppressesNobody(t *testing.T) {
	t.Parallel()
	const people = 150
	eachSender(t, func(t *testing.T, s *sender) {
		for i := range people {
			s.relay.says("550 5.7.1 mail of maison.example is not accepted", readerAt(i))
		}
		first := s.send(people)
		s.work()
		s.await("all of it was tried", func() bool { state, _ := s.state(first); return state == "sent" })
		if _, counts := s.state(first); counts["refused policy"] != people {
			t.Errorf("it stopped, or somebody got it: %v", counts)
		}
		s.SignIn().Get("/app/").OK().Has("main", "Des serveurs refusent ce que la maison envoie (550 5.7.1)")
		emails := make([]string, people)
		for i := range emails {
			emails[i] = readerAt(i)
		}
		if found, err := s.Suppressions.Of(t.Context(), s.Owner.Actor(), emails...); err != nil || len(found) != 0 {
			t.Errorf("%d are suppressed: %v", len(found), err)
		}
		s.relay.says("", emails...)
		next := s.api("POST", "/letters", 201, map[string]any{"subject": "La lettre d’avril", "body": "Bonjour.", "voice": mainVoice(t, s.House).String()})
		path := "/letters/" + next["id"].(string)
		s.api("POST", path+"/send", 200, map[string]any{})
		s.await("all of the next one left", func() bool { state, _ := s.state(path); return state == "sent" })
		for i := range people {
			if tried, taken := s.relay.of(readerAt(i)); tried != 2 || taken != 1 {
				t.Fatalf("%s was tried %d times and got %d letters", readerAt(i), tried, taken)
			}
		}
	})
}

// A letter that is paused, goes on and is cancelled while it leaves reaches nobody twice, and nobody whose row says that it was taken back.
func TestALetterIsPausedGoesOnAndIsCancelledWhileItLeaves(t *testing.T) {
	t.Parallel()
	const people, first = 1500, 200
	eachSender(t, func(t *testing.T, s *sender) {
		s.relay.Delay = 4 * time.Millisecond
		path := s.send(people)
		rest := s.work()
		change := func(what string, taken int) {
			s.await("so many were taken", func() bool { return s.relay.readers() >= taken })
			asked := time.Now()
			s.api("POST", path+"/"+what, 200, nil)
			t.Logf("the answer to %s came after %v", what, time.Since(asked).Round(time.Millisecond))
		}
		change("pause", first)
		change("resume", first)
		change("cancel", 2*first)
		s.await("nothing of it waits", func() bool {
			_, counts := s.state(path)
			return counts["sent"]+counts["cancelled letter_cancelled"] == people
		})
		rest()
		s.neverDeadlocked()
		taken := s.relay.readers()
		if _, counts := s.state(path); counts["sent"] != taken || taken < 2*first || taken == people {
			t.Errorf("%d of %d got it, and they are %v", taken, people, counts)
		}
		for i := range people {
			if tried, _ := s.relay.of(readerAt(i)); tried > 1 {
				t.Fatalf("%s was tried %d times", readerAt(i), tried)
			}
		}
	})
}

// Once the answer to « hold everything » is there the server takes nothing more a second later, while a letter to thousands was leaving; who has not
// got it stands in the list, and gets it once when all is let go.
func TestHoldEverythingStopsWithinASecond(t *testing.T) {
	t.Parallel()
	const people, first = 2500, 400
	eachSender(t, func(t *testing.T, s *sender) {
		under := make(chan struct{})
		count, n := s.relay.Taken, 0
		var last time.Time
		s.relay.Taken = func(to string) {
			count(to)
			s.relay.mu.Lock()
			defer s.relay.mu.Unlock()
			if last = time.Now(); strings.HasPrefix(to, "lecteur") {
				if n++; n == first {
					close(under)
				}
			}
		}
		s.relay.Delay = 4 * time.Millisecond // four at once take three seconds
		path := s.send(people)
		rest := s.work()
		<-under
		asked := time.Now()
		s.api("POST", "/hold", 201, nil)
		answered := time.Now()
		s.await("everybody rests", func() bool {
			_, counts := s.state(path)
			return counts["held hold_all"]+counts["sent"] == people
		})
		s.relay.mu.Lock()
		taken, final := n, last
		s.relay.mu.Unlock()
		late := final.Sub(answered)
		t.Logf("%d of %d were taken, the last %v after it was asked; the answer came after %v", taken, people,
			final.Sub(asked).Round(time.Millisecond), answered.Sub(asked).Round(time.Millisecond))
		if late > time.Second {
			t.Errorf("something was taken %v after everything was held", late)
		}
		if taken < first || taken > people-first {
			t.Errorf("%d of %d were taken: the letter was not under way", taken, people)
		}
		held := map[string]bool{}
		for _, one := range s.recipients(path, delivery.Held) {
			held[one["to"].(string)] = true
		}
		for i := range people {
			if _, n := s.relay.of(readerAt(i)); (n == 1) == held[readerAt(i)] || n > 1 {
				t.Fatalf("%s got it %d times, and would get it: %v", readerAt(i), n, held[readerAt(i)])
			}
		}
		s.SignIn().Get("/app/deliveries").OK().Has("main", "La lettre de mars").Has("main", i18n.Number(i18n.FrFR, int64(people-taken))+" personnes l’attendent encore")
		let := time.Now()
		s.api("DELETE", "/hold", 204, nil)
		t.Logf("the answer to letting go came after %v", time.Since(let).Round(time.Millisecond))
		s.await("all of it left", func() bool { state, _ := s.state(path); return state == "sent" })
		rest()
		s.neverDeadlocked()
		for i := range people {
			if tried, n := s.relay.of(readerAt(i)); tried != 1 || n != 1 {
				t.Fatalf("%s was tried %d times and got it %d times", readerAt(i), tried, n)
			}
		}
	})
}
