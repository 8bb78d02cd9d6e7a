package mail_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"causerie/internal/platform/mail"
)

// scripted is a server that says one text and then reads until the client leaves.
func scripted(t *testing.T, say func(w io.Writer, r *bufio.Reader)) mail.Relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { _ = l.Close(); <-done })
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		r := bufio.NewReader(conn)
		say(conn, r)
		_, _ = io.Copy(io.Discard, r)
	}()
	relay, err := mail.ParseRelay("smtp://" + l.Addr().String() + "?tls=off")
	if err != nil {
		t.Fatal(err)
	}
	return relay
}

func TestMuteRelayIsLeft(t *testing.T) {
	t.Parallel()
	relay := scripted(t, func(io.Writer, *bufio.Reader) {})
	relay.Timeout = 20 * time.Millisecond
	_, err := relay.Send(t.Context(), letter())
	if e := sendError(t, err); e.Stage != mail.StageGreet || !e.Temporary || e.Ambiguous {
		t.Errorf("%+v", e)
	}
	ctx, cancel := context.WithCancel(t.Context())
	heard := make(chan struct{})
	relay = scripted(t, func(w io.Writer, r *bufio.Reader) {
		_, _ = io.WriteString(w, "220 hello\r\n")
		_, _ = r.ReadString('\n')
		close(heard)
	})
	go func() { <-heard; cancel() }()
	_, err = relay.Send(ctx, letter())
	if e := sendError(t, err); e.Stage != mail.StageHello || !errors.Is(err, context.Canceled) || e.Ambiguous {
		t.Errorf("%+v", e)
	}
}

func TestEndlessReplyIsCutOff(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{"lines": "220-hello again and again\r\n", "one line": "220-hello"} {
		relay := scripted(t, func(w io.Writer, _ *bufio.Reader) {
			for {
				if _, err := io.WriteString(w, strings.Repeat(line, 100)); err != nil {
					return
				}
			}
		})
		_, err := relay.Send(t.Context(), letter())
		if e := sendError(t, err); e.Stage != mail.StageGreet || e.Code != 0 {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestReplyToTheDotIsKeptWordForWord(t *testing.T) {
	t.Parallel()
	for reply, want := range map[string]string{
		"250 2.0.0 Ok: queued as 4F1B2\r\n":         "250 2.0.0 Ok: queued as 4F1B2",
		"250-2.0.0 Ok\r\n250 2.0.0 queued as X\r\n": "250 2.0.0 Ok 2.0.0 queued as X",
		"250\r\n":                 "ambiguous", // RFC 5321, 4.2 allows it, textproto does not: uncertain is honest
		"251 \x1b[31mred\x00\r\n": "251 [31mred",
		"250 " + strings.Repeat("x", 1500) + "\r\n": "250 " + strings.Repeat("x", 496),
		"552-5.3.4 too big\r\n552 5.3.4 for us\r\n": "refused 552 5.3.4 too big 5.3.4 for us",
		"354 what?\r\n":  "ambiguous",
		"25":             "ambiguous",
		"9999 hello\r\n": "ambiguous",
	} {
		relay := scripted(t, func(w io.Writer, r *bufio.Reader) {
			for _, line := range []string{"220 hi", "250 hi", "250 ok", "250 ok", "354 go"} {
				_, _ = io.WriteString(w, line+"\r\n")
				_, _ = r.ReadString('\n')
			}
			for line := ""; line != ".\r\n"; {
				var err error
				if line, err = r.ReadString('\n'); err != nil {
					return
				}
			}
			_, _ = io.WriteString(w, reply)
			if c, ok := w.(*net.TCPConn); ok {
				_ = c.CloseWrite() // nothing more will be said
			}
		})
		session, err := relay.Dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		receipt, err := session.Send(t.Context(), letter())
		_ = session.Close() // nobody answers QUIT
		got := receipt.ServerReply
		if err != nil {
			if e := sendError(t, err); e.Ambiguous {
				got = "ambiguous"
			} else {
				got = "refused " + e.Reply
			}
		}
		if got != want {
			t.Errorf("%q: %q, %v", reply, got, err)
		}
	}
}
