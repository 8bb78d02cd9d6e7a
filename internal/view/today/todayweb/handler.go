// Package todayweb is the first page after signing in, and the page that leads a telephone to everything else.
//
// Its sentences depend on the hour and on how much waits: little is said to be little. An owner sees what is left of
// the first hour, until it is done or put away.
package todayweb

import (
	"embed"
	"html/template"
	"net/http"
	"strings"
	"time"

	"causerie/internal/assets"
	"causerie/internal/core/delivery"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/view/today"
)

//go:embed *.tmpl *.json
var files embed.FS

// Bundle is the folder of these pages.
var Bundle = web.Bundle{Name: "todayweb", Side: web.Work, Files: files}

// Handler answers for these pages.
type Handler struct {
	view      *today.View
	steps     Steps
	local     func() string
	todayView *web.View[todayPage]
	moreView  *web.View[morePage]
}

// New returns the pages. local returns the address of the house when no stranger comes there, "" when they do.
func New(k *web.Kit, v *today.View, steps Steps, local func() string) *Handler {
	return &Handler{view: v, steps: steps, local: local, todayView: web.NewView[todayPage](k, Bundle, "today.tmpl", "work"),
		moreView: web.NewView[morePage](k, Bundle, "more.tmpl", "work")}
}

// Routes returns the addresses of these pages.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /app/{$}", Access: web.SignedIn, Handle: h.show},
		{Pattern: "POST /app/begin/{step}", Access: web.Owners, Handle: h.putAway},
		{Pattern: "GET /app/more", Access: web.SignedIn, Handle: h.more},
	}
}

// todayPage is what matters now.
type todayPage struct {
	web.Page
	today.Today
	Hello, Load string
	Works       bool // may write here, so that there is something to do
	Holds       bool // may hold all that leaves
	Waiting     []waiting
	Acts        []act
	Concerns    []concern
	Going       []going
	Owns        bool     // may set how mail leaves
	Blame       string   // what others say who refuse the house itself; "" mostly
	NoMail      string   // the key of why no mail leaves, where it matters; "" mostly
	Mails       []string // what became of today's deliveries
	Month       template.HTML
	Begin       []todo // what is left of the first hour
	Away        []todo // what was put away of it
	Behind      []todo // what is done
	Nowhere     string // the address of an open house where no stranger comes
}

type waiting struct {
	today.Waiting
	Face assets.Face
	Path string
	Late bool
}

type act struct {
	today.NextAct
	Face assets.Face
	Path string
	When string
}

type concern struct {
	today.Concern
	Face assets.Face
	Path string
}

type going struct {
	today.Going
	Path, When string
}

