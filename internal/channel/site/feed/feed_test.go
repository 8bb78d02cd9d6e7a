package feed_test

import (
	"fmt"
	"testing"
	"time"

	"causerie/internal/channel/site/feed"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
)

var noon = time.Date(2026, 11, 16, 12, 0, 0, 0, time.UTC)

func list(posts ...post.Public) feed.List {
	abs := func(path string) string { return "https://aubin.example" + path }
	return feed.List{Voice: voice.Voice{Name: "Claire Aubin"}, Title: "Claire Aubin", Home: abs("/"), Self: abs("/feed.xml"), VoiceURL: abs("/"),
		Posts: posts, Address: func(p post.Public) string { return abs("/" + p.Slug) }, House: abs,
		CommentsFeed: func(p post.Public) string { return abs("/" + p.Slug + "/feed.xml") }}
}

func TestAnEntryKeepsItsNameWhateverIsRenamed(t *testing.T) {
	t.Parallel()
	p := post.Public{ID: fact.New[fact.PostID](noon), Input: post.Input{Slug: "bois", Title: "Bois"}, PublishedAt: noon, AuthorName: "Invitée"}
	before := feed.Of(list(p)).Entries[0]
	p.Slug, p.Title = "chene", "Chêne"
	after := feed.Of(list(p)).Entries[0]
	if before.ID != after.ID || after.URL != "https://aubin.example/chene" || after.CommentsFeed != "https://aubin.example/chene/feed.xml" {
		t.Errorf("%+v, then %+v", before, after)
	}
	if len(after.Authors) != 1 || after.Authors[0].Name != "Invitée" {
		t.Errorf("written by %v", after.Authors)
	}
}

func TestAThreadIsFedNewestFirstAndBounded(t *testing.T) {
	t.Parallel()
	var thread []inbox.Comment
	for i := range 40 {
		m := inbox.Message{ID: fact.New[fact.MessageID](noon), Name: fmt.Sprint("n", i), Body: "Oui.", At: noon.Add(time.Duration(i) * time.Minute)}
		thread = append(thread, inbox.Comment{Message: m})
	}
	last := inbox.Message{ID: fact.New[fact.MessageID](noon), Body: "Merci.", At: noon.Add(time.Hour)}
	thread[3].Children = []inbox.Comment{{Message: last, ByAuthor: true, VoiceName: "Claire Aubin"}}
	f := feed.OfThread(feed.Thread{Title: "x", Home: "https://aubin.example/bois", Self: "https://aubin.example/bois/feed.xml", Said: thread})
	if len(f.Entries) != feed.Entries || f.Entries[0].ID != feed.CommentID(last) || f.Entries[0].Authors[0].Name != "Claire Aubin" {
		t.Fatalf("%d entries, the first %+v", len(f.Entries), f.Entries[0])
	}
	for i := 1; i < len(f.Entries); i++ {
		if f.Entries[i].Published.After(f.Entries[i-1].Published) {
			t.Errorf("entry %d is newer than the one before", i)
		}
	}
	if want := "https://aubin.example/bois#c-" + last.ID.String(); f.Entries[0].URL != want {
		t.Errorf("at %s, want %s", f.Entries[0].URL, want)
	}
}

func TestAFormatIsReadBackFromItsFile(t *testing.T) {
	t.Parallel()
	for _, f := range []feed.Format{feed.RSS, feed.Atom, feed.JSON} {
		if got, ok := feed.Parse(f.File()); !ok || got != f {
			t.Errorf("%s is read as %v", f.File(), got)
		}
	}
	for _, s := range []string{"", "feed.xm", "FEED.XML", "comments"} {
		if f, ok := feed.Parse(s); ok {
			t.Errorf("%q is the format %v", s, f)
		}
	}
}
