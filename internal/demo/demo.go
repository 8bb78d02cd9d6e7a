package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/account"
	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/begin"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/feature/silence"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/db"
	"causerie/internal/sample"
	"causerie/internal/view/segment"
)

// Password is what the owner of the demo house signs in with.
const Password = "copeaux de chêne"

// Services are those of an open house that has not begun.
type Services struct {
	DB            *db.DB // its clock is a Movable
	Begin         *begin.Service
	House         *house.Service
	Accounts      *account.Service
	Voices        *voice.Service
	Blobs         blob.Store
	Posts         *post.Service
	Contacts      *contact.Service
	Inbox         *inbox.Service
	Mandates      *mandate.Service
	Consents      *consent.Service
	Subscriptions *subscription.Service
	Letters       *newsletter.Service
	Silences      *silence.Service  // nil looks at nobody
	Segments      *segment.View     // nil keeps none
	Deliveries    *delivery.Service // sends the few mails that the demo shows as sent
	// Tell tells the house of a request that came in, and who asked that it came, by mail.
	Tell func(ctx context.Context, request fact.MessageID) error
}

// Contents is what the sample became, by the keys of the sample.
type Contents struct {
	Owner    account.Account
	Voices   map[string]voice.Voice
	Posts    map[string]post.Post
	Contacts map[string]fact.ContactID
	Pictures map[string]media.Media
	Comments map[string]fact.MessageID
	Requests map[string]fact.MessageID
	Mandates map[string]fact.MandateID
}

// builder is one house being built.
type builder struct {
	Services
	Contents
	clock Movable
	data  *sample.Data
	now   time.Time
	zone  *time.Location
	owner actor.Actor // the owner, telling the past
	moves int         // of the clock
}

// BuildInto makes the sample house, with now as its present. The database must be empty and its clock a Movable; the clock
// stands at now afterwards, or tells the machine's time if it is a *Clock.
func BuildInto(ctx context.Context, s Services, now time.Time) (*Contents, error) {
	data, err := sample.World()
	if err != nil {
		return nil, err
	}
	movable, ok := s.DB.Clock().(Movable)
	if !ok {
		return nil, errors.New("demo: the clock of the database cannot be moved")
	}
	p := &builder{Services: s, clock: movable, data: data, now: now}
	if p.zone, err = time.LoadLocation(data.House.Zone); err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	defer p.present()
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"house", p.house}, {"pictures", p.pictures}, {"voices", p.voices}, {"sections", p.sections}, {"posts", p.posts},
		{"contacts", p.contacts}, {"comments", p.comments}, {"requests", p.requests}, {"mandates", p.mandates}, {"twice", p.twice}, {"fields", p.fields}, {"unasked", p.unasked}, {"letters", p.letters}, {"silent", p.silent},
	} {
		if err := step.do(ctx); err != nil {
			return nil, fmt.Errorf("demo: %s: %w", step.name, err)
		}
	}
	p.present()
	if err := s.DB.Analyze(ctx); err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	return &p.Contents, nil
}

// at moves the clock to t, and a few milliseconds on: ids are made of the instant, so no two events share theirs.
func (p *builder) at(t time.Time) {
	p.moves++
	p.clock.Set(t.Add(time.Duration(p.moves) * time.Millisecond))
}

// present brings the clock back.
func (p *builder) present() {
	if c, ok := p.clock.(*Clock); ok {
		c.Present()
		return
	}
	p.clock.Set(p.now)
}
