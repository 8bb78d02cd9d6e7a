package app

import (
	"context"
	"maps"
	"time"

	"causerie/internal/api"
	"causerie/internal/app/devweb"
	"causerie/internal/assets"
	"causerie/internal/channel/newsletter/newsletterweb"
	"causerie/internal/channel/notice/noticeweb"
	"causerie/internal/channel/site"
	"causerie/internal/core/account/accountweb"
	"causerie/internal/core/consent/consentweb"
	"causerie/internal/core/contact/contactweb"
	"causerie/internal/core/delivery/deliveryweb"
	"causerie/internal/core/house/houseweb"
	"causerie/internal/core/media/mediaweb"
	"causerie/internal/core/voice/voiceweb"
	"causerie/internal/fact"
	"causerie/internal/feature/begin"
	"causerie/internal/feature/begin/beginweb"
	"causerie/internal/feature/inbox/inboxweb"
	"causerie/internal/feature/mandate/mandateweb"
	"causerie/internal/feature/post/postweb"
	"causerie/internal/feature/roster/rosterweb"
	"causerie/internal/feature/silence/silenceweb"
	"causerie/internal/feature/subscription/subscriptionweb"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/formkey"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/platform/web/pagecache"
	"causerie/internal/transfer"
	"causerie/internal/transfer/archive"
	"causerie/internal/view/attribution/attributionweb"
	"causerie/internal/view/maildoctor/maildoctorweb"
	"causerie/internal/view/segment/segmentweb"
	"causerie/internal/view/today/todayweb"
)

// bundles are the folders of pages; a test visits their texts.
func bundles() []web.Bundle {
	return []web.Bundle{
		site.Bundle, subscriptionweb.Bundle, newsletterweb.Bundle, silenceweb.Bundle, silenceweb.StayBundle, accountweb.Bundle, beginweb.Bundle, postweb.Bundle, mediaweb.Bundle, houseweb.Bundle, voiceweb.Bundle,
		contactweb.Bundle, consentweb.Bundle, rosterweb.Bundle, segmentweb.Bundle, mandateweb.Bundle, attributionweb.Bundle, inboxweb.Bundle, noticeweb.Bundle,
		deliveryweb.Bundle, maildoctorweb.Bundle, todayweb.Bundle, devweb.Bundle,
		api.Bundle, {Name: "transfer", Files: transfer.Texts}, {Name: "archive", Files: archive.Texts},
	}
}

// Catalog returns every text of the program, for the command line and for tests.
func Catalog() (*i18n.Catalog, error) {
	kit, err := web.NewKit(web.KitOptions{Layouts: assets.FS, Bundles: bundles()})
	if err != nil {
		return nil, err
	}
	return kit.Catalog(), nil
}

// visitors bounds what strangers of one network make the program render. Whoever opens thirty pages in a row, none of which anybody
// read before, on four devices behind one address, is not stopped; a robot that goes on is held to five pages a second, a sixtieth
// of a processor, and the largest network there is to a quarter.
var visitors = web.Rate{Burst: 120, Every: 200 * time.Millisecond}

// rates bound what one network, or one token of the API, may ask for in a row.
var rates = map[string]web.Rate{
	"sign-in":   {Burst: 8, Every: 20 * time.Second},
	"forgot":    {Burst: 4, Every: 2 * time.Minute},
	"setup":     {Burst: 10, Every: 30 * time.Second},
	"comment":   {Burst: 6, Every: 30 * time.Second},
	"contact":   {Burst: 4, Every: time.Minute},
	"subscribe": {Burst: 6, Every: time.Minute},
	"receipt":   {Burst: 5, Every: 6 * time.Hour}, // mails that one network has sent to addresses that nobody proved
	"search":    {Burst: 20, Every: 2 * time.Second},
	"confirm":   {Burst: 20, Every: 5 * time.Second},
	api.Rate:    {Burst: 10_000, Every: time.Millisecond},
}

