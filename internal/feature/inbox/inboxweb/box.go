package inboxweb

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"causerie/internal/assets"
	"causerie/internal/channel/mailbox"
	"causerie/internal/channel/notice"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
	"causerie/internal/view/desk"
)

// boxPage is the three panes.
type boxPage struct {
	web.Page
	Choice choice
	States []pill
	Kinds  []pill
	Items  []item
	Older  string
	Keys   []keyAct
	Open   *open // on a desk the first of the list when none is chosen; nil when the list is empty
	Chosen bool  // the address names a conversation: on a phone it stands alone
}

// keyAct is a single key and what it does, once keys are switched on.
type keyAct struct{ Key, Does string }

var keys = []keyAct{{"j", "inbox.key.down"}, {"k", "inbox.key.up"}, {"o", "inbox.key.open"}, {"r", "inbox.key.answer"}, {"e", "inbox.key.close"}, {"/", "inbox.key.find"}}

// choice is what the list is filtered by, as the address says it.
type choice struct{ State, Kind, Query string }

// pill is one filter.
type pill struct {
	URL, Key string
	Count    string // "3", "99+", "" for none
	Current  bool
}

// item is one line of the list.
type item struct {
	inbox.Message
	URL     string
	Clip    string
	Current bool
}

// open is the conversation that one reads.
type open struct {
	*desk.Open
	Talk    []turn
	Person  *person
	Channel inbox.Channel
	Post    string      // the address on the work side of the post, "" for a request
	Back    string      // where the list is
	Judges  bool        // who looks may approve, remove and judge it
	Leaving []leaving   // answers that were sent and have not left
	Draft   inbox.Draft // what who looks typed and did not send; zero when nothing
	Done    bool        // it was just dealt with
	Next    string      // then the address of what waits next, "" when nothing does
}

// leaving is an answer that is about to leave.
type leaving struct {
	inbox.Draft
	HTML text.HTML
	Mine bool // who looks may take it back
	Late bool // its hour has passed: it waits, since all that leaves is held
}

// turn is one thing said in a conversation.
type turn struct {
	inbox.Message
	Me         bool
	Call       template.URL // where a press on the phone that they left leads; "" when there is none
	Deliveries []sent
}

// sent is a delivery with the key of what to say of it.
type sent struct {
	delivery.Delivery
	Key    string
	Notice string // the key of what it was, where it was no answer; else ""
}

// noticeKey is the key of what kind of mail left because of a message without being the answer.
func noticeKey(d delivery.Delivery) string {
	switch d.Kind {
	case mailbox.KindConfirmation, mailbox.KindReceipt, notice.KindNotice, notice.KindFollow:
		return "inbox.out.kind." + d.Kind
	}
	return ""
}

type person struct {
	desk.Person
	Face    assets.Face
	Handles []handle
}

// handle is a way to reach a person.
type handle struct {
	contact.Handle
	URL template.URL // where a press leads, "" for nowhere; tel: and mailto: are no addresses that templates trust of themselves
}

func (h *Handler) list(w http.ResponseWriter, r *web.Request) error {
	p, err := h.page(r, 0)
	if err != nil {
		return err
	}
	return h.box.Render(w, r, http.StatusOK, p)
}

func (h *Handler) show(w http.ResponseWriter, r *web.Request) error {
	return h.showWith(w, r, http.StatusOK, nil)
}

// showWith shows a conversation, with what was typed into the answer when f is not nil.
func (h *Handler) showWith(w http.ResponseWriter, r *web.Request, status int, f *web.Form) error {
	id, err := fact.Parse[fact.MessageID](r.PathValue("id"))
	if err != nil {
		return fault.NotFound("message")
	}
	p, err := h.page(r, id)
	if err != nil {
		return err
	}
	p.Chosen, p.Form, p.Title = true, f, p.Open.Name
	return h.box.Render(w, r, status, p)
}

// page reads the desk with the conversation of a message open, that of the first in the list when id is zero.
func (h *Handler) page(r *web.Request, id fact.MessageID) (boxPage, error) {
	q := r.URL.Query()
	c := choice{State: q.Get("state"), Kind: q.Get("kind"), Query: strings.TrimSpace(q.Get("q"))}
	p := boxPage{Page: web.Page{Title: r.T("inbox.title"), Nav: "inbox"}, Choice: c, Keys: keys}
	f := inbox.Filter{State: c.State, Kind: c.Kind, Query: c.Query, Cursor: q.Get("cursor")}
	switch {
	case c.State == "all", c.State == "" && c.Query != "":
		f.State = ""
	case c.State == "":
		f.State = inbox.Open
	}
	d, err := h.o.Desk.Read(r.Context(), r.Actor(), f, id)
	if err != nil {
		return p, err
	}
	for _, m := range d.List {
		p.Items = append(p.Items, item{Message: m, URL: "/app/inbox/" + m.ID.String() + c.query(), Clip: text.Opening(m.Body, 140),
			Current: d.Open != nil && m.ID == d.Open.ID})
	}
	if d.Next != "" {
		p.Older = c.with("cursor", d.Next)
	}
	p.pills(r, d.Counts)
	if d.Open != nil {
		p.Open = h.open(d.Open)
		if err := p.Open.typed(r); err != nil {
			return p, err
		}
		p.Open.Back, p.Open.Judges = "/app/inbox"+c.query(), d.Open.MayModerate(r.Actor())
		if p.Open.Done = q.Get("done") != "" && !id.IsZero(); p.Open.Done {
			if p.Open.Next, err = h.next(r, c.State, d.Open.Message); err != nil {
				return p, err
			}
		}
	}
	return p, nil
}

