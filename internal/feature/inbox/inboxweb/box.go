package inboxweb

import (
	"net/http"
	"net/url"
	"time"

	"causerie/internal/assets"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
	"causerie/internal/view/timeline"
)

// boxPage is the three panes.
type boxPage struct {
	web.Page
	Choice choice
	States []pill
	Kinds  []pill
	Items  []item
	Older  string
	Open   *open // on a desk the first of the list when none is chosen; nil when the list is empty
	Chosen bool  // the address names a conversation: on a phone it stands alone
}

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
	inbox.Message // the one that is answered
	Talk          []turn
	Person        *person
	From, To      string // how an answer would leave; To is "" when it only appears on the page
	Post          string // the address on the work side of the post, "" for a request
	Back          string // where the list is
}

// turn is one thing said in a conversation.
type turn struct {
	inbox.Message
	Me         bool
	Deliveries []sent
}

// sent is a delivery with the key of what to say of it.
type sent struct {
	delivery.Delivery
	Key string
}

type person struct {
	contact.Contact
	Face    assets.Face
	How     string
	Moments []timeline.Item
}

func (h *Handler) list(w http.ResponseWriter, r *web.Request) error {
	p, err := h.page(r)
	if err != nil {
		return err
	}
	if len(p.Items) > 0 {
		m, all, err := h.find(r, p.Items[0].ID)
		if err != nil {
			return err
		}
		if err := h.open(r, &p, m, all); err != nil {
			return err
		}
	}
	return h.box.Render(w, r, http.StatusOK, p)
}

// open shows the conversation of m beside the list.
func (h *Handler) open(r *web.Request, p *boxPage, m inbox.Message, all []inbox.Message) error {
	o, err := h.openOf(r, m, all)
	if err != nil {
		return err
	}
	o.Back = "/app/inbox" + p.Choice.query()
	p.Open = &o
	for i := range p.Items {
		p.Items[i].Current = p.Items[i].ID == m.ID
	}
	return nil
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
	m, all, err := h.find(r, id)
	if err != nil {
		return err
	}
	p, err := h.page(r)
	if err != nil {
		return err
	}
	if err := h.open(r, &p, m, all); err != nil {
		return err
	}
	p.Chosen, p.Form, p.Title = true, f, m.Name
	return h.box.Render(w, r, status, p)
}

// find returns the message of an address, or the last one that came in when the address names a conversation, with all of
// its conversation.
func (h *Handler) find(r *web.Request, id fact.MessageID) (m inbox.Message, all []inbox.Message, err error) {
	m, err = h.o.Inbox.Get(r.Context(), r.Actor(), id)
	thread := m.Conversation
	if fault.Is(err, fault.KindNotFound) {
		thread = fact.ConversationID(id)
	} else if err != nil {
		return m, nil, err
	}
	_, all, err = h.o.Inbox.Conversation(r.Context(), r.Actor(), thread)
	if err != nil {
		return m, nil, err
	}
	if m.Direction == inbox.In {
		return m, all, nil
	}
	want := m.Parent // of an answer, what it answers
	for _, other := range all {
		if other.Direction == inbox.In && (want.IsZero() || other.ID == want) {
			m = other
		}
	}
	if m.Direction != inbox.In {
		return m, nil, fault.NotFound("message")
	}
	return m, all, nil
}

// page makes the list.
func (h *Handler) page(r *web.Request) (boxPage, error) {
	q := r.URL.Query()
	c := choice{State: q.Get("state"), Kind: q.Get("kind"), Query: q.Get("q")}
	p := boxPage{Page: web.Page{Title: r.T("inbox.title"), Nav: "inbox"}, Choice: c}
	f := inbox.Filter{State: c.State, Kind: c.Kind, Query: c.Query, Cursor: q.Get("cursor")}
	switch {
	case c.State == "all", c.State == "" && c.Query != "":
		f.State = ""
	case c.State == "":
		f.State = inbox.Open
	}
	found, next, err := h.o.Inbox.List(r.Context(), r.Actor(), f)
	if err != nil {
		return p, err
	}
	counts, err := h.o.Inbox.Counts(r.Context(), r.Actor())
	if err != nil {
		return p, err
	}
	for _, m := range found {
		p.Items = append(p.Items, item{Message: m, URL: "/app/inbox/" + m.ID.String() + c.query(), Clip: text.Excerpt(text.Plain(m.Body), 140)})
	}
	if next != "" {
		p.Older = c.with("cursor", next)
	}
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
	return p, nil
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

// openOf gathers what stands in the two panes at the right.
func (h *Handler) openOf(r *web.Request, m inbox.Message, all []inbox.Message) (open, error) {
	o := open{Message: m}
	ids := make([]fact.MessageID, len(all))
	for i, x := range all {
		ids[i] = x.ID
	}
	left, err := h.o.Deliveries.OfMessages(r.Context(), r.Actor(), ids)
	if err != nil {
		return o, err
	}
	for _, x := range all {
		t := turn{Message: x, Me: x.Direction == inbox.Out}
		for _, d := range left[x.ID] {
			t.Deliveries = append(t.Deliveries, sent{d, sayKey(d)})
		}
		o.Talk = append(o.Talk, t)
	}
	if !m.Post.IsZero() {
		o.Post = "/app/posts/" + m.Post.String()
	}
	if o.From, err = h.o.Postman.From(r.Context(), m.Voice); err != nil {
		return o, err
	}
	if m.Contact.IsZero() {
		return o, nil
	}
	c, err := h.o.Contacts.Get(r.Context(), r.Actor(), m.Contact)
	if err != nil {
		return o, err
	}
	o.Person = &person{Contact: c, Face: assets.FaceOf(c.ID.String(), c.Label()), How: m.How}
	for _, handle := range c.Handles {
		if handle.ID == m.Handle && (m.Kind == inbox.KindRequest || m.Notify) {
			o.To = handle.Value
		}
	}
	if h.o.Timeline != nil {
		if o.Person.Moments, _, err = h.o.Timeline.List(r.Context(), r.Actor(), c.ID, 6, ""); err != nil {
			return o, err
		}
	}
	return o, nil
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

// MayApprove, MayAnswer and MayClose tell which gestures make sense.
func (o open) MayApprove() bool { return o.Moderation != inbox.Visible }

// MayAnswer reports whether the message can be answered.
func (o open) MayAnswer() bool { return o.Moderation == inbox.Visible || o.Moderation == inbox.Held }

// MayClose reports whether there is something to close.
func (o open) MayClose() bool { return o.State == inbox.Open }

// MayReopen reports whether the message can wait for an answer again.
func (o open) MayReopen() bool {
	return o.Moderation == inbox.Visible && o.Attention != inbox.Open
}
