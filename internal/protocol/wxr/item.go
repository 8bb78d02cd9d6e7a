package wxr

import (
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (p *parser) author() error {
	p.size = 0
	var a Author
	var id string
	err := p.fields(map[string]*string{
		"wp:author_id": &id, "wp:author_login": &a.Login, "wp:author_email": &a.Email,
		"wp:author_display_name": &a.DisplayName, "wp:author_first_name": &a.FirstName, "wp:author_last_name": &a.LastName,
	})
	if err != nil {
		return err
	}
	a.ID = number(id)
	return p.tell(a)
}

func (p *parser) term(element string) error {
	p.size = 0
	var t Term
	var id string
	err := p.fields(map[string]*string{
		"wp:term_id":           &id,
		"wp:category_nicename": &t.Nicename, "wp:category_parent": &t.Parent, "wp:cat_name": &t.Name, "wp:category_description": &t.Description,
		"wp:tag_slug": &t.Nicename, "wp:tag_name": &t.Name, "wp:tag_description": &t.Description,
		"wp:term_taxonomy": &t.Taxonomy, "wp:term_slug": &t.Nicename, "wp:term_parent": &t.Parent, "wp:term_name": &t.Name,
		"wp:term_description": &t.Description,
	})
	if err != nil {
		return err
	}
	switch element {
	case "wp:category":
		t.Taxonomy = "category"
	case "wp:tag":
		t.Taxonomy = "post_tag"
	}
	t.ID = number(id)
	t.Name = strings.TrimSpace(t.Name)
	return p.tell(t)
}

func (p *parser) readItem() error {
	p.size = 0
	it := &Item{}
	p.item = it
	var id, pub, date, gmt, modified, modifiedGMT, parent, order, sticky string
	texts := map[string]*string{
		"title": &it.Title, "link": &it.Link, "guid": &it.GUID, "pubDate": &pub, "dc:creator": &it.Creator,
		"content:encoded": &it.Content, "excerpt:encoded": &it.Excerpt,
		"wp:post_name": &it.Slug, "wp:post_type": &it.Type, "wp:status": &it.Status, "wp:post_password": &it.Password,
		"wp:post_date": &date, "wp:post_date_gmt": &gmt, "wp:post_modified": &modified, "wp:post_modified_gmt": &modifiedGMT,
		"wp:post_parent": &parent, "wp:menu_order": &order, "wp:is_sticky": &sticky,
		"wp:comment_status": &it.CommentStatus, "wp:attachment_url": &it.AttachmentURL,
	}
	err := p.children(func(name string, start xml.StartElement) error {
		switch name {
		case "wp:post_id":
			err := p.text(&id)
			it.ID = number(id)
			return err
		case "category":
			return p.termRef(start)
		case "wp:postmeta":
			return p.meta()
		case "wp:comment":
			return p.comment()
		}
		if s := texts[name]; s != nil {
			return p.text(s)
		}
		return p.skip()
	})
	if err != nil {
		return err
	}
	for _, s := range []*string{&it.Title, &it.Link, &it.GUID, &it.Slug, &it.Type, &it.Status, &it.Creator, &it.AttachmentURL, &it.CommentStatus, &it.Password} {
		*s = strings.TrimSpace(*s)
	}
	it.PubDate, it.PostDate, it.PostDateGMT = mailDate(pub), sqlDate(date), sqlDate(gmt)
	it.Modified = sqlDate(modifiedGMT)
	if it.Modified.IsZero() {
		it.Modified = sqlDate(modified)
		if !it.PostDate.IsZero() && !it.PostDateGMT.IsZero() && !it.Modified.IsZero() {
			it.Modified = it.Modified.Add(it.PostDateGMT.Sub(it.PostDate)) // the site's offset on that day
		}
	}
	it.Parent, it.MenuOrder, it.Sticky = number(parent), int(number(order)), number(sticky) == 1
	p.item = nil
	return p.tell(*it)
}

// termRef reads <category domain="post_tag" nicename="x">X</category>. WXR 1.0 repeats each one without attributes.
func (p *parser) termRef(start xml.StartElement) error {
	ref := TermRef{}
	for _, a := range start.Attr {
		switch a.Name.Local {
		case "domain":
			ref.Domain = a.Value
		case "nicename":
			ref.Nicename = a.Value
		}
	}
	if err := p.text(&ref.Name); err != nil {
		return err
	}
	if p.size += 64 + len(ref.Domain) + len(ref.Nicename); p.size > MaxItem {
		return errTooLong
	}
	ref.Name = strings.TrimSpace(ref.Name)
	switch ref.Domain {
	case "":
		ref.Domain = "category"
	case "tag":
		ref.Domain = "post_tag"
	}
	again := slices.ContainsFunc(p.item.Terms, func(t TermRef) bool {
		return t.Domain == ref.Domain && (t.Nicename == ref.Nicename || ref.Nicename == "" && t.Name == ref.Name) ||
			ref.Nicename == "" && t.Name == ref.Name
	})
	if !again && (ref.Name != "" || ref.Nicename != "") && len(p.item.Terms) < maxTerms {
		p.item.Terms = append(p.item.Terms, ref)
	}
	return nil
}

// maxTerms bounds what comparing each term with the others costs; no real post has so many.
const maxTerms = 1000

func (p *parser) meta() error {
	var key, value string
	if err := p.fields(map[string]*string{"wp:meta_key": &key, "wp:meta_value": &value}); err != nil {
		return err
	}
	if p.size += 64; p.size > MaxItem { // what an empty pair costs
		return errTooLong
	}
	key = strings.TrimSpace(key)
	if p.item.Meta == nil {
		p.item.Meta = map[string][]string{}
	}
	p.item.Meta[key] = append(p.item.Meta[key], value)
	return nil
}

func (p *parser) comment() error {
	var c Comment
	var id, date, gmt, parent, user string
	err := p.fields(map[string]*string{
		"wp:comment_id": &id, "wp:comment_author": &c.Author, "wp:comment_author_email": &c.Email, "wp:comment_author_url": &c.URL,
		"wp:comment_date": &date, "wp:comment_date_gmt": &gmt, "wp:comment_content": &c.Content, "wp:comment_approved": &c.Approved,
		"wp:comment_type": &c.Type, "wp:comment_parent": &parent, "wp:comment_user_id": &user,
	})
	if err != nil {
		return err
	}
	if p.size += 256; p.size > MaxItem { // what an empty comment costs
		return errTooLong
	}
	c.ID, c.Parent, c.UserID = number(id), number(parent), number(user)
	if c.Date = sqlDate(gmt); c.Date.IsZero() {
		c.Date = sqlDate(date)
	}
	for _, s := range []*string{&c.Author, &c.Email, &c.URL, &c.Approved, &c.Type} {
		*s = strings.TrimSpace(*s)
	}
	p.item.Comments = append(p.item.Comments, c)
	return nil
}

// number reads a whole number, 0 when it is none.
func number(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// sqlDate reads MySQL's "2006-01-02 15:04:05"; its zero date "0000-00-00 00:00:00" is no date.
func sqlDate(s string) time.Time {
	t, err := time.Parse(time.DateTime, strings.TrimSpace(s))
	if err != nil || t.Year() < 1 {
		return time.Time{}
	}
	return t
}

// mailDate reads the date of RSS. PHP writes the zero date as "Wed, 30 Nov -0001 00:00:00 +0000", or as the first second of 1970,
// which are none.
func mailDate(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC1123Z, time.RFC1123, "Mon, _2 Jan 2006 15:04:05 -0700"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 1 && t.Unix() != 0 {
			return t.UTC()
		}
	}
	return time.Time{}
}
