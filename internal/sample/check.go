package sample

import (
	"errors"
	"fmt"
	"time"
)

// check makes sure that every key is unique in its list and that every reference resolves.
func (d *Data) check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("sample: "+format, args...)) }

	keys := func(list string, n int, key func(int) string) map[string]bool {
		seen := make(map[string]bool, n)
		for i := range n {
			k := key(i)
			if k == "" || seen[k] {
				bad("%s: key %q is empty or taken", list, k)
			}
			seen[k] = true
		}
		return seen
	}
	voices := keys("voices", len(d.Voices), func(i int) string { return d.Voices[i].Key })
	sections := keys("sections", len(d.Sections), func(i int) string { return d.Sections[i].Voice + "/" + d.Sections[i].Key })
	columns := keys("columns", len(d.Columns), func(i int) string { return d.Columns[i].Voice + "/" + d.Columns[i].Key })
	posts := keys("posts", len(d.Posts), func(i int) string { return d.Posts[i].Key })
	contacts := keys("contacts", len(d.Contacts), func(i int) string { return d.Contacts[i].Key })
	requests := keys("requests", len(d.Requests), func(i int) string { return d.Requests[i].Key })
	pictures := keys("pictures", len(d.Pictures), func(i int) string { return d.Pictures[i].Key })
	keys("mandates", len(d.Mandates), func(i int) string { return d.Mandates[i].Key })

	need := func(have map[string]bool, key, where string) {
		if !have[key] {
			bad("%s: names %q, which is nothing", where, key)
		}
	}
	may := func(have map[string]bool, key, where string) {
		if key != "" {
			need(have, key, where)
		}
	}
	for _, v := range d.Voices {
		need(pictures, v.Portrait, "voice "+v.Key)
	}
	for _, s := range d.Sections {
		need(voices, s.Voice, "section "+s.Key)
	}
	for _, c := range d.Columns {
		need(voices, c.Voice, "column "+c.Key)
	}
	for _, p := range d.Posts {
		at := "post " + p.Key
		need(voices, p.Voice, at)
		may(pictures, p.Cover, at)
		if p.Section != "" {
			need(sections, p.Voice+"/"+p.Section, at)
		}
		if p.Column != "" {
			need(columns, p.Voice+"/"+p.Column, at)
		}
	}
	for _, c := range d.Contacts {
		may(contacts, c.ReferredBy, "contact "+c.Key)
		may(voices, c.Letter, "contact "+c.Key)
	}
	comments := map[string]string{}
	for _, c := range d.Comments {
		at := "comment " + c.Key
		need(posts, c.Post, at)
		may(contacts, c.Contact, at)
		may(voices, c.Voice, at)
		if c.Parent != "" && comments[c.Parent] != c.Post {
			bad("%s: its parent %q does not come before it under the same post", at, c.Parent)
		}
		if _, taken := comments[c.Key]; taken || c.Key == "" {
			bad("comments: key %q is empty or taken", c.Key)
		}
		comments[c.Key] = c.Post
	}
	for _, r := range d.Requests {
		need(contacts, r.Contact, "request "+r.Key)
		need(voices, r.Voice, "request "+r.Key)
	}
	for _, m := range d.Mandates {
		need(contacts, m.Contact, "mandate "+m.Key)
		may(requests, m.Request, "mandate "+m.Key)
	}
	return errors.Join(errs...)
}

// CommentAt returns the instant of each comment, by key. Comments keep their order under their post; where the talk
// under a fresh post would run past now, the whole of it is squeezed between the post and now.
func (d *Data) CommentAt(now time.Time, zone *time.Location) map[string]time.Time {
	posted := map[string]time.Time{}
	for _, p := range d.Posts {
		posted[p.Key] = p.At.At(now, zone)
	}
	last := map[string]time.Time{}
	for _, c := range d.Comments {
		if t := c.After.After(posted[c.Post], zone); t.After(last[c.Post]) {
			last[c.Post] = t
		}
	}
	at := make(map[string]time.Time, len(d.Comments))
	for _, c := range d.Comments {
		start, end := posted[c.Post], last[c.Post]
		t := c.After.After(start, zone)
		if room := now.Sub(start) - now.Sub(start)/20; end.After(now) {
			t = start.Add(time.Duration(float64(t.Sub(start)) / float64(end.Sub(start)) * float64(room)))
		}
		at[c.Key] = t
	}
	return at
}
