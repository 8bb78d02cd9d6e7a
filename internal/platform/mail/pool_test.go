package mail_test

import (
	"bufio"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/mailtest"
)

func pool(t *testing.T, s *mailtest.Server) *mail.Pool {
	t.Helper()
	p := mail.NewPool(s.Relay(t))
	t.Cleanup(p.Close)
	return p
}

func conns(s *mailtest.Server) (numbers []int) {
	for _, m := range s.Messages() {
		numbers = append(numbers, m.Conn)
	}
	return numbers
}

func TestAPoolKeepsItsConnection(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t, mailtest.STARTTLS(), mailtest.Login("anne", "secret"))
	p := pool(t, server)
	server.Fail(mailtest.None, mailtest.RefuseRcpt, mailtest.DeferBody)
	for i := range 4 {
		if _, err := p.Send(t.Context(), letter()); (err != nil) != (i == 1 || i == 2) {
			t.Errorf("message %d: %v", i, err)
		}
	}
	if got := conns(server); !slices.Equal(got, []int{1, 1}) {
		t.Errorf("taken over the connections %v, want both over the first", got)
	}
}

func TestAPoolConnectsAnewAfterAHundredMessages(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	p := pool(t, server)
	for range 101 {
		if _, err := p.Send(t.Context(), letter()); err != nil {
			t.Fatal(err)
		}
	}
	if got := conns(server); got[99] != 1 || got[100] != 2 {
		t.Errorf("the hundredth went over connection %d, the next over %d", got[99], got[100])
	}
}

// A kept connection that the relay has closed meanwhile is no failure of the message that finds it so.
func TestAPoolConnectsAnewWhenTheRelayHungUp(t *testing.T) {
	t.Parallel()
	for _, fault := range []mailtest.Fault{mailtest.ShutDown, mailtest.DropBeforeData} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			server := mailtest.Start(t)
			p := pool(t, server)
			server.Fail(mailtest.None, fault)
			for i := range 2 {
				if _, err := p.Send(t.Context(), letter()); err != nil {
					t.Errorf("message %d: %v", i, err)
				}
			}
			if got := conns(server); !slices.Equal(got, []int{1, 2}) {
				t.Errorf("taken over the connections %v", got)
			}
		})
	}
}

// What may have been taken is never sent again by the pool, over whatever connection.
func TestAPoolDoesNotRepeatWhatMayHaveBeenTaken(t *testing.T) {
	t.Parallel()
	for _, fault := range []mailtest.Fault{mailtest.DropAfterDot, mailtest.Babble} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			server := mailtest.Start(t)
			p := pool(t, server)
			server.Fail(mailtest.None, fault)
			_, err := p.Send(t.Context(), letter())
			if err != nil {
				t.Fatal(err)
			}
			if _, err = p.Send(t.Context(), letter()); !sendError(t, err).Ambiguous {
				t.Errorf("%v", err)
			}
			if got := len(server.Messages()); got != 2 {
				t.Errorf("%d messages arrived, want each once", got)
			}
		})
	}
}

func TestAPoolServesManyAtOnce(t *testing.T) {
	t.Parallel()
	sink := mailtest.StartSink(t)
	p := mail.NewPool(sink.Relay(t))
	defer p.Close()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if _, err := p.Send(t.Context(), letter()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if sink.Messages() != 400 || sink.Connections() > 16 {
		t.Errorf("%d messages over %d connections", sink.Messages(), sink.Connections())
	}
}

// verbs is a server that answers each command with what the test says, and keeps what it heard.
func verbs(t *testing.T, replies map[string]string) (mail.Relay, func() []string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var heard []string
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		say := func(s string) { _, _ = conn.Write([]byte(s + "\r\n")) }
		say("220 ready")
		for lines := bufio.NewScanner(conn); lines.Scan(); {
			mu.Lock()
			heard = append(heard, lines.Text())
			mu.Unlock()
			verb, _, _ := strings.Cut(lines.Text(), " ")
			if reply, ok := replies[verb]; ok {
				say(reply)
			}
			if verb == "QUIT" {
				return
			}
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-done })
	r, err := mail.ParseRelay("smtp://" + listener.Addr().String() + "?tls=off")
	if err != nil {
		t.Fatal(err)
	}
	return r, func() []string {
		<-done
		mu.Lock()
		defer mu.Unlock()
		return heard
	}
}

func TestARelayThatDoesNotOfferPipeliningIsSpokenToLineByLine(t *testing.T) {
	t.Parallel()
	r, heard := verbs(t, map[string]string{"EHLO": "250 here", "MAIL": "250 ok", "RCPT": "550 5.1.1 nobody", "RSET": "250 ok", "QUIT": "221 bye"})
	_, err := r.Send(t.Context(), letter())
	if e := sendError(t, err); e.Stage != mail.StageRcpt || e.Code != 550 || e.Temporary {
		t.Errorf("%+v", e)
	}
	if all := strings.Join(heard(), "|"); strings.Contains(all, "DATA") || !strings.HasSuffix(all, "RSET|QUIT") {
		t.Errorf("it heard %s", all)
	}
}

// RFC 2920, 3.1: a server may want the message although it has refused every recipient; then it is given an empty one.
func TestAPipelinedMessageThatIsRefusedAndWantedIsLeftEmpty(t *testing.T) {
	t.Parallel()
	r, heard := verbs(t, map[string]string{"EHLO": "250-here\r\n250 PIPELINING", "MAIL": "250 ok", "RCPT": "550 5.1.1 nobody", "DATA": "354 go on",
		".": "554 5.5.1 no valid recipients", "RSET": "250 ok", "QUIT": "221 bye"})
	_, err := r.Send(t.Context(), letter())
	e := sendError(t, err)
	if e.Stage != mail.StageRcpt || e.Reply != "550 5.1.1 nobody" || e.Temporary || e.Ambiguous {
		t.Errorf("%+v", e)
	}
	if all := strings.Join(heard(), "|"); !strings.HasSuffix(all, "DATA|.|RSET|QUIT") {
		t.Errorf("it heard %s", all)
	}
}

func TestAPoolOfARelayThatIsNotThereSaysSo(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r, err := mail.ParseRelay("smtp://" + listener.Addr().String() + "?tls=off")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	p := mail.NewPool(r)
	defer p.Close()
	_, err = p.Send(t.Context(), letter())
	if e, ok := errors.AsType[*mail.SendError](err); !ok || !e.OfRelay() || !e.Temporary {
		t.Errorf("%v", err)
	}
}