// pills makes the filters above the list.
func (p *boxPage) pills(r *web.Request, counts inbox.Counts) {
	c := p.Choice
	for _, state := range []struct {
		name, key string
		n         int
	}{{"", "inbox.open", counts.Open}, {inbox.Held, "inbox.held", counts.Held}, {inbox.Answered, "inbox.answered", 0},
		{inbox.Closed, "inbox.closed", 0}, {inbox.Spam, "inbox.spam", 0}, {"all", "inbox.all", 0}} {
		p.States = append(p.States, pill{URL: "/app/inbox" + choice{state.name, c.Kind, c.Query}.query(), Key: state.key, Count: few(r, state.n),
			Current: c.State == state.name || c.State == inbox.Open && state.name == ""})
	}
	for _, kind := range []struct{ name, key string }{{"", "inbox.kinds"}, {inbox.KindComment, "inbox.comments"}, {inbox.KindRequest, "inbox.requests"}} {
		p.Kinds = append(p.Kinds, pill{URL: "/app/inbox" + choice{c.State, kind.name, c.Query}.query(), Key: kind.key, Current: c.Kind == kind.name})
	}
}

// open makes what stands in the two panes at the right.
func (h *Handler) open(d *desk.Open) *open {
	o := &open{Open: d, Channel: h.o.Inbox.Channel(d.Channel)}
	for _, said := range d.Talk {
		t := turn{Message: said.Message, Call: template.URL(said.Call), Me: said.Direction == inbox.Out}
		for _, left := range said.Deliveries {
			t.Deliveries = append(t.Deliveries, sent{left, sayKey(left), noticeKey(left)})
		}
		o.Talk = append(o.Talk, t)
	}
	if !d.Post.IsZero() {
		o.Post = "/app/posts/" + d.Post.String()
	}
	if d.Person != nil {
		o.Person = &person{Person: *d.Person, Face: assets.FaceOf(d.Person.ID.String(), d.Person.Label())}
		for _, known := range d.Person.Handles {
			o.Person.Handles = append(o.Person.Handles, handle{known, template.URL(h.o.Contacts.Link(known))})
		}
	}
	return o
}

// typed parts what was typed as an answer: what leaves stands in the thread, what is not sent in the box.
func (o *open) typed(r *web.Request) error {
	for _, d := range o.Drafts {
		mine := d.Account == fact.AccountID(r.Actor().Account)
		if !d.Leaving() {
			o.Draft = d // there is one of a person
			continue
		}
		html, err := inbox.Preview(r.Context(), o.Message, d.Body)
		if err != nil {
			return err
		}
		o.Leaving = append(o.Leaving, leaving{Draft: d, HTML: html, Mine: mine, Late: r.Now().Sub(d.SendAt) > 5*time.Second})
	}
	return nil
}

// UnderWay reports whether something of the conversation is about to leave, or leaves now: the page looks again until it is over.
func (o open) UnderWay() bool {
	for _, l := range o.Leaving {
		if !l.Late {
			return true
		}
	}
	for _, t := range o.Talk {
		for _, d := range t.Deliveries {
			if d.State == delivery.Queued || d.State == delivery.Sending {
				return true
			}
		}
	}
	return false
}

// few writes a count that was counted to 100.
func few(r *web.Request, n int) string {
	switch {
	case n == 0:
		return ""
	case n > 99:
		return r.T("inbox.many")
	}
	return r.T("inbox.some", n)
}

func (c choice) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"state": c.State, "kind": c.Kind, "q": c.Query} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// query returns c as the query of an address, with its question mark; "" when it chooses nothing.
func (c choice) query() string {
	if v := c.values(); len(v) > 0 {
		return "?" + v.Encode()
	}
	return ""
}

func (c choice) with(name, value string) string {
	v := c.values()
	v.Set(name, value)
	return "/app/inbox?" + v.Encode()
}

// sayKey returns the key of the sentence that says what became of a delivery.
func sayKey(d delivery.Delivery) string {
	key := "inbox.out." + d.State
	if d.State == delivery.Held {
		key += "." + d.Reason
	}
	return key
}

// Late reports whether an open message has waited for more than a day.
func (i item) Late(now time.Time) bool { return i.State == inbox.Open && now.Sub(i.At) > 24*time.Hour }

// LeavesKey is the key of the sentence that says how an answer leaves: alone, or besides appearing on the page.
func (o open) LeavesKey() string {
	if o.Private() {
		return "inbox.leaves." + o.Reach.Way
	}
	return "inbox.leaves." + o.Reach.Way + "_too"
}

// ApproveKey is the key of the action that lets the message in: what is private appears nowhere, and is only not spam.
func (o open) ApproveKey() string {
	if o.Private() || o.Moderation == inbox.Spam {
		return "inbox.do.not_spam"
	}
	return "inbox.do.approve"
}

// MayApprove, MaySpam, MayRemove, MayAnswer and MayClose tell which actions make sense, and are open to who looks.
func (o open) MayApprove() bool { return o.Judges && o.Moderation != inbox.Visible }

// MaySpam reports whether the message can be judged spam.
func (o open) MaySpam() bool { return o.Judges && o.Moderation != inbox.Spam }

// MayRemove reports whether the message can be taken away.
func (o open) MayRemove() bool { return o.Judges && o.Moderation != inbox.Removed }

// MayAnswer reports whether the message can be answered. What is held is approved by an answer.
func (o open) MayAnswer() bool {
	return o.Moderation == inbox.Visible || o.Judges && o.Moderation == inbox.Held
}

// MayClose reports whether there is something to close.
func (o open) MayClose() bool { return o.State == inbox.Open }

// MayReopen reports whether the message can wait for an answer again.
func (o open) MayReopen() bool {
	return o.Moderation == inbox.Visible && o.Attention != inbox.Open
}
