// Package bulk fills a house that is set up with very many rows, quickly, for measurements: it writes the tables of
// other packages directly, which nothing but a test or a benchmark may do. What it writes passes `causerie doctor`.
package bulk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/live"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web/pagecache"
)

// Size says how much to write.
type Size struct {
	Posts    int // published articles of the main voice, Words long
	Words    int
	Contacts int
	Messages int // comments, one in twenty open, one in fifty held; none is on the newest post
	Mandates int
	Talk     int // comments on the newest post
}

var (
	qVoice = db.Q("bulk.voice", `
		SELECT voice_id FROM voice_homes WHERE host = '' AND root = '' AND until IS NULL`)
	qPosts    = db.Q("bulk.posts", `INSERT INTO posts (id, voice_id, author_name, kind, status, slug, title, summary, question, body, html, plain, words, lang, cover_alt, cover_caption, comments, schedule, published_at, created_at, updated_at, version) VALUES {rows}`)
	qPublic   = db.Q("bulk.public_posts", `INSERT INTO public_posts (post_id, voice_id, kind, published_at) VALUES {rows}`)
	qShown    = db.Q("bulk.shown_posts", `INSERT INTO shown_posts (post_id, first_at) VALUES {rows}`)
	qAddress  = db.Q("bulk.addresses", `INSERT INTO post_addresses (voice_id, slug, post_id) VALUES {rows}`)
	qContacts = db.Q("bulk.contacts", `INSERT INTO contacts (id, name, name_key, company, role, lang, note, origin, last_at, created_at, updated_at) VALUES {rows}`)
	qHandles  = db.Q("bulk.handles", `INSERT INTO handles (id, contact_id, channel, value, key, domain, verified_at, created_at) VALUES {rows}`)
	qTalks    = db.Q("bulk.conversations", `INSERT INTO conversations (id, kind, contact_id, post_id, voice_id, subject, created_at, last_at) VALUES {rows}`)
	qMessages = db.Q("bulk.messages", `INSERT INTO messages (id, conversation_id, direction, channel, kind, moderation, attention, state, contact_id, voice_id, post_id, name, url, body, html, lang, how, notify, reason, mail_id, at) VALUES {rows}`)
	qTimeline = db.Q("bulk.timeline", `INSERT INTO timeline (contact_id, at, kind, ref_kind, ref, label, observed) VALUES {rows}`)
	qMandates = db.Q("bulk.mandates", `INSERT INTO mandates (id, title, contact_id, voice_id, stage, amount_cents, currency, next_act, next_on, lost_reason, declared, note, opened_at, updated_at) VALUES {rows}`)
)

// Fill writes s into the database and gathers the planner's statistics. It returns the slugs of the posts, newest first.
func Fill(ctx context.Context, d *db.DB, s Size, now time.Time) (slugs []string, err error) {
	var voice fact.VoiceID
	if err := d.Read(ctx, func(tx *db.Tx) (err error) { voice, err = db.One(tx, qVoice, db.Scalar[fact.VoiceID]); return err }); err != nil {
		return nil, err
	}
	posts, slugs, err := fillPosts(ctx, d, s, voice, now)
	if err != nil {
		return nil, err
	}
	contacts, err := fillContacts(ctx, d, s.Contacts, now)
	if err != nil {
		return nil, err
	}
	if err := fillMessages(ctx, d, s, voice, posts, contacts, now); err != nil {
		return nil, err
	}
	if err := fillMandates(ctx, d, s.Mandates, voice, contacts, now); err != nil {
		return nil, err
	}
	if err := d.Write(ctx, func(tx *db.Tx) error { return live.Leave(tx, pagecache.Site) }); err != nil {
		return nil, err
	}
	return slugs, d.Analyze(ctx)
}

// batch writes n rows in transactions of 1,000.
func batch(ctx context.Context, d *db.DB, n int, row func(tx *db.Tx, from, to int) error) error {
	for from := 0; from < n; from += 1000 {
		if err := d.Write(ctx, func(tx *db.Tx) error { return row(tx, from, min(from+1000, n)) }); err != nil {
			return err
		}
	}
	return nil
}

var trade = strings.Fields(`atelier bois chêne délai client devis pose cuisine table escalier fournisseur séchage mardi commande
	rabot établi quai port lumière matin équipe apprenti métier prix hiver planche tenon mortaise confiance parole dimanche`)

