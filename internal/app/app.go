package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"causerie/internal/api"
	"causerie/internal/channel/mailbox"
	"causerie/internal/channel/newsletter"
	"causerie/internal/channel/notice"
	"causerie/internal/channel/site"
	"causerie/internal/core/account"
	"causerie/internal/core/account/accountmail"
	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/core/media"
	"causerie/internal/core/media/mediaweb"
	"causerie/internal/core/place"
	"causerie/internal/core/suppression"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/begin"
	"causerie/internal/feature/begin/beginweb"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/feature/roster"
	"causerie/internal/feature/silence"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fetch"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/live"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/seal"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
	"causerie/internal/platform/web/pagecache"
	"causerie/internal/protocol/dnsrecord"
	"causerie/internal/schema"
	"causerie/internal/transfer/wordpress"
	"causerie/internal/view/aftermath"
	"causerie/internal/view/attribution"
	"causerie/internal/view/desk"
	"causerie/internal/view/disclosure"
	"causerie/internal/view/doctor"
	"causerie/internal/view/library"
	"causerie/internal/view/maildoctor"
	"causerie/internal/view/outgoing"
	"causerie/internal/view/segment"
	"causerie/internal/view/timeline"
	"causerie/internal/view/today"
)

// App is one house, open.
type App struct {
	Config Config
	DB     *db.DB
	Queue  *queue.Queue
	Bus    *bus.Bus
	Live   *live.Hub
	Blobs  blob.Store
	Box    *seal.Box

	House         *house.Service
	Accounts      *account.Service
	Voices        *voice.Service
	Places        *place.Service
	Media         *media.Service
	Consents      *consent.Service
	Contacts      *contact.Service
	Posts         *post.Service
	Deliveries    *delivery.Service
	Inbox         *inbox.Service
	Mailbox       *mailbox.Service
	Notices       *notice.Service
	Mailer        *mailer.Service
	Relays        *mailer.Relays
	Keys          *mailer.Keys
	Suppressions  *suppression.Service
	Mandates      *mandate.Service
	Begin         *begin.Service
	Roster        *roster.Service
	Subscriptions *subscription.Service
	Silences      *silence.Service
	Newsletter    *newsletter.Service

	Timeline    *timeline.View
	Attribution *attribution.View
	Disclosure  *disclosure.View
	Segments    *segment.View
	Aftermath   *aftermath.View
	Today       *today.View
	Desk        *desk.View
	Outgoing    *outgoing.View
	Library     *library.View

	Catalog *i18n.Catalog
	Kit     *web.Kit
	Router  *web.Router
	Cache   *pagecache.Cache
	Handler http.Handler // the cache before the router

	key   error // why there is no key, of a house that is opened AsItIs
	relay mailer.Carrier
	zone  atomic.Pointer[time.Location]
	house atomic.Pointer[house.House] // as it is now, for what is asked at every page
	stale atomic.Bool                 // it could not be read again after it changed
}

// Open opens the house of c, migrating its database, and builds everything. It serves nothing yet.
func Open(ctx context.Context, c Config) (*App, error) {
	c = c.withDefaults()
	a := &App{Config: c}
	if err := c.look(); err != nil {
		return nil, err
	}
	if !c.AsItIs {
		if err := os.MkdirAll(c.Data, 0o700); err != nil {
			return nil, fmt.Errorf("the directory %s cannot be made: %w", c.Data, err)
		}
	}
	if err := a.openBox(); err != nil {
		return nil, err
	}
	a.Blobs = blob.Dir(c.file("blobs"))
	var err error
	a.DB, err = db.Open(ctx, db.Options{Path: c.file(databaseFile), URL: c.Database, Clock: c.Clock, Log: c.Log, Rehearse: c.Rehearse, ReadOnly: c.AsItIs})
	if err != nil {
		return nil, err
	}
	if err := a.build(ctx); err != nil {
		a.DB.Close()
		return nil, err
	}
	return a, nil
}

// openBox takes the key that is given, or the one in the directory, which it makes when there is none.
func (a *App) openBox() (err error) {
	file := a.Config.file("secret.key")
	switch {
	case a.Config.Secret != "":
		a.Box, err = seal.FromPassphrase(a.Config.Secret)
	case !a.Config.AsItIs:
		a.Box, err = seal.LoadOrCreate(file)
	default:
		if a.Box, a.key = seal.Load(file); a.key != nil {
			a.Box, err = seal.Open(make([]byte, seal.KeySize)) // opens nothing, and seals nothing that is kept
		}
	}
	return err
}

