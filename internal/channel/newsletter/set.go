package newsletter

import (
	"net/url"

	"causerie/internal/channel/newsletter/edition"
	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
)

// setting is what letters of one voice are set in.
type setting struct {
	house  house.House
	voice  voice.Voice
	places *place.Places
}

func (s *Service) settingIn(tx *db.Tx, id fact.VoiceID) (x setting, err error) {
	if x.house, err = s.o.House.GetIn(tx); err != nil {
		return x, err
	}
	if x.voice, err = s.o.Voices.GetIn(tx, id); err != nil {
		return x, err
	}
	x.places, err = s.o.Places.GetIn(tx)
	return x, err
}

// frame is what stands around the letters of a voice, in a language.
func (s *Service) frame(tx *db.Tx, x setting, lang string) (edition.Frame, error) {
	v, h := x.voice, x.house
	f := edition.Frame{
		Lang: lang, Zone: h.Location(), At: tx.Now(),
		Voice: edition.Voice{Name: v.Name, Role: v.Role, URL: x.places.URL(v.ID, "/"), Accent: v.Accent, We: v.Kind != voice.Personal},
		House: edition.House{Name: h.Name, Registration: h.Identity.Registration, Address: h.Identity.Address, Phone: h.Identity.Phone,
			Email: h.Identity.ContactEmail},
		Subscribe: x.places.House("/subscribe?" + url.Values{"follow": {v.ID.String()}, "lang": {lang}}.Encode()),
	}
	mark := v.Portrait
	if mark.IsZero() {
		mark = v.Logo
	}
	if mark.IsZero() {
		return f, nil
	}
	files, err := media.ByIDs(tx, []fact.MediaID{mark})
	if m, ok := files[mark]; ok {
		f.Voice.Mark = &edition.Picture{Src: x.places.House(media.Path(m.ID, media.Square)), Alt: v.Name, Width: 96, Height: 96}
	}
	return f, err
}

// keepFrom notes whom the letters of a voice are from, and what list they are of (RFC 2919).
func (s *Service) keepFrom(tx *db.Tx, x setting, k *kept) error {
	from, err := s.fromIn(tx, x.voice.ID)
	if err != nil {
		return err
	}
	k.FromName, k.FromEmail = from.Name, from.Email
	k.List = x.voice.Slug + "." + s.o.Host
	return nil
}

// setIn sets a letter as it would leave now, with the problems of its merge fields. A post that strangers do not see is the problem
// not_public of post.
func (s *Service) setIn(tx *db.Tx, l Letter) (k kept, fields []edition.Problem, err error) {
	x, err := s.settingIn(tx, l.Voice)
	if err != nil {
		return k, nil, err
	}
	k.Lang = x.voice.Lang
	var e edition.Letter
	if l.Post.IsZero() {
		e, err = s.written(tx, x, l)
		fields = append(edition.Problems(k.Lang, l.Subject), edition.BodyProblems(k.Lang, e.Body)...)
	} else {
		e, err = s.carried(tx, x, l)
	}
	if err != nil {
		return k, nil, err
	}
	if k.Lang = e.Lang; l.Audience != Followers {
		e.Why = i18nWhy(s.catalog, k.Lang, x.house.Name)
	}
	k.Edition = edition.Of(e)
	return k, fields, s.keepFrom(tx, x, &k)
}

func i18nWhy(c *i18n.Catalog, lang, house string) string {
	l, ok := i18n.Parse(lang)
	if !ok {
		l = i18n.FrFR
	}
	return c.T(l, "mail.letter.why", house)
}

// written is a letter that was written for itself.
func (s *Service) written(tx *db.Tx, x setting, l Letter) (e edition.Letter, err error) {
	if e.Frame, err = s.frame(tx, x, x.voice.Lang); err != nil {
		return e, err
	}
	e.Subject, e.Title, e.Merge = l.Subject, l.Subject, true
	files, err := s.o.Media.ByIDs(tx, media.IDsIn(l.Body))
	if err != nil {
		return e, err
	}
	base := x.places.House("/")
	e.Body = text.Render(l.Body, text.Options{Lang: x.voice.Lang, Absolute: base, HeadingOffset: 1, Image: func(src string) (text.Image, bool) {
		for _, id := range media.IDsIn("![](" + src + ")") {
			if m, ok := files[id]; ok {
				return text.Image{Width: m.Width, Height: m.Height}, true
			}
		}
		return text.Image{}, false
	}}).HTML
	return e, nil
}

// carried is a post that leaves as a letter.
func (s *Service) carried(tx *db.Tx, x setting, l Letter) (e edition.Letter, err error) {
	p, err := s.posts.ByID(tx, l.Post)
	if fault.Is(err, fault.KindNotFound) || fault.Is(err, fault.KindGone) {
		return e, fault.Invalid("post", "not_public")
	}
	if err != nil {
		return e, err
	}
	if e.Frame, err = s.frame(tx, x, p.Lang); err != nil {
		return e, err
	}
	e.URL, e.At = x.places.URL(p.Voice, post.Path(p)), p.PublishedAt
	e.Subject, e.Title, e.Lede, e.Body, e.Question = l.Subject, p.Title, p.Summary, p.HTML, p.Question
	if e.Subject == "" {
		e.Subject = p.Label()
	}
	if p.Section != nil {
		e.Kicker = p.Section.Name
	}
	e.Author, e.Excerpt = p.AuthorName, l.Excerpt
	if post.IsLong(p.Traits()) {
		e.Minutes = text.Minutes(p.Words)
	}
	if p.Cover != nil {
		e.Cover = pictureOf(x, *p.Cover, p.CoverAlt)
	}
	return e, nil
}

func pictureOf(x setting, m media.Media, alt string) *edition.Picture {
	if alt == "" {
		alt = m.Alt
	}
	return &edition.Picture{Src: x.places.House(media.Src(m)), Alt: alt, Width: m.Width, Height: m.Height}
}

// Preview returns a letter as p would get it now, and what is wrong with its merge fields. Authors of its voice may.
func (s *Service) previewIn(tx *db.Tx, by actor.Actor, id fact.LetterID, p edition.Person) (v Shown, err error) {
	l, err := s.GetIn(tx, by, id)
	if err != nil {
		return v, err
	}
	k, fields, err := s.setIn(tx, l)
	if err != nil {
		return v, err
	}
	v.Subject, v.HTML, v.Text = k.For(p)
	v.Preheader, v.From, v.Address, v.Cut, v.Fields = k.Preheader, k.FromName, k.FromEmail, k.Cut, fields
	return v, nil
}

// Shown is a letter as one person gets it.
type Shown struct {
	Subject, Preheader, From, Address string
	HTML, Text                        string
	Cut                               bool // too long for a mail: it ends before the post does
	Fields                            []edition.Problem
}