// Article returns Markdown of about words words, different for each i.
func Article(i, words int) string {
	var b strings.Builder
	for w := range words {
		b.WriteString(trade[(i*7+w*13+w/5)%len(trade)])
		switch {
		case w%90 == 89:
			b.WriteString(".\n\n## Ce que nous changeons\n\nNous ")
		case w%14 == 13:
			b.WriteString(" ; et ")
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func fillPosts(ctx context.Context, d *db.DB, s Size, voice fact.VoiceID, now time.Time) (ids []fact.PostID, slugs []string, err error) {
	const shapes = 20 // different texts: rendering ten thousand would be most of the time
	var sources [shapes]string
	var rendered [shapes]text.Rendered
	for i := range shapes {
		sources[i] = Article(i, s.Words)
		rendered[i] = text.Render(sources[i], text.Options{Lang: "fr-FR"})
	}
	err = batch(ctx, d, s.Posts, func(tx *db.Tx, from, to int) error {
		ids, slugs = ids[:from], slugs[:from]
		var posts, public, shown, addresses []any
		for i := from; i < to; i++ {
			id := fact.New[fact.PostID](tx.Now())
			at := db.At(now.Add(-time.Duration(i) * time.Hour))
			slug, title := fmt.Sprintf("billet-%d", i), fmt.Sprintf("Le billet numéro %d", i)
			r := rendered[i%shapes]
			summary := text.Excerpt(r.Text, 160)
			ids, slugs = append(ids, id), append(slugs, slug)
			posts = append(posts, id, voice, "", "article", "published", slug, title, summary, "Et vous ?", sources[i%shapes], string(r.HTML), r.Text,
				r.Words, "fr-FR", "", "", "", "", at, at, at, 1)
			public = append(public, id, voice, "article", at)
			shown = append(shown, id, at)
			addresses = append(addresses, voice, slug, id)
		}
		if err := db.Insert(tx, qPosts, 22, posts); err != nil {
			return err
		}
		if err := db.Insert(tx, qPublic, 4, public); err != nil {
			return err
		}
		if err := db.Insert(tx, qShown, 2, shown); err != nil {
			return err
		}
		return db.Insert(tx, qAddress, 3, addresses)
	})
	return ids, slugs, err
}

func fillContacts(ctx context.Context, d *db.DB, n int, now time.Time) (ids []fact.ContactID, err error) {
	err = batch(ctx, d, n, func(tx *db.Tx, from, to int) error {
		ids = ids[:from]
		var people, handles []any
		for i := from; i < to; i++ {
			id := fact.New[fact.ContactID](tx.Now())
			ids = append(ids, id)
			at := db.At(now.Add(-time.Duration(i) * time.Minute))
			name := fmt.Sprintf("%s Lecteur %05d", strings.ToUpper(trade[i%len(trade)][:1]), i)
			email := fmt.Sprintf("lecteur%d@maison%d.example", i, i%5000)
			people = append(people, id, name, text.Fold(name), "", "", "fr-FR", "", "comment", at, at, at)
			var verified any
			if i%2 == 0 {
				verified = at
			}
			handles = append(handles, fact.New[fact.HandleID](tx.Now()), id, "email", email, email, fmt.Sprintf("maison%d.example", i%5000), verified, at)
		}
		if err := db.Insert(tx, qContacts, 11, people); err != nil {
			return err
		}
		return db.Insert(tx, qHandles, 8, handles)
	})
	return ids, err
}

func fillMessages(ctx context.Context, d *db.DB, s Size, voice fact.VoiceID, posts []fact.PostID, contacts []fact.ContactID, now time.Time) error {
	if len(posts) == 0 || len(contacts) == 0 {
		return nil
	}
	const body = "Une date sûre, sans hésiter. J’organise trois corps de métier autour de vous : un jour de retard m’en coûte cinq."
	return batch(ctx, d, s.Messages+s.Talk, func(tx *db.Tx, from, to int) error {
		var talks, messages, timeline []any
		for i := from; i < to; i++ {
			post := posts[0]
			if i >= s.Talk {
				post = posts[min(1+i%len(posts), len(posts)-1)]
			}
			contact := contacts[i%len(contacts)]
			talk, message := fact.New[fact.ConversationID](tx.Now()), fact.New[fact.MessageID](tx.Now())
			at := db.At(now.Add(-time.Duration(i) * time.Minute))
			moderation, attention, state := "visible", "closed", "closed"
			switch {
			case i >= s.Talk && i%50 == 7:
				moderation, attention, state = "held", "open", "held"
			case i%20 == 3:
				attention, state = "open", "open"
			}
			talks = append(talks, talk, "comment", contact, post, voice, "", at, at)
			messages = append(messages, message, talk, "in", "site", "comment", moderation, attention, state, contact, voice, post, "Hélène Morvan", "", body,
				"<p>"+body+"</p>", "fr-FR", "", false, "", "", at)
			timeline = append(timeline, contact, at, "commented", "message", message, "Une date sûre, sans hésiter", i%2 == 0)
		}
		if err := db.Insert(tx, qTalks, 8, talks); err != nil {
			return err
		}
		if err := db.Insert(tx, qMessages, 21, messages); err != nil {
			return err
		}
		return db.Insert(tx, qTimeline, 7, timeline)
	})
}

func fillMandates(ctx context.Context, d *db.DB, n int, voice fact.VoiceID, contacts []fact.ContactID, now time.Time) error {
	stages := []string{"interest", "request", "talk", "proposal", "won", "lost", "postponed"}
	return batch(ctx, d, n, func(tx *db.Tx, from, to int) error {
		var rows []any
		for i := from; i < to; i++ {
			at := db.At(now.Add(-time.Duration(i) * time.Hour))
			lost := ""
			if stages[i%7] == "lost" {
				lost = "budget"
			}
			rows = append(rows, fact.New[fact.MandateID](tx.Now()), fmt.Sprintf("Mandat %d", i), contacts[i%len(contacts)], voice, stages[i%7], int64(i)*1000,
				"EUR", "appeler", now.AddDate(0, 0, i%30-5).Format(time.DateOnly), lost, "", "", at, at)
		}
		return db.Insert(tx, qMandates, 14, rows)
	})
}
