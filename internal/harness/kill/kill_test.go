package kill

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/platform/mail/mailtest"
)

// promises is what the program said yes to.
type promises struct {
	mu       sync.Mutex
	posts    map[string]string // id -> title
	requests map[string]bool   // bodies
	answers  map[string]string // id of the answered message -> body of the answer
	more     chan struct{}     // has one when something was acknowledged
}

// TestSIGKILLLosesNothingAcknowledgedAndSendsNothingTwice kills the program at random instants under writes and answers.
// CAUSERIE_KILLS says how many times; 50 by default, as the promise is worded.
func TestSIGKILLLosesNothingAcknowledgedAndSendsNothingTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a minute for each engine")
	}
	kills, err := strconv.Atoi(os.Getenv("CAUSERIE_KILLS"))
	if err != nil {
		kills = 50
	}
	binary := build(t)
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			sink := mailtest.Start(t)
			h := newHouse(t, binary, engine, sink.URL())
			said := &promises{posts: map[string]string{}, requests: map[string]bool{}, answers: map[string]string{}, more: make(chan struct{}, 1)}
			least := kills * 2 / 5                      // twenty of each for fifty kills: fewer would prove nothing
			generous := time.Now().Add(5 * time.Minute) // a busy machine goes on until it has them
			for i := 0; i < kills || said.fewest() < least && time.Now().Before(generous); i++ {
				h.start()
				stop := make(chan struct{})
				var workers sync.WaitGroup
				for w := range 3 {
					workers.Go(func() { work(h, said, stop, fmt.Sprintf("%d-%d", i, w)) })
				}
				if i%4 > 0 { // one in four dies while it starts; the others have work in hand, however slow the machine is
					said.waitForTheFewest(30 * time.Second)
				}
				after := time.NewTimer(time.Duration(rand.IntN(350)+10) * time.Millisecond) // the random instant
				<-after.C
				h.kill()
				close(stop)
				workers.Wait()
			}
			h.start()
			settle(t, h)
			said.check(t, h, sink, least)
		})
	}
}

// work writes, asks and answers until the process dies, and notes what it was told was done.
func work(h *house, said *promises, stop chan struct{}, name string) {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		title := fmt.Sprintf("Billet %s-%d", name, n)
		status, post := h.api("POST", "/posts", map[string]any{"voice": "claire", "kind": "article", "title": title, "body": "Un délai tenu.", "status": "published"})
		if status == 201 {
			said.mu.Lock()
			said.posts[post["id"].(string)] = title
			said.mu.Unlock()
			said.tell()
		}
		body := fmt.Sprintf("Demande %s-%d: pouvez-vous refaire la salle du conseil ?", name, n)
		resp, err := h.client.PostForm("http://"+h.address+"/contact", url.Values{
			"name": {"Paul"}, "email": {fmt.Sprintf("paul%s-%d@kervella.example", name, n)}, "body": {body}, "how": {"Je vous lis."}})
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusSeeOther {
				said.mu.Lock()
				said.requests[body] = true
				said.mu.Unlock()
				said.tell()
			}
		}
		if status, open := h.api("GET", "/messages?state=open&limit=5", nil); status == 200 {
			for _, item := range open["items"].([]any) {
				id := item.(map[string]any)["id"].(string)
				text := "Jeudi à 9 h. " + id
				if status, _ := h.api("POST", "/messages/"+id+"/answer", map[string]any{"body": text}); status == 201 || status == 200 {
					said.mu.Lock()
					said.answers[id] = text
					said.mu.Unlock()
					said.tell()
				}
			}
		}
	}
}

var gauge = regexp.MustCompile(`causerie_jobs\{state="(\w+)"\} (\d+)`)

// settle waits until nothing is left to do, or fails when that does not come.
func settle(t *testing.T, h *house) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Minute) // a lease is 30 s, a first retry 6 s
	state := ""
	for tick := time.NewTicker(200 * time.Millisecond); time.Now().Before(deadline); <-tick.C {
		resp, err := h.client.Get("http://" + h.address + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		buf := make([]byte, 1<<16)
		for n := 1; n > 0; {
			n, _ = resp.Body.Read(buf)
			b.Write(buf[:n])
		}
		resp.Body.Close()
		state = ""
		waiting := 0
		for _, m := range gauge.FindAllStringSubmatch(b.String(), -1) {
			n, _ := strconv.Atoi(m[2])
			if m[1] != "held" && m[1] != "due" { // what is due later, as a notice to the house, is not waited for
				waiting += n
			}
			state += m[0] + " "
		}
		queued := 0
		for _, s := range []string{"queued", "sending", "deferred"} {
			queued += len(h.all("/deliveries?state=" + s))
		}
		if state != "" && waiting == 0 && queued == 0 {
			return
		}
		state += fmt.Sprintf("deliveries under way %d", queued)
	}
	t.Fatalf("something is stuck: %s\n%s\n%s", state, h.doctor(), h.log.String())
}

// tell lets who waits know that something more was acknowledged.
func (p *promises) tell() {
	select {
	case p.more <- struct{}{}:
	default:
	}
}

// waitForTheFewest returns when one more was acknowledged of the kind of which there are fewest, or after the bound.
func (p *promises) waitForTheFewest(bound time.Duration) {
	late := time.NewTimer(bound)
	defer late.Stop()
	for fewest := p.fewest(); p.fewest() == fewest; {
		select {
		case <-p.more:
		case <-late.C:
			return
		}
	}
}

// fewest returns how many were acknowledged of the kind of which there are fewest.
func (p *promises) fewest() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return min(len(p.posts), len(p.requests), len(p.answers))
}

func (p *promises) check(t *testing.T, h *house, sink *mailtest.Server, least int) {
	t.Helper()
	if len(p.posts) < least || len(p.requests) < least || len(p.answers) < least {
		t.Errorf("only %d posts, %d requests and %d answers were acknowledged: too few to mean anything", len(p.posts), len(p.requests), len(p.answers))
	}
	for id, title := range p.posts {
		if status, post := h.api("GET", "/posts/"+id, nil); status != 200 || post["title"] != title {
			t.Errorf("post %s %q was acknowledged and is %d %v", id, title, status, post["title"])
		}
	}
	bodies := map[string]bool{}
	for _, m := range h.all("/messages") {
		bodies[m["body"].(string)] = true
	}
	for body := range p.requests {
		if !bodies[body] {
			t.Errorf("the request %q was acknowledged and is lost", body)
		}
	}
	arrived := map[string]int{} // how often each answer reached the server
	for _, m := range sink.Messages() {
		for id, text := range p.answers {
			if strings.Contains(string(m.Data), strings.TrimPrefix(text, "Jeudi à 9 ")) { // other mails name the message by its id alone
				arrived[id]++
			}
		}
	}
	states := map[string]int{}
	for _, d := range h.all("/deliveries") {
		states[d["state"].(string)]++
	}
	for id := range p.answers {
		if arrived[id] > 1 {
			t.Errorf("the answer to %s left %d times", id, arrived[id])
		}
	}
	missing := len(p.answers) - len(arrived)
	if missing > states["uncertain"] {
		t.Errorf("%d answers never arrived, and only %d deliveries say that they are not sure", missing, states["uncertain"])
	}
	t.Logf("%d posts, %d requests, %d answers; deliveries %v", len(p.posts), len(p.requests), len(p.answers), states)
}
