package mail

import (
	"bytes"
	"context"
	"errors"
	"net/textproto"
	"slices"
	"time"
)

// Session is one connection to a relay, for a batch of messages one after another. It is not for several goroutines.
// After a failure that broke the connection, Send answers ErrClosed (temporary): dial again.
type Session struct {
	relay  Relay
	conn   *boundedConn
	text   *textproto.Conn   // over conn, or over TLS over conn
	offers map[string]string // of the server's EHLO: "AUTH" is "PLAIN LOGIN"
	watch  func(Step)        // nil for nobody
	closed bool
	buffer bytes.Buffer // the message that is sent; kept for the next one
}

// keepBuffer bounds what a session keeps of memory between two messages, in bytes.
const keepBuffer = 256 << 10

// step gives the next step of the conversation its time, n times the relay's timeout, and its share of bytes.
func (s *Session) step(n int) {
	s.conn.left = maxReply
	_ = s.conn.SetDeadline(time.Now().Add(time.Duration(n) * s.relay.timeout()))
}

// Send sends one message. When ctx ends, the connection is cut: before the final dot that is a temporary failure,
// after it an ambiguous one. A message that is refused leaves the session good for the next.
func (s *Session) Send(ctx context.Context, m Message) (Receipt, error) {
	if s.closed {
		return Receipt{}, failed(StageConnect, ErrClosed)
	}
	if err := ctx.Err(); err != nil {
		return Receipt{}, failed(StageMail, err)
	}
	from, to, err := m.envelope()
	if err != nil {
		return Receipt{}, failed(StageCompose, err)
	}
	defer s.emptyBuffer()
	signatures, err := m.compose(&s.buffer)
	if err != nil {
		return Receipt{}, failed(StageCompose, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = s.conn.Close() })
	defer stop()
	receipt, failure := s.converse(from, to, signatures, s.buffer.Bytes())
	if failure == nil {
		return receipt, nil
	}
	failure.cause = contextual(ctx, failure.cause)
	s.recover(failure)
	return Receipt{}, failure
}

func (s *Session) emptyBuffer() {
	if s.buffer.Cap() > keepBuffer {
		s.buffer = bytes.Buffer{}
	}
	s.buffer.Reset()
}

// converse says MAIL, RCPT, DATA, the message in its parts and the dot.
func (s *Session) converse(from, to string, parts ...[]byte) (Receipt, *SendError) {
	commands := []command{
		// No BODY=8BITMIME and no SMTPUTF8, which net/smtp's own Mail would add: Compose writes ASCII, and a message
		// marked otherwise bounces at the first old server on its way.
		{StageMail, 250, "MAIL FROM:<" + from + ">"},
		{StageRcpt, 25, "RCPT TO:<" + to + ">"},
		{StageData, 354, "DATA"},
	}
	talk := s.oneByOne
	if _, together := s.offers["PIPELINING"]; together && s.watch == nil { // several commands at once (RFC 2920)
		talk = s.allAtOnce
	}
	if e := talk(commands); e != nil {
		return Receipt{}, e
	}
	// Everything but the dot must be out before the dot is tried, or a failure here could be one of either.
	for _, part := range parts {
		if err := s.writeBody(part); err != nil {
			return Receipt{}, failed(StageBody, err)
		}
	}
	if err := s.text.W.Flush(); err != nil {
		return Receipt{}, failed(StageBody, err)
	}
	before := s.conn.written
	s.step(1)
	if err := s.text.PrintfLine("."); err != nil {
		e := failed(StageBody, err)
		e.Ambiguous = s.conn.written > before // not one byte of the dot left: nothing can have been taken
		e.Temporary = !e.Ambiguous
		return Receipt{}, e
	}
	// RFC 5321, 4.5.3.2.6 asks for patience here: to hang up early makes letters uncertain.
	s.step(10)
	code, msg, err := s.text.ReadResponse(2)
	if err == nil {
		s.passed(StageBody, oneLine(code, msg))
		return Receipt{ServerReply: oneLine(code, msg)}, nil
	}
	e := failed(StageBody, err)
	if e.Code/100 != 4 && e.Code/100 != 5 {
		e.Ambiguous, e.Temporary = true, false
	}
	return Receipt{}, e
}

// writeBody writes a part of a composed message, whose lines end in CRLF, with a dot before each dot that begins a line (RFC 5321,
// 4.5.2).
func (s *Session) writeBody(body []byte) error {
	w := s.text.W
	for len(body) > 0 { // from one line that begins with a dot, or the first, to the next
		line := len(body)
		if i := bytes.Index(body, []byte("\n.")); i >= 0 {
			line = i + 1
		}
		if body[0] == '.' {
			if err := w.WriteByte('.'); err != nil {
				return err
			}
		}
		for chunk := range slices.Chunk(body[:line], 32<<10) {
			s.step(1)
			if _, err := w.Write(chunk); err != nil {
				return err
			}
		}
		body = body[line:]
	}
	return nil
}

// command is one line, and the code, or its beginning, with which the server agrees.
type command struct {
	stage  Stage
	expect int
	line   string
}

// oneByOne waits for the reply to each command before the next.
func (s *Session) oneByOne(commands []command) *SendError {
	for _, c := range commands {
		s.step(1)
		words, err := s.say(c.expect, c.line)
		if err != nil {
			return failed(c.stage, err)
		}
		s.passed(c.stage, words)
	}
	return nil
}

// allAtOnce says every command and then reads every reply (RFC 2920), which spares two journeys for each message. The
// first refusal is the answer. A server that refused the recipient and wants the message nevertheless is given an empty
// one, as RFC 2920, 3.1 asks: there is nobody for whom it could take it.
func (s *Session) allAtOnce(commands []command) *SendError {
	s.step(1)
	for _, c := range commands {
		if _, err := s.text.W.WriteString(c.line + "\r\n"); err != nil {
			return failed(c.stage, err)
		}
	}
	if err := s.text.W.Flush(); err != nil {
		return failed(commands[0].stage, err)
	}
	var refused *SendError
	for _, c := range commands {
		s.step(1)
		_, _, err := s.text.ReadResponse(c.expect)
		if err != nil && refused == nil {
			refused = failed(c.stage, err)
			if refused.Code == 0 || refused.Code == 421 {
				return refused // there is nobody left to read from
			}
		}
		if err == nil && refused != nil && c.stage == StageData {
			s.step(1)
			if err := s.text.PrintfLine("."); err != nil {
				s.closed = true
				return refused
			}
			if _, _, err := s.text.ReadResponse(5); err != nil && !isReply(err) {
				s.closed = true
			}
		}
	}
	return refused
}

// isReply reports whether err is something that the server said.
func isReply(err error) bool {
	_, ok := errors.AsType[*textproto.Error](err)
	return ok
}

// alive asks whether the server still listens, and forgets whatever was begun.
func (s *Session) alive() bool {
	if s.closed {
		return false
	}
	s.step(1)
	if _, err := s.say(250, "RSET"); err == nil {
		return true
	}
	s.closed = true
	_ = s.conn.Close()
	return false
}

// recover makes the session ready for the next message, or gives it up.
func (s *Session) recover(e *SendError) {
	if !s.closed && e.Code != 0 && e.Code != 421 && !e.Ambiguous && s.alive() {
		return
	}
	s.closed = true
	_ = s.conn.Close()
}

// Close says goodbye. Its error, a *SendError of StageQuit, changes nothing about what was sent.
func (s *Session) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	s.step(1)
	_, err := s.say(221, "QUIT")
	_ = s.conn.Close()
	if err != nil {
		return failed(StageQuit, err)
	}
	return nil
}
