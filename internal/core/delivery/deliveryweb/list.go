package deliveryweb

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/delivery"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/view/outgoing"
)

// listPage is « Envois ».
type listPage struct {
	web.Page
	States []state
	State  string
	Items  []item
	Older  string
	Held   bool // all that leaves is held
	Moving bool // something leaves just now
	NoMail bool // nobody carries mail, and mails wait for it
	Editor bool
	Owner  bool
}

type state struct {
	Name, URL string
	Current   bool
}

// item is one thing that leaves: a post, an answer, or else a mail.
type item struct {
	Post   *going
	Answer *answer
	Letter *toMany
	Mail   *letter
}

// toMany is a letter of which something has not left, in words.
type toMany struct {
	newsletter.Leaving
	Path, VoiceName string
	Name            string // "" for a digest
	Rhythm          string // of a digest
	Release         bool   // who looks may let it go
}

// answer is an answer that has not left, in words.
type answer struct {
	outgoing.Answer
	VoiceName string
	Late      bool // its hour has passed: it waits
}

// going is a scheduled post, in words.
type going struct {
	outgoing.Going
	Path         string
	VoiceName    string
	Way          string // where it appears
	Change       bool   // who looks may take it back
	Release      bool   // who looks may let it go
	Late         bool   // its hour has passed
	UntilRelease bool   // it waits although its hour has not come
}

// letter is one delivery, in words.
type letter struct {
	delivery.Delivery
	Say       string // what became of it
	Why       string // the reason, when there is more to say than that
	Again     string // when it is tried again
	By        string // the channel
	What      string // the kind
	For       string // the purpose
	VoiceName string // "" is the house
}

// shown are the states that one filters by, "" for all that is to leave.
var shown = []string{"", delivery.Held, delivery.Deferred, delivery.Sent, delivery.Refused, delivery.Uncertain, delivery.Cancelled}

func (h *Handler) list(w http.ResponseWriter, r *web.Request) error {
	q := r.URL.Query()
	p := listPage{Page: web.Page{Title: r.T("delivery.title"), Nav: "deliveries"}, State: q.Get("state")}
	if !slices.Contains(delivery.States(), p.State) {
		p.State = "" // an address that somebody made up
	}
	p.Editor, p.Owner = r.Actor().On(0) >= actor.Editor, r.Actor().On(0) >= actor.Owner
	for _, name := range shown {
		s := state{Name: name, URL: "/app/deliveries", Current: name == p.State}
		if name != "" {
			s.URL += "?state=" + name
		}
		p.States = append(p.States, s)
	}
	found, err := h.o.Outgoing.List(r.Context(), r.Actor(), outgoing.Filter{State: p.State, Cursor: q.Get("cursor")})
	if err != nil {
		return err
	}
	voices, err := h.o.Voices.List(r.Context())
	if err != nil {
		return err
	}
	byID := map[fact.VoiceID]voice.Voice{}
	for _, v := range voices {
		byID[v.ID] = v
	}
	p.Held = found.Held
	for _, i := range found.Items {
		if i.Post != nil {
			p.Items = append(p.Items, item{Post: describePost(r, *i.Post, byID[i.Post.Voice])})
			continue
		}
		if i.Answer != nil {
			a := answer{*i.Answer, byID[i.Answer.Voice].Name, r.Now().Sub(i.Answer.At) > 5*time.Second}
			p.Moving = p.Moving || !a.Late
			p.Items = append(p.Items, item{Answer: &a})
			continue
		}
		if l := i.Letter; l != nil {
			d := toMany{Leaving: *l, Path: "/app/letters/" + l.ID.String(), VoiceName: byID[l.Letter.Voice].Name, Name: l.Title, Release: l.MayRelease(r.Actor())}
			if rhythm, _, is := l.DigestOf(); is {
				d.Name, d.Rhythm = "", rhythm
			}
			p.Moving = p.Moving || l.N > l.Held && l.State == newsletter.Sending
			p.Items = append(p.Items, item{Letter: &d})
			continue
		}
		p.Moving = p.Moving || i.Mail.State == delivery.Queued || i.Mail.State == delivery.Sending
		p.NoMail = p.NoMail || i.Mail.State == delivery.Held && (i.Mail.Reason == delivery.NoRelay || i.Mail.Reason == delivery.LostKey)
		p.Items = append(p.Items, item{Mail: h.describe(r, *i.Mail, byID[i.Mail.Voice].Name)})
	}
	if found.Next != "" {
		p.Older = "/app/deliveries?" + url.Values{"state": {p.State}, "cursor": {found.Next}}.Encode()
	}
	return h.lists.Render(w, r, http.StatusOK, p)
}

func describePost(r *web.Request, g outgoing.Going, v voice.Voice) *going {
	d := going{Going: g, Path: "/app/posts/" + g.ID.String(), VoiceName: v.Name, Change: g.MayChange(r.Actor()), Release: g.MayRelease(r.Actor()),
		Late: !g.At.After(r.Now())}
	switch k, _ := post.KindNamed(g.Kind); {
	case !v.Public():
		d.Way = r.T("delivery.way.internal")
	case k.InFeeds && g.Letter:
		d.Way = r.T("delivery.way.letter")
	case k.InFeeds:
		d.Way = r.T("delivery.way.feeds")
	default:
		d.Way = r.T("delivery.way.site")
	}
	d.UntilRelease = g.Held && !d.Late
	return &d
}

// describe puts a delivery into words. A channel, kind, purpose or reason of a package that brought no words for it is
// shown by its key.
func (h *Handler) describe(r *web.Request, d delivery.Delivery, voiceName string) *letter {
	words := func(prefix, key string) string {
		if key == "" || !h.o.Kit.Catalog().Has(r.Lang(), prefix+key) {
			return key
		}
		return r.T(prefix + key)
	}
	say := "delivery.say." + d.State
	if d.State == delivery.Held {
		say += "." + d.Reason
	}
	m := letter{
		Delivery: d, Say: words("", say), By: words("delivery.channel.", d.Channel), What: words("delivery.kind.", d.Kind),
		For: words("delivery.purpose.", d.Purpose), VoiceName: voiceName,
	}
	if d.State != delivery.Held && d.Reason != "" {
		m.Why = words("delivery.reason.", d.Reason)
	}
	if d.State == delivery.Deferred && !d.DueAt.IsZero() {
		m.Again = r.T("delivery.say.again", i18n.Soon(r.Lang(), d.DueAt, r.Now(), r.Zone()))
	}
	return &m
}
