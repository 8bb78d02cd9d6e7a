package harness_test

import (
	"strings"
	"sync"
	"testing"

	"causerie/internal/platform/mail/mailtest"
)

// server is what the server of readers says, recipient by recipient, and what it was asked.
type server struct {
	*mailtest.Sink
	mu      sync.Mutex
	answers map[string]string // to RCPT; none takes it
	tried   map[string]int
	taken   map[string]int
}

func newServer(t *testing.T) *server {
	s := &server{Sink: mailtest.StartSink(t), answers: map[string]string{}, tried: map[string]int{}, taken: map[string]int{}}
	s.Answer = func(to string) string {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.tried[to]++
		return s.answers[to]
	}
	s.Taken = func(to string) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.taken[to]++
	}
	return s
}

// says sets what it answers from now on.
func (s *server) says(answer string, to ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range to {
		s.answers[one] = answer
	}
}

// of tells how often the server was asked about an address, and how often it took something for it.
func (s *server) of(to string) (tried, taken int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tried[to], s.taken[to]
}

// readers counts the readers of a letter who got something: the owner is told of a sign-in by mail.
func (s *server) readers() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for to := range s.taken {
		if strings.HasPrefix(to, "lecteur") {
			n++
		}
	}
	return n
}