// The lines of the settings that lead to how one is told, to what comments may and to the mail relay.
var (
	noticePlace  = houseweb.Place{Path: noticeweb.Path, Icon: "bell", Label: "notice.title", Help: "notice.place", Role: actor.Author}
	policyPlace  = houseweb.Place{Path: inboxweb.PolicyPath, Icon: "message-circle", Label: "inbox.policy", Help: "inbox.policy.help", Role: actor.Owner}
	termsPlace   = houseweb.Place{Path: postweb.TermsPath, Icon: "tag", Label: "term.title", Help: "term.place", Role: actor.Editor}
	doctorPlace  = houseweb.Place{Path: maildoctorweb.Path, Icon: "radar", Label: "maildoctor.title", Help: "maildoctor.lede", Role: actor.Owner}
	fieldPlace   = houseweb.Place{Path: contactweb.FieldsPath, Icon: "user", Label: "field.title", Help: "field.place", Role: actor.Owner}
	relayPlace   = houseweb.Place{Path: "/app/settings/relays", Icon: "mail", Label: "relay.title", Help: "relay.lede", Role: actor.Owner}
	welcomePlace = voiceweb.Also{Suffix: newsletterweb.WelcomeSuffix, Label: "letter.welcome", Help: "letter.welcome_place"}
	silencePlace = houseweb.Place{Path: silenceweb.Path, Icon: "clock", Label: "silence.title", Help: "silence.place", Role: actor.Owner}
)

