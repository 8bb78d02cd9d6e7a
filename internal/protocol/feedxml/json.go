package feedxml

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

type jsonAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type jsonHub struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	Home        string       `json:"home_page_url"`
	Self        string       `json:"feed_url"`
	Description string       `json:"description,omitempty"`
	Next        string       `json:"next_url,omitempty"`
	Icon        string       `json:"icon,omitempty"`
	Authors     []jsonAuthor `json:"authors,omitempty"`
	Lang        string       `json:"language,omitempty"`
	Hubs        []jsonHub    `json:"hubs,omitempty"`
}

type jsonAttachment struct {
	URL  string `json:"url"`
	Type string `json:"mime_type"`
	Size int64  `json:"size_in_bytes,omitempty"`
}

type jsonItem struct {
	ID          string           `json:"id"`
	URL         string           `json:"url,omitempty"`
	Title       string           `json:"title,omitempty"`
	ContentHTML *string          `json:"content_html,omitempty"`
	ContentText *string          `json:"content_text,omitempty"`
	Summary     string           `json:"summary,omitempty"`
	Image       string           `json:"image,omitempty"`
	Published   string           `json:"date_published,omitempty"`
	Modified    string           `json:"date_modified,omitempty"`
	Authors     []jsonAuthor     `json:"authors,omitempty"`
	Tags        []string         `json:"tags,omitempty"`
	Lang        string           `json:"language,omitempty"`
	Attachments []jsonAttachment `json:"attachments,omitempty"`
}

// WriteJSON writes f as JSON Feed 1.1, one entry a line. It returns an error when an address that only the program sets
// is missing, or when w fails.
func WriteJSON(w io.Writer, f Feed) error {
	p, err := prepare(f)
	if err != nil {
		return err
	}
	head := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1",
		Title:   p.Title, Home: p.Home, Self: p.Self, Next: p.Next, Icon: p.Icon, Lang: p.Lang,
		Authors: p.jsonAuthors([]Person{p.Author}),
	}
	if p.Description != p.Title {
		head.Description = p.Description
	}
	if p.Hub != "" {
		head.Hubs = []jsonHub{{"WebSub", p.Hub}}
	}
	b, err := encode(head)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 16<<10)
	out.Write(b[:len(b)-1]) // all but the closing brace
	out.WriteString(",\"items\":[")
	for i, e := range p.Entries {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
		b, err := encode(p.jsonItem(e))
		if err != nil {
			return err
		}
		out.Write(b)
	}
	out.WriteString("\n]}\n")
	return out.Flush()
}

func (p *prepared) jsonItem(e Entry) jsonItem {
	it := jsonItem{
		ID: e.ID, URL: e.URL, Title: either(e.Title, ""), Summary: either(e.Summary, ""), Image: e.Image,
		Modified: rfc3339(e.Updated), Authors: p.jsonAuthors(e.Authors), Tags: tags(e),
	}
	if e.Lang != p.Lang {
		it.Lang = e.Lang
	}
	if !e.Published.IsZero() {
		it.Published = rfc3339(e.Published)
	}
	// One of the two contents must be there.
	if content := p.content(e); content != "" {
		it.ContentHTML = &content
	} else {
		text := either(e.Summary, "")
		it.ContentText = &text
	}
	if e.Image != "" && e.ImageType != "" {
		it.Attachments = []jsonAttachment{{e.Image, e.ImageType, max(e.ImageLength, 0)}}
	}
	if e.Sound != "" {
		it.Attachments = append(it.Attachments, jsonAttachment{e.Sound, e.SoundType, max(e.SoundLength, 0)})
	}
	return it
}

func (p *prepared) jsonAuthors(people []Person) []jsonAuthor {
	var out []jsonAuthor
	for _, a := range named(people) {
		out = append(out, jsonAuthor{a.Name, p.abs(a.URL)})
	}
	return out
}

// encode is json.Marshal that leaves <, > and & readable.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("feedxml: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