// build migrates and builds everything on an open database.
func (a *App) build(ctx context.Context) error {
	if a.Config.Existing || a.Config.AsItIs {
		have, err := a.DB.Version(ctx)
		switch {
		case err != nil:
			return err
		case have == 0 && a.Config.Existing:
			return fmt.Errorf("%s: %w", a.DB.Place(), ErrNoHouse)
		case have < len(schema.All()) && a.Config.AsItIs:
			return fmt.Errorf("%s has schema %d of %d: %w", a.DB.Place(), have, len(schema.All()), ErrOlderSchema)
		}
	}
	if _, err := a.DB.Migrate(ctx, schema.All()); err != nil {
		return err
	}
	if err := a.recallURL(ctx); err != nil {
		return err
	}
	if err := a.buildServices(); err != nil {
		return err
	}
	if a.Config.Existing {
		done, err := a.Begin.Done(ctx)
		if err == nil && !done {
			err = fmt.Errorf("%s: %w", a.DB.Place(), ErrNoHouse)
		}
		if err != nil {
			return err
		}
	}
	return a.buildPages(ctx)
}

// Close closes the database.
func (a *App) Close() error { return a.DB.Close() }

// buildServices builds them in the order of their levels. A service that another needs is built first; where two need
// each other, the lower one declares an interface.
func (a *App) buildServices() error {
	d := a.DB
	a.Queue = queue.New(d, queue.Options{Log: a.Config.Log, Lanes: map[string]int{"": 4}})
	a.Bus = bus.New(a.Queue)
	a.Live = live.New(d, live.Options{Log: a.Config.Log})
	a.House = house.New(d, a.Bus, a.Box)
	a.Media = media.New(d, a.Blobs)
	a.Media.Listen(a.Bus, a.Queue)
	a.Voices = voice.New(d, a.Bus, a.Media)
	a.Places = place.New(d, a.Config.URL, a.Voices)
	a.Contacts = contact.New(d, a.Bus)
	a.Consents = consent.New(consent.Options{DB: d, Bus: a.Bus, House: a.House, Contacts: a.Contacts, Box: a.Box})
	a.Roster = roster.New(roster.Deps{DB: d, House: a.House, Contacts: a.Contacts, Consents: a.Consents, Queue: a.Queue})
	host := a.Config.URL.Hostname()
	var err error
	a.Relays, err = mailer.NewRelays(mailer.RelayOptions{DB: d, Bus: a.Bus, House: a.House, Box: a.Box, Flag: a.Config.SMTP, Host: host, Log: a.Config.Log})
	if err != nil {
		return err
	}
	a.Keys = mailer.NewKeys(d, a.Box)
	a.relay = a.carrier()
	a.Deliveries = delivery.New(delivery.Options{DB: d, Bus: a.Bus, Queue: a.Queue, Log: a.Config.Log, Journals: a.Config.file("outbox")})
	a.Suppressions = suppression.New(suppression.Options{DB: d, Box: a.Box, Queue: a.Queue, Changed: a.Consents.AddressesChangedIn, Stop: a.stop, Log: a.Config.Log})
	a.Mailer, err = mailer.New(mailer.Options{DB: d, House: a.House, Deliveries: a.Deliveries, Carrier: a.relay, Keys: a.Keys,
		Gate: delivery.Gates(a.Consents.Gate, a.Suppressions.Gate), Ended: a.ended, Log: a.Config.Log, Host: host})
	if err != nil {
		return err
	}
	a.Posts = post.New(post.Options{DB: d, Bus: a.Bus, Queue: a.Queue, House: a.House, Voices: a.Voices, Media: a.Media, Labels: a.labels,
		Indexed: func(tx *db.Tx) error { return a.Live.WakeIn(tx, site.TopicSearch) },
		Woken:   func(tx *db.Tx, id fact.PostID) error { return a.Live.WakeIn(tx, topicDesk(id)) }})
	a.Inbox = inbox.New(inbox.Options{DB: d, Bus: a.Bus, Queue: a.Queue, House: a.House, Voices: a.Voices, Contacts: a.Contacts, Box: a.Box, Host: host})
	a.Inbox.RegisterChannel(wordpress.Channel)
	a.Consents.RegisterActs(a.Inbox.LastWordsIn)
	a.Consents.RegisterRefusing(a.Suppressions.RefusingIn)
	a.Consents.Project()
	a.Mailbox, err = mailbox.New(mailbox.Options{DB: d, Bus: a.Bus, House: a.House, Voices: a.Voices, Contacts: a.Contacts, Inbox: a.Inbox,
		Deliveries: a.Deliveries, Mailer: a.Mailer, Places: a.Places, Queue: a.Queue})
	if err != nil {
		return err
	}
	postman, err := accountmail.New(accountmail.Options{Deliveries: a.Deliveries, Mailer: a.Mailer, House: a.House, Addresses: a.Places, Box: a.Box})
	if err != nil {
		return err
	}
	a.Accounts = account.New(account.Options{DB: d, Bus: a.Bus, Postman: postman, Queue: a.Queue, House: a.houseName, Voice: a.isVoice})
	a.Inbox.RegisterNames(a.Accounts.AllNamesIn)
	a.Subscriptions = subscription.New(subscription.Options{DB: d, Bus: a.Bus, Queue: a.Queue, House: a.House, Voices: a.Voices, Contacts: a.Contacts,
		Consents: a.Consents, Box: a.Box})
	a.Notices, err = notice.New(notice.Options{DB: d, Bus: a.Bus, Queue: a.Queue, House: a.House, Accounts: a.Accounts, Voices: a.Voices,
		Contacts: a.Contacts, Inbox: a.Inbox, Deliveries: a.Deliveries, Mailer: a.Mailer, Places: a.Places, Flood: a.Subscriptions.FloodIn})
	if err != nil {
		return err
	}
	a.Newsletter, err = newsletter.New(newsletter.Options{DB: d, Bus: a.Bus, House: a.House, Voices: a.Voices, Places: a.Places, Contacts: a.Contacts,
		Subscriptions: a.Subscriptions, Deliveries: a.Deliveries, Mailer: a.Mailer, Media: a.Media, Posts: a.Posts, Queue: a.Queue, Host: host})
	if err != nil {
		return err
	}
	a.Mandates = mandate.New(mandate.Options{DB: d, Bus: a.Bus, House: a.House, Contacts: a.Contacts, Inbox: a.Inbox})
	a.Silences, err = silence.New(silence.Options{DB: d, Bus: a.Bus, Queue: a.Queue, House: a.House, Places: a.Places, Contacts: a.Contacts,
		Consents: a.Consents, Deliveries: a.Deliveries, Mailer: a.Mailer, Box: a.Box, Words: a.Inbox.LastWordsIn, Mandates: a.standing, Speaks: a.Inbox.SpokeIn})
	if err != nil {
		return err
	}
	a.Voices.CountHeld("posts", a.Posts.CountOfIn)
	a.Voices.CountHeld("comments", a.Inbox.HeldIn(inbox.KindComment))
	a.Voices.CountHeld("requests", a.Inbox.HeldIn(inbox.KindRequest))
	a.Voices.CountHeld("mandates", a.Mandates.HeldIn)
	a.Voices.CountHeld("accounts", a.Accounts.HeldIn)
	a.Begin = begin.New(d, a.Bus, a.House, a.Accounts, a.Voices, a.Posts, beginweb.Welcome)
	a.follow()
	a.Timeline = timeline.New(d, a.Bus, a.Contacts, a.Mandates)
	a.Attribution = attribution.New(d)
	a.Disclosure = disclosure.New(d, a.House, a.Contacts, a.Timeline)
	a.Segments = segment.New(segment.Options{DB: d, House: a.House, Contacts: a.Contacts})
	a.Newsletter.RegisterSegments(a.Segments)
	a.Aftermath = aftermath.New(aftermath.Options{DB: d, Letters: a.Newsletter})
	a.Desk = desk.New(desk.Options{DB: d, Inbox: a.Inbox, Contacts: a.Contacts, Deliveries: a.Deliveries, Timeline: a.Timeline})
	a.Outgoing = outgoing.New(outgoing.Options{DB: d, Deliveries: a.Deliveries, Posts: a.Posts, Letters: a.Newsletter})
	a.Library = library.New(library.Options{DB: d, Media: a.Media, Posts: a.Posts, Letters: a.Newsletter, Voices: a.Voices})
	api.Listen(a.Bus)
	a.Today = today.New(today.Options{DB: d, House: a.House, Contacts: a.Contacts, Deliveries: a.Deliveries, Inbox: a.Inbox, Mandates: a.Mandates,
		Mail: a.relay.Ready, Blame: a.Suppressions.BlameIn, Silence: a.Silences.OutlookIn, Flood: a.Subscriptions.FloodIn})
	a.retain()
	queue.Handle(a.Queue, typesetJob, queue.KindOptions{KeepKey: -1}, a.typesetDue)
	return nil
}

