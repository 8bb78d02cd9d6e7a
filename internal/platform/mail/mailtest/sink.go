package mailtest

import (
	"bufio"
	"bytes"
	"cmp"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"causerie/internal/platform/mail"
)

// Sink is a server that takes every message and keeps none, for measuring: it costs little beside what is measured.
type Sink struct {
	Addr string // 127.0.0.1:port

	// Taken, if set before the first message, is called with the recipient of each, from several goroutines.
	Taken func(to string)
	// Answer, if set before the first message, is asked what to reply to RCPT, from several goroutines; "" takes the recipient.
	Answer func(to string) string
	// Delay, if set before the first message, is how long it thinks about each, as a relay that is far away does.
	Delay time.Duration

	messages, connections atomic.Int64

	listener net.Listener
	mu       sync.Mutex
	open     map[net.Conn]bool
	all      sync.WaitGroup
}

// StartSink runs a sink until the test ends.
func StartSink(t testing.TB) *Sink {
	t.Helper()
	s, err := NewSink()
	if err != nil {
		t.Fatalf("mailtest: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

// NewSink runs a sink until Close.
func NewSink() (*Sink, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Sink{Addr: listener.Addr().String(), listener: listener, open: map[net.Conn]bool{}}
	s.all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.connections.Add(1)
			s.mu.Lock()
			s.open[conn] = true
			s.mu.Unlock()
			s.all.Go(func() {
				s.serve(conn)
				_ = conn.Close()
				s.mu.Lock()
				delete(s.open, conn)
				s.mu.Unlock()
			})
		}
	})
	return s, nil
}

// Close takes nothing more and hangs up.
func (s *Sink) Close() {
	_ = s.listener.Close()
	s.mu.Lock()
	for conn := range s.open {
		_ = conn.Close()
	}
	s.mu.Unlock()
	s.all.Wait()
}

// URL is the sink as the flag --smtp says a relay.
func (s *Sink) URL() string { return "smtp://" + s.Addr + "?tls=off" }

// Relay returns the sink as a relay.
func (s *Sink) Relay(t testing.TB) mail.Relay {
	t.Helper()
	r, err := mail.ParseRelay(s.URL())
	if err != nil {
		t.Fatalf("mailtest: %v", err)
	}
	return r
}

// Messages returns how many messages were taken, Connections how many connections were made.
func (s *Sink) Messages() int { return int(s.messages.Load()) }

// Connections returns how many connections were made.
func (s *Sink) Connections() int { return int(s.connections.Load()) }

func (s *Sink) serve(conn net.Conn) {
	in, out := bufio.NewReaderSize(conn, 32<<10), bufio.NewWriter(conn)
	say := func(line string) bool {
		_, _ = out.WriteString(line + "\r\n")
		return in.Buffered() > 0 || out.Flush() == nil // what came in one piece is answered in one
	}
	ok := say("220 sink ESMTP")
	to := ""
	for ok {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		switch word := bytes.ToUpper(line[:min(4, len(line))]); string(word) {
		case "EHLO":
			ok = say("250-sink\r\n250-PIPELINING\r\n250 8BITMIME")
		case "RCPT":
			to = string(bytes.TrimSuffix(bytes.TrimSpace(bytes.TrimPrefix(line, []byte("RCPT TO:<"))), []byte(">")))
			answer := ""
			if s.Answer != nil {
				answer = s.Answer(to)
			}
			if answer != "" {
				to = ""
			}
			ok = say(cmp.Or(answer, "250 2.1.5 Ok"))
		case "DATA":
			if to == "" { // RFC 5321, 3.3
				ok = say("503 5.5.1 nobody to give it to")
				continue
			}
			if ok = say("354 go on"); !ok || out.Flush() != nil {
				return
			}
			for {
				body, err := in.ReadSlice('\n')
				if err != nil && err != bufio.ErrBufferFull {
					return
				}
				if bytes.Equal(body, []byte(".\r\n")) {
					break
				}
			}
			time.Sleep(s.Delay)
			s.messages.Add(1)
			if s.Taken != nil {
				s.Taken(to)
			}
			to = ""
			ok = say("250 2.0.0 Ok: queued as 4F1B2")
		case "QUIT":
			say("221 2.0.0 Bye")
			_ = out.Flush()
			return
		default:
			ok = say("250 2.0.0 Ok")
		}
	}
}
