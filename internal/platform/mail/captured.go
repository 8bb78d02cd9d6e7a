package mail

import (
	"context"
	"slices"
	"strings"
	"sync"
)

// maxCaptured is how many messages a Captured keeps.
const maxCaptured = 1000

// Captured is a Sender that keeps what it is given in memory, the newest 1,000, each with its own Text and HTML, and delivers
// nothing: for the demo and for tests. Its zero value is ready, and it may be used from several goroutines.
type Captured struct {
	mu       sync.Mutex
	messages []Message
}

// Send keeps m. What a relay could not be given is refused here too, with the same *SendError.
func (c *Captured) Send(ctx context.Context, m Message) (Receipt, error) {
	if err := ctx.Err(); err != nil {
		return Receipt{}, failed(StageConnect, err)
	}
	if _, _, err := m.envelope(); err != nil {
		return Receipt{}, failed(StageCompose, err)
	}
	if _, err := m.Compose(); err != nil {
		return Receipt{}, failed(StageCompose, err)
	}
	if m.Body != nil {
		m.Text, m.HTML = m.Body.Texts(m.Values)
		m.Body, m.Values = nil, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.messages) == maxCaptured {
		c.messages = slices.Delete(c.messages, 0, 1)
	}
	c.messages = append(c.messages, m)
	return Receipt{ServerReply: "250 2.0.0 captured as " + m.ID}, nil
}

// All returns what was captured, oldest first.
func (c *Captured) All() []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.messages)
}

// To returns what was captured for an address, oldest first; case does not matter.
func (c *Captured) To(email string) []Message {
	return slices.DeleteFunc(c.All(), func(m Message) bool { return !strings.EqualFold(m.To.Email, email) })
}

// Clear forgets everything.
func (c *Captured) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.messages = nil
}