// houseName is what no password may hold.
func (a *App) houseName(tx *db.Tx) (string, error) {
	h, err := a.House.GetIn(tx)
	return h.Name, err
}

// isVoice reports whether grants may be given on a voice.
func (a *App) isVoice(tx *db.Tx, id fact.VoiceID) (bool, error) {
	_, err := a.Voices.GetIn(tx, id)
	if fault.Is(err, fault.KindNotFound) {
		return false, nil
	}
	return err == nil, err
}

// labels are the words around a post's notes, in its language.
func (a *App) labels(lang string) text.Labels {
	l, _ := i18n.Parse(lang)
	return text.Labels{Notes: a.Catalog.T(l, "post.notes"), Back: a.Catalog.T(l, "post.notes_back"), Size: func(bytes int64) string { return mediaweb.Size(a.Catalog, l, bytes) }}
}

// RebuildSearch fills the three search spaces, and what files are found by, again from the rows.
func (a *App) RebuildSearch(ctx context.Context) error {
	return errors.Join(a.Posts.Rebuild(ctx), a.Inbox.Rebuild(ctx), a.Contacts.Rebuild(ctx), a.Media.Rebuild(ctx))
}

// Rebuild fills every read model again from the rows, and sets every text anew.
func (a *App) Rebuild(ctx context.Context) error {
	if err := a.Typeset(ctx); err != nil {
		return err
	}
	return errors.Join(a.RebuildSearch(ctx), a.Timeline.Rebuild(ctx), a.Consents.Rebuild(ctx),
		a.DB.Write(ctx, func(tx *db.Tx) error { return a.Live.WakeIn(tx, pagecache.Site) }))
}