func (h *Handler) show(w http.ResponseWriter, r *web.Request) error {
	t, err := h.view.Get(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	d := todayPage{Today: t, Works: r.Actor().Anywhere() >= actor.Author, Holds: r.Actor().Anywhere() >= actor.Editor}
	d.greet(r)
	d.Tell = func(key string) string {
		if key == "account.reset.welcome" { // the first page of who was invited greets them by their name
			return r.T("today.welcome", r.Actor().Name)
		}
		return ""
	}
	if d.Works {
		d.list(r)
		d.Mails = deliveries(r, t.Leaving)
		d.Month = month(r, t.Month)
		d.Owns = r.Actor().On(0) >= actor.Owner
		if waits := t.Leaving.Held > 0 || !t.Begin.Done(); waits && t.Leaving.NoMail == delivery.LostKey {
			d.NoMail = "today.lost_key"
		} else if waits && t.Leaving.NoMail != "" {
			d.NoMail = "today.no_mail"
		}
		if d.Owns && t.Leaving.Blame.Times > 0 {
			d.Blame = t.Leaving.Blame.Code
		}
		d.begin(r)
		if t.Begin.Open {
			d.Nowhere = h.local()
		}
	}
	d.Title, d.Nav = r.T("today.title"), "today"
	return h.todayView.Render(w, r, http.StatusOK, d)
}

// much is how many things are no longer a matter of ten minutes.
const much = 12

// greet chooses the sentence by the hour and by what waits.
func (d *todayPage) greet(r *web.Request) {
	part := "morning"
	switch h := d.Local.Hour; {
	case h >= 18 || h < 4:
		part = "evening"
	case h >= 12:
		part = "afternoon"
	}
	first, _, _ := strings.Cut(strings.TrimSpace(r.Actor().Name), " ")
	if d.Hello = r.T("today.hello_" + part + "_bare"); first != "" {
		d.Hello = r.T("today.hello_"+part, first)
	}
	switch load := d.Today.Load(); {
	case !d.Works:
		d.Load = ""
	case load == 0 && !d.Today.Begin.Done():
		d.Load = r.T("today.load_begin")
	case load == 0:
		d.Load = r.T("today.load_none")
	case load <= much:
		d.Load = r.T("today.load_few_" + part)
	default:
		d.Load = r.T("today.load_many")
	}
}

func (d *todayPage) list(r *web.Request) {
	for _, m := range d.Today.Waiting {
		d.Waiting = append(d.Waiting, waiting{Waiting: m, Face: assets.FaceOf(m.Contact.String(), m.Name), Path: "/app/inbox/" + m.Message.String(),
			Late: m.Late(d.Now)})
	}
	for _, a := range d.Today.Acts {
		face := a.Name
		if face == "" {
			face = a.Title
		}
		d.Acts = append(d.Acts, act{NextAct: a, Face: assets.FaceOf(a.Contact.String(), face), Path: "/app/mandates/" + a.Mandate.String(),
			When: nearDay(r, a.On, d.Local.Day)})
	}
	for _, c := range d.Concerned.People {
		d.Concerns = append(d.Concerns, concern{Concern: c, Face: assets.FaceOf(c.Contact.String(), c.Name), Path: "/app/contacts/" + c.Contact.String()})
	}
	for _, g := range d.Scheduled {
		d.Going = append(d.Going, going{Going: g, Path: "/app/posts/" + g.Post.String(), When: nearDay(r, clock.DayOf(g.At, r.Zone()), d.Local.Day)})
	}
}

// nearDay names a day as one does: today, tomorrow, yesterday, Thursday, 24 November.
func nearDay(r *web.Request, on, now clock.Day) string {
	switch on {
	case now:
		return r.T("today.day_today")
	case now.Add(1):
		return r.T("today.day_tomorrow")
	case now.Add(-1):
		return r.T("today.day_yesterday")
	}
	if now.Before(on) && on.Before(now.Add(7)) {
		return i18n.WeekdayText(r.Lang(), on.Weekday())
	}
	return i18n.ShortDay(r.Lang(), on)
}

// deliveries says in sentences what became of what left today.
func deliveries(r *web.Request, l today.Leaving) []string {
	var said []string
	for _, s := range []struct {
		key string
		n   int
	}{{"today.sent", l.Sent}, {"today.queued", l.Queued}, {"today.refused", l.Refused}, {"today.uncertain", l.Uncertain}, {"today.held", l.Held}} {
		if s.n > 0 {
			said = append(said, r.T(s.key, s.n))
		}
	}
	return said
}

// month says in one breath what the month has brought; "" when it brought nothing yet.
func month(r *web.Request, m today.Month) template.HTML {
	var said []string
	if m.Requests > 0 {
		s := string(r.TH("today.requests", m.Requests))
		if m.Readers > 0 {
			s = string(r.TH("today.requests_known", m.Requests, string(r.TH("today.of_known", m.Readers, i18n.MonthText(r.Lang(), year(r, m.Since), monthOf(r, m.Since))))))
		}
		said = append(said, s)
	}
	if m.Won > 0 {
		s := r.TH("today.won", m.Won)
		if money := r.Amounts(m.Amounts); money != "" {
			s = r.TH("today.won_for", m.Won, money)
		}
		said = append(said, string(s))
	}
	return template.HTML(strings.Join(said, " ")) // made of TH alone
}

func year(r *web.Request, t time.Time) int { return clock.DayOf(t, r.Zone()).Year }

func monthOf(r *web.Request, t time.Time) time.Month { return clock.DayOf(t, r.Zone()).Month }

// morePage leads a telephone to the rest.
type morePage struct {
	web.Page
	Places []place
}

type place struct {
	Key, URL, Icon string
}

func (h *Handler) more(w http.ResponseWriter, r *web.Request) error {
	d := morePage{}
	if r.Actor().Anywhere() >= actor.Author {
		d.Places = []place{{"today.more_mandates", "/app/mandates", "briefcase"}, {"today.more_attribution", "/app/attribution", "heart-handshake"},
			{"today.more_posts", "/app/posts", "pen-line"}, {"today.more_files", "/app/media", "image"}, {"today.more_deliveries", "/app/deliveries", "send"}}
	}
	d.Places = append(d.Places, place{"today.more_settings", "/app/settings", "settings"}, place{"today.more_account", "/app/settings/account", "user"},
		place{"today.more_site", "/", "globe"})
	d.Title, d.Nav = r.T("today.more"), "more"
	return h.moreView.Render(w, r, http.StatusOK, d)
}