func (a *App) buildPages(ctx context.Context) error {
	if err := a.refresh(ctx); err != nil {
		return err
	}
	var err error
	var public *site.Handler
	a.Kit, err = web.NewKit(web.KitOptions{
		Layouts: assets.FS, Bundles: bundles(), Zone: a.location, Money: func() string { return a.current().Currency }, Clock: a.Config.Clock,
		Chrome: map[string]func(*web.Request) (any, error){"work": a.workChrome, "plain": a.plainChrome,
			"public": func(r *web.Request) (any, error) { return public.Around(r) }},
	})
	if err != nil {
		return err
	}
	a.Catalog = a.Kit.Catalog()
	a.Catalog.Speak(func() string { return a.current().Trade })
	bounds := maps.Clone(rates)
	bounds[web.Visitors] = a.Config.Visitors
	public = site.New(site.Options{Kit: a.Kit, DB: a.DB, House: a.House, Places: a.Places, Media: a.Media, Talk: a.Inbox, Bus: a.Bus, Live: a.Live,
		Accounts: a.Accounts, Letters: a.letterIn})
	a.Router = web.NewRouter(web.Options{
		BaseURL: a.Config.URL, Trusted: a.Config.Trusted, Catalog: a.Catalog, Kit: a.Kit, Log: a.Config.Log,
		Clock: a.Config.Clock, Rates: bounds, PublicLang: a.publicLang, MetricsToken: a.Config.MetricsToken,
		Identify: accountweb.Identify(a.Accounts), Taken: formkey.New(a.DB),
	})
	a.Router.Handle(a.healthRoutes()...)
	a.Router.Handle(a.liveRoutes()...)
	a.Router.Handle(public.Routes()...)
	a.Router.Handle(subscriptionweb.New(subscriptionweb.Options{Kit: a.Kit, House: a.House, Subscriptions: a.Subscriptions, Copies: a.Disclosure,
		Page: public.HousePage}).Routes()...)
	a.Router.Handle(silenceweb.New(a.Kit, a.Silences, public.HousePage).Routes()...)
	a.Router.Handle(beginweb.New(a.Kit, a.Begin, a.Accounts).Routes()...)
	a.Router.Handle(accountweb.New(a.Kit, a.Accounts, a.Voices).Routes()...)
	a.Router.Handle(postweb.New(a.Kit, a.Posts, a.Media, a.Voices, a.House, a.Places, a.Accounts).Letters(a.Newsletter, a.Segments).Before(public, a.Inbox).Fetching(a.fetcher()).Routes()...)
	a.Router.Handle(mediaweb.New(a.Kit, a.Media, a.Library).Routes()...)
	a.Router.Handle(houseweb.New(a.Kit, a.House, a.local, termsPlace, fieldPlace, noticePlace, policyPlace, relayPlace, doctorPlace, silencePlace).Routes()...)
	a.Router.Handle(voiceweb.New(a.Kit, a.Voices, a.Media, a.Places).Also(welcomePlace).Routes()...)
	a.Router.Handle(contactweb.New(a.Kit, a.Contacts, a.Timeline, a.Disclosure, a.Consents).Suppressions(a.Suppressions).Routes()...)
	a.Router.Handle(rosterweb.New(a.Kit, a.Roster, a.House, a.Contacts).Routes()...)
	a.Router.Handle(segmentweb.New(segmentweb.Options{Kit: a.Kit, Segments: a.Segments, Contacts: a.Contacts, Voices: a.Voices, Posts: a.Posts,
		Roster: a.Roster}).Routes()...)
	a.Router.Handle(consentweb.New(a.Kit, a.Consents, a.Contacts, a.House).Routes()...)
	a.Router.Handle(newsletterweb.New(newsletterweb.Options{Kit: a.Kit, Letters: a.Newsletter, Voices: a.Voices, Places: a.Places, Segments: a.Segments, Aftermath: a.Aftermath,
		Email: a.emailOf}).Routes()...)
	a.Router.Handle(mandateweb.New(a.Kit, a.Mandates, a.Contacts, a.Attribution, a.Voices).Routes()...)
	a.Router.Handle(attributionweb.New(a.Kit, a.Attribution).Routes()...)
	a.Router.Handle(inboxweb.New(inboxweb.Options{Kit: a.Kit, Inbox: a.Inbox, Contacts: a.Contacts, Desk: a.Desk}).Routes()...)
	a.Router.Handle(noticeweb.New(a.Kit, a.Notices, a.Accounts).Routes()...)
	a.Router.Handle(newsletterweb.NewPreview(newsletterweb.PreviewOptions{Kit: a.Kit, Letters: a.Newsletter, Contacts: a.Contacts, Email: a.emailOf}).Routes()...)
	a.Router.Handle(deliveryweb.New(deliveryweb.Options{
		Kit: a.Kit, Deliveries: a.Deliveries, Posts: a.Posts, Outgoing: a.Outgoing, Voices: a.Voices, Relays: a.Relays, Tester: a.Mailer, Email: a.emailOf,
		Fixed: a.fixedRelay(),
	}).Routes()...)
	a.Router.Handle(maildoctorweb.New(a.Kit, a.MailDoctor(a.Config.DNS), a.Keys).Routes()...)
	a.Router.Handle(todayweb.New(a.Kit, a.Today, begin.NewChecklist(a.DB), a.local).Routes()...)
	if a.Config.Demo {
		a.Router.Handle(devweb.New(a.Kit, a.Accounts, a.Config.Captured, a.owner).Routes()...)
	}
	a.Router.Handle(api.New(api.Deps{
		DB: a.DB, Log: a.Config.Log, Catalog: a.Catalog, Places: a.Places, House: a.House, Accounts: a.Accounts, Voices: a.Voices,
		Posts: a.Posts, Contacts: a.Contacts, Consents: a.Consents, Inbox: a.Inbox, Mandates: a.Mandates, Deliveries: a.Deliveries, Relays: a.Relays,
		Timeline: a.Timeline, Attribution: a.Attribution, Disclosure: a.Disclosure, Roster: a.Roster, Letters: a.Newsletter, Segments: a.Segments,
		Media: a.Media, Library: a.Library, Fetch: a.fetcher(),
	}).Routes()...)
	a.Cache = pagecache.New(pagecache.Options{
		Next: a.workAtHouse(a.Router), SessionCookie: web.SessionCookie, Queries: site.Parameters(), Heeds: site.Heeds,
		Host: func(header string) string { return a.Places.Last().Host(header) }, Clock: a.Config.Clock, Log: a.Config.Log,
	})
	a.Live.Handle(func(topics []string) { a.changed(ctx, public, topics) })
	a.Live.HandleLoss(a.Cache.Doubt)
	a.Handler = a.Cache
	return nil
}

// waiting counts what the rail shows beside its words.
func (a *App) waiting(tx *db.Tx, by actor.Actor, counts map[string]int, held *bool) error {
	c, err := a.Inbox.CountsIn(tx, by)
	if err != nil {
		return err
	}
	counts["inbox"] = c.Open + c.Held
	*held, err = a.Deliveries.HeldIn(tx)
	return err
}

// emailOf returns the address of who is signed in, "" for nobody.
func (a *App) emailOf(ctx context.Context, by actor.Actor) (string, error) {
	if by.Account == 0 {
		return "", nil
	}
	who, err := a.Accounts.Get(ctx, by, fact.AccountID(by.Account))
	return who.Email, err
}

// letterIn finds a letter for its page on the web.
func (a *App) letterIn(tx *db.Tx, word string) (site.Letter, error) {
	l, err := a.Newsletter.WebIn(tx, word)
	return site.Letter{Voice: l.Voice, Title: l.Title, At: l.At, HTML: l.HTML}, err
}

// owner says who the button of the demo signs in.
func (a *App) owner(ctx context.Context) (fact.AccountID, string, error) {
	who, err := a.Accounts.Owner(ctx)
	return who.ID, who.Name, err
}
