package newsletter

import (
	"net/url"
	"strings"

	"causerie/internal/channel/newsletter/edition"
	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
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
	m, found, err := markIn(tx, v)
	if found {
		f.Voice.Mark = &edition.Picture{Src: x.places.House(m.Path(media.Square)), Alt: v.Name, Width: 96, Height: 96}
	}
	return f, err
}

// markIn returns the square picture that stands for a voice: the face of a person, the logo of a house. A logo that is much wider than high
// would be cut to its middle: then the other stands for it, else initials do.
func markIn(tx *db.Tx, v voice.Voice) (m media.Media, found bool, err error) {
	files, err := media.ByIDs(tx, []fact.MediaID{v.Portrait, v.Logo})
	if err != nil {
		return m, false, err
	}
	logo, has := files[v.Logo]
	has = has && 2*logo.Width <= 3*logo.Height
	if has && v.Kind != voice.Personal {
		return logo, true, nil
	}
	if m, found = files[v.Portrait]; found {
		return m, true, nil
	}
	return logo, has, nil
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

// draft is all that a letter is set from, read in one snapshot.
type draft struct {
	kept
	letter edition.Letter
	source string // of what was written for itself: Markdown, with the pictures of the house in it
	base   string
	files  map[fact.MediaID]media.Media
}

// gatherIn reads what a letter is set from. A post that strangers do not see is the problem not_public of post.
func (s *Service) gatherIn(tx *db.Tx, l Letter) (d draft, err error) {
	x, err := s.settingIn(tx, l.Voice)
	if err != nil {
		return d, err
	}
	if l.Post.IsZero() {
		err = s.written(tx, x, l, &d)
	} else {
		d.letter, err = s.carried(tx, x, l)
	}
	if err != nil {
		return d, err
	}
	if d.Lang = d.letter.Lang; l.Audience != Followers {
		d.letter.Why = s.words(d.Lang, "mail.letter.why", x.house.Name)
	}
	return d, s.keepFrom(tx, x, &d.kept)
}

// set sets the letter, and says what is wrong with its merge fields. It is slow for a transaction.
func (d draft) set() (kept, []edition.Problem) {
	var fields []edition.Problem
	if d.letter.Merge {
		d.letter.Body = d.body()
		fields = append(edition.Problems(d.Lang, d.letter.Subject), edition.BodyProblems(d.Lang, d.letter.Body)...)
	}
	d.kept.Edition = edition.Of(d.letter)
	return d.kept, fields
}

// body is what was written for itself, as HTML. It is slow for a transaction.
func (d draft) body() text.HTML {
	return text.Render(d.source, text.Options{Lang: d.Lang, Absolute: d.base, HeadingOffset: 1, Image: d.image, File: d.linked}).HTML
}

func (d draft) image(src string) (text.Image, bool) {
	for _, id := range media.IDsIn(src) {
		m, ok := d.files[id]
		if !ok && strings.HasPrefix(src, "/media/") {
			return text.Image{Gone: true}, true
		}
		if ok && m.IsPicture() {
			return text.Image{Width: m.Width, Height: m.Height}, true
		}
	}
	return text.Image{}, false
}

// linked has a letter lead to what is no picture, where a text embeds it: no mail plays a recording.
func (d draft) linked(href string) (text.Linked, bool) {
	for _, id := range media.IDsIn(href) {
		if m, ok := d.files[id]; ok && !m.IsPicture() {
			return text.Linked{}, true
		}
	}
	return text.Linked{}, false
}

// written is a letter that was written for itself.
func (s *Service) written(tx *db.Tx, x setting, l Letter, d *draft) (err error) {
	if d.letter.Frame, err = s.frame(tx, x, x.voice.Lang); err != nil {
		return err
	}
	d.letter.Subject, d.letter.Title, d.letter.Merge = l.Subject, l.Subject, true
	if !l.BegunAt.IsZero() {
		d.letter.At = l.BegunAt
	}
	if l.Address != "" {
		d.letter.URL = x.places.URL(x.voice.ID, place.LetterPath(l.Address))
	}
	d.source, d.base = l.Body, x.places.House("/")
	d.files, err = s.o.Media.ByIDs(tx, media.IDsIn(l.Body))
	return err
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

// Shown is a letter as one person gets it.
type Shown struct {
	Subject, Preheader, From, Address string
	HTML, Text                        string
	Cut                               bool // too long for a mail: it ends before the post does
	Fields                            []edition.Problem
}
