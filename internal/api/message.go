package api

import (
	"net/http"
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
)

type messageJSON struct {
	ID           string     `json:"id"`
	Conversation string     `json:"conversation_id"`
	Direction    string     `json:"direction" enum:"in,out"`
	Channel      string     `json:"channel" doc:"how it came, or went: site, mail, wordpress, or another channel"`
	Kind         string     `json:"kind" enum:"comment,request,answer,pingback,trackback"`
	State        string     `json:"state" enum:"open,answered,closed,held,spam"`
	Reason       *string    `json:"reason" doc:"why it is held: first, links, unconfirmed..."`
	Contact      *string    `json:"contact" doc:"id"`
	Voice        *string    `json:"voice" doc:"slug"`
	Post         *string    `json:"post" doc:"id"`
	Parent       *string    `json:"parent" doc:"id of the message that it answers"`
	Subject      string     `json:"subject"`
	Name         string     `json:"name" doc:"as the writer signed"`
	Body         string     `json:"body" doc:"Markdown"`
	Lang         string     `json:"lang"`
	How          string     `json:"how" doc:"what they said brought them"`
	Phone        *string    `json:"phone" doc:"where the writer of a request may be called, as they wrote it"`
	URL          *string    `json:"url" doc:"of a pingback or an imported comment"`
	Notify       bool       `json:"notify" doc:"the writer wants the answer by mail"`
	At           *time.Time `json:"at"`
}

type messagesInput struct {
	ListInput
	State   string `query:"state" enum:"open,answered,closed,held,spam"`
	Kind    string `query:"kind" enum:"comment,request,pingback,trackback"`
	Post    string `query:"post" doc:"id"`
	Contact string `query:"contact" doc:"id"`
	Q       string `query:"q" doc:"words"`
}

type answerBody struct {
	Body opt[string] `json:"body,omitempty" doc:"Markdown"`
}

func (a *API) messageRoutes(r *register) {
	read(r, "/messages", "listMessages", a.listMessages)
	read(r, "/messages/{id}", "getMessage", func(c *call, in *oneInput) (messageJSON, error) {
		id, err := parse[fact.MessageID]("message", in.ID)
		if err != nil {
			return messageJSON{}, err
		}
		return a.getMessage(c, id)
	})
	write(r, http.MethodPost, "/messages/{id}/answer", "answerMessage", http.StatusCreated, a.answerMessage)
	for _, action := range []struct {
		name, id string
		do       func(c *call, id fact.MessageID) error
	}{
		{"approve", "approveMessage", func(c *call, id fact.MessageID) error { return a.Inbox.Approve(c.ctx, c.by, id) }},
		{"close", "closeMessage", func(c *call, id fact.MessageID) error { return a.Inbox.Close(c.ctx, c.by, id) }},
		{"reopen", "reopenMessage", func(c *call, id fact.MessageID) error { return a.Inbox.Reopen(c.ctx, c.by, id) }},
		{"spam", "judgeMessageSpam", func(c *call, id fact.MessageID) error { return a.Inbox.Spam(c.ctx, c.by, id) }},
	} {
		act(r, http.MethodPost, "/messages/{id}/"+action.name, action.id, http.StatusOK, func(c *call, in *oneInput) (messageJSON, error) {
			id, err := parse[fact.MessageID]("message", in.ID)
			if err == nil {
				err = action.do(c, id)
			}
			if err != nil {
				return messageJSON{}, err
			}
			return a.getMessage(c, id)
		})
	}
}

func (a *API) listMessages(c *call, in *messagesInput) (page[messageJSON], error) {
	n, err := in.size()
	if err != nil {
		return page[messageJSON]{}, err
	}
	err = oneOf("state", in.State, inbox.Open, inbox.Answered, inbox.Closed, inbox.Held, inbox.Spam)
	if err == nil {
		err = oneOf("kind", in.Kind, inbox.KindComment, inbox.KindRequest, inbox.KindPingback, inbox.KindTrackback)
	}
	if err != nil {
		return page[messageJSON]{}, err
	}
	f := inbox.Filter{State: in.State, Kind: in.Kind, Query: words(in.Q), Cursor: in.Cursor, Limit: n}
	if f.Post, err = parseParam[fact.PostID]("post", in.Post); err != nil {
		return page[messageJSON]{}, err
	}
	if f.Contact, err = parseParam[fact.ContactID]("contact", in.Contact); err != nil {
		return page[messageJSON]{}, err
	}
	found, next, err := a.Inbox.List(c.ctx, c.by, f)
	if err != nil {
		return page[messageJSON]{}, err
	}
	k, err := a.knownVoices(c)
	return newPage(found, next, func(m inbox.Message) messageJSON { return showMessage(k, m) }), err
}

func (a *API) getMessage(c *call, id fact.MessageID) (messageJSON, error) {
	m, err := a.Inbox.Get(c.ctx, c.by, id)
	if err != nil {
		return messageJSON{}, err
	}
	k, err := a.knownVoices(c)
	return showMessage(k, m), err
}

// answerMessage answers. The inbox takes the same answer given twice in a row for one: an interrupted run of the request is
// not repeated.
func (a *API) answerMessage(c *call, in *oneInput, b *answerBody) (messageJSON, error) {
	id, err := parse[fact.MessageID]("message", in.ID)
	if err != nil {
		return messageJSON{}, err
	}
	m, err := a.Inbox.Answer(c.ctx, c.by, id, b.Body.V)
	if err != nil {
		return messageJSON{}, err
	}
	k, err := a.knownVoices(c)
	return showMessage(k, m), err
}

func showMessage(k voices, m inbox.Message) messageJSON {
	return messageJSON{
		ID: m.ID.String(), Conversation: m.Conversation.String(), Direction: m.Direction, Channel: m.Channel, Kind: m.Kind, State: m.State,
		Reason: orNull(m.Reason), Contact: orNull(m.Contact.String()), Voice: k.slug(m.Voice), Post: orNull(m.Post.String()),
		Parent: orNull(m.Parent.String()), Subject: m.Subject, Name: m.Name, Body: m.Body, Lang: m.Lang, How: m.How, Phone: orNull(m.Phone), URL: orNull(m.URL),
		Notify: m.Notify, At: instant(m.At),
	}
}