// MailDoctor looks at the mail of this house, and asks dns, nil for the machine's. With records of a file it dials no relay.
func (a *App) MailDoctor(dns dnsrecord.Resolver) *maildoctor.Doctor {
	_, offline := dns.(dnsrecord.Records)
	return maildoctor.New(maildoctor.Options{DB: a.DB, Mailer: a.Mailer, Relays: a.Relays, Keys: a.Keys, Voices: a.Voices, DNS: dns, Offline: offline,
		Home: func() string {
			if p := a.Places.Last(); !p.Private() {
				return p.Hosts()[0]
			}
			return ""
		}})
}

// fetcher asks for what somebody names by its address, and for nothing that stands in this network.
func (a *App) fetcher() *fetch.Client {
	return fetch.New(fetch.Options{UserAgent: "Causerie (" + a.Config.URL.String() + ")", Timeout: time.Minute})
}

// standing tells feature/silence who is a client, and until when others were.
func (a *App) standing(tx *db.Tx, people []fact.ContactID) (open map[fact.ContactID]bool, ended map[fact.ContactID]time.Time, err error) {
	stands, err := a.Mandates.StandIn(tx, people)
	open, ended = map[fact.ContactID]bool{}, map[fact.ContactID]time.Time{}
	for id, s := range stands {
		open[id], ended[id] = s.Open, s.Last
	}
	return open, ended, err
}

// ended tells those who ask what became of each mail.
func (a *App) ended(tx *db.Tx, all []delivery.Ended) error {
	if err := a.Suppressions.Ended(tx, all); err != nil {
		return err
	}
	return a.Consents.Ended(tx, all)
}

// stop holds what goes on about something, and pauses it where it is a letter.
func (a *App) stop(ctx context.Context, about delivery.Ref, reason string) error {
	if about.Kind == delivery.RefLetter {
		err := a.Newsletter.Stop(ctx, fact.LetterID(about.ID), reason)
		if !fault.Is(err, fault.KindConflict) { // else it was paused or cancelled meanwhile
			return err
		}
		return nil
	}
	_, err := a.Deliveries.HoldAbout(ctx, about, reason)
	return err
}

// Words returns the catalog in the language of the house: for what the command line says of it.
func (a *App) Words(ctx context.Context) (func(key string, args ...any) string, error) {
	h, err := a.House.Get(ctx)
	if err != nil {
		return nil, err
	}
	lang, _ := i18n.Parse(h.Lang) // of a house it is one of ours
	return func(key string, args ...any) string { return a.Catalog.T(lang, key, args...) }, nil
}

// Doctor looks at this house.
func (a *App) Doctor() doctor.Doctor {
	return doctor.Doctor{DB: a.DB, House: a.House, Queue: a.Queue, Blobs: a.Blobs, Data: a.Config.Data, Carrier: a.relay,
		URL: a.Config.URL, Passphrase: a.Config.Secret != "", Key: a.key, Moved: a.Config.moved()}
}
