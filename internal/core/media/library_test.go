package media_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

var (
	owner    = actor.Actor{Account: 1, Grants: []actor.Grant{{Role: actor.Owner}}}
	stranger = actor.Actor{Account: 9, Grants: []actor.Grant{{Voice: 2, Role: actor.Author}}} // writes in another voice
	everyone = actor.Actor{Account: 8, Grants: []actor.Grant{{Role: actor.Editor}}}           // edits every voice
)

// photo uploads a picture of that size.
func (s *shelf) photo(name, alt string, w, h int) media.Media {
	s.t.Helper()
	m, err := s.Upload(s.t.Context(), author, name, bytes.NewReader(photo(s.t, h, w)), alt)
	must(s.t, err)
	s.clock.Advance(time.Second)
	return m
}

// names lists files by their names.
func (s *shelf) names(by actor.Actor, f media.Filter) (names []string) {
	s.t.Helper()
	for {
		found, next, err := s.List(s.t.Context(), by, f)
		must(s.t, err)
		for _, m := range found {
			names = append(names, m.Name)
		}
		if f.Cursor = next; next == "" {
			return names
		}
	}
}

func TestTheListOfFilesIsChosenFoundAndPaged(t *testing.T) {
	t.Parallel()
	eachShelf(t, func(t *testing.T, s *shelf) {
		bench := s.photo("etabli.jpg", "Un établi", 60, 40)
		s.photo("100%_chêne.jpg", "", 60, 40)
		s.put("les tarifs")
		s.show(7, bench.ID)
		must(t, s.Describe(t.Context(), author, bench.ID, "Un établi", "Quimper, en MAI"))
		for _, c := range []struct {
			f    media.Filter
			want []string
		}{
			{media.Filter{}, []string{"a.pdf", "100%_chêne.jpg", "etabli.jpg"}},
			{media.Filter{Limit: 1}, []string{"a.pdf", "100%_chêne.jpg", "etabli.jpg"}},
			{media.Filter{Kind: media.Picture}, []string{"100%_chêne.jpg", "etabli.jpg"}},
			{media.Filter{Kind: media.Document}, []string{"a.pdf"}},
			{media.Filter{Kind: media.Sound}, nil},
			{media.Filter{Unused: true}, []string{"a.pdf", "100%_chêne.jpg"}},
			{media.Filter{Mute: true}, []string{"100%_chêne.jpg"}},
			{media.Filter{Query: "ÉTABLI"}, []string{"etabli.jpg"}},
			{media.Filter{Query: "quimper"}, []string{"etabli.jpg"}},
			{media.Filter{Query: "chene"}, []string{"100%_chêne.jpg"}},
			{media.Filter{Query: "%_"}, []string{"100%_chêne.jpg"}},
			{media.Filter{Query: "_%"}, nil},
			{media.Filter{Query: `\`}, nil},
			{media.Filter{Query: "\x00 \xff"}, []string{"a.pdf", "100%_chêne.jpg", "etabli.jpg"}},
		} {
			if got := s.names(author, c.f); !slices.Equal(got, c.want) {
				t.Errorf("%+v: %v, want %v", c.f, got, c.want)
			}
		}
		if _, _, err := s.List(t.Context(), author, media.Filter{Kind: "x' OR 1=1"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a kind that nobody knows: %v", err)
		}
		must(t, s.Rebuild(t.Context()))
		if got := s.names(author, media.Filter{Query: "quimper"}); len(got) != 1 {
			t.Errorf("rebuilt: %v", got)
		}
	})
}

func TestTheListHoldsWhatOneWorksWithAndNothingElse(t *testing.T) {
	t.Parallel()
	eachShelf(t, func(t *testing.T, s *shelf) {
		used, loose := s.photo("montre.jpg", "", 60, 40), s.photo("libre.jpg", "", 60, 40)
		s.show(7, used.ID)
		for name, c := range map[string]struct {
			by   actor.Actor
			want []string
		}{
			"the one who uploaded":   {author, []string{"libre.jpg", "montre.jpg"}},
			"an owner":               {owner, []string{"libre.jpg", "montre.jpg"}},
			"an author elsewhere":    {stranger, nil},
			"an editor of all":       {everyone, []string{"montre.jpg"}},
			"a colleague of a voice": {actor.Actor{Account: 6, Grants: []actor.Grant{{Voice: 1, Role: actor.Author}}}, []string{"montre.jpg"}},
		} {
			if got := s.names(c.by, media.Filter{}); !slices.Equal(got, c.want) {
				t.Errorf("%s sees %v, want %v", name, got, c.want)
			}
		}
		if _, _, err := s.List(t.Context(), actor.Visitor(), media.Filter{}); fault.KindOf(err) != fault.KindUnauthenticated {
			t.Errorf("a visitor: %v", err)
		}
		for _, id := range []fact.MediaID{used.ID, loose.ID} {
			for what, err := range map[string]error{
				"replace":  second(s.Replace(t.Context(), stranger, id, "x.jpg", bytes.NewReader(photo(t, 60, 50)))),
				"alter":    second(s.Alter(t.Context(), stranger, id, media.Change{Turn: 90})),
				"formers":  second(s.Formers(t.Context(), stranger, id)),
				"restore":  second(s.Restore(t.Context(), stranger, id, id)),
				"remove":   s.Remove(t.Context(), stranger, id),
				"focus":    s.SetFocus(t.Context(), stranger, id, media.FocusAt("top")),
				"describe": s.Describe(t.Context(), stranger, id, "a", "b"),
			} {
				if !fault.Is(err, fault.KindNotFound) {
					t.Errorf("%s by somebody of another voice: %v", what, err)
				}
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestAnotherFileTakesTheAddressAndTheFirstCanComeBack(t *testing.T) {
	t.Parallel()
	eachShelf(t, func(t *testing.T, s *shelf) {
		m := s.photo("avant.jpg", "L’établi", 1000, 700)
		s.show(7, m.ID)
		before, _ := read(t, s.Service, author, m.ID, media.Medium)
		now, err := s.Replace(t.Context(), author, m.ID, "apres.jpg", bytes.NewReader(photo(t, 400, 600)))
		must(t, err)
		if now.ID != m.ID || now.Name != "apres.jpg" || now.Alt != "L’établi" || now.Width != 600 || now.Height != 400 || now.Edition() == "" {
			t.Errorf("replaced as %+v", now)
		}
		after, info := read(t, s.Service, author, m.ID, media.Medium)
		if bytes.Equal(before, after) || info.Edition != now.Edition() || !strings.HasSuffix(media.Src(now), "/960?v="+now.Edition()) {
			t.Errorf("the bytes are those of before, or %+v, %s", info, media.Src(now))
		}
		if got := s.names(author, media.Filter{}); !slices.Equal(got, []string{"apres.jpg"}) {
			t.Errorf("the list is %v", got)
		}
		formers, err := s.Formers(t.Context(), author, m.ID)
		must(t, err)
		if len(formers) != 1 || formers[0].Name != "avant.jpg" {
			t.Fatalf("the formers are %+v", formers)
		}
		if kept, _ := read(t, s.Service, author, formers[0].ID, media.Medium); !bytes.Equal(kept, before) {
			t.Error("the former file is another")
		}
		back, err := s.Restore(t.Context(), author, m.ID, formers[0].ID)
		must(t, err)
		if again, _ := read(t, s.Service, author, m.ID, media.Medium); !bytes.Equal(again, before) || back.Name != "avant.jpg" {
			t.Errorf("restored as %+v", back)
		}
		if formers, err = s.Formers(t.Context(), author, m.ID); err != nil || len(formers) != 1 || formers[0].Name != "apres.jpg" {
			t.Errorf("the formers after that are %+v, %v", formers, err)
		}
		other := s.photo("autre.jpg", "", 60, 40)
		if _, err := s.Restore(t.Context(), author, m.ID, other.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a file that never stood there: %v", err)
		}
		if _, err := s.Replace(t.Context(), author, m.ID, "x.pdf", strings.NewReader("%PDF-1.7 x")); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a document for a picture: %v", err)
		}
		s.clock.Advance(media.KeepUnused + time.Hour)
		_, err = s.Prune(t.Context())
		must(t, err)
		if formers, err = s.Formers(t.Context(), author, m.ID); err != nil || len(formers) != 0 {
			t.Errorf("a month later: %+v, %v", formers, err)
		}
		read(t, s.Service, author, m.ID, media.Medium)
	})
}

func TestAPictureIsThereAtOnceAndItsSmallerWidthsFollow(t *testing.T) {
	t.Parallel()
	eachShelf(t, func(t *testing.T, s *shelf) {
		m := s.photo("a.jpg", "", 1800, 1200)
		if n := s.files(); n != 1 {
			t.Errorf("%d files at once, want the largest width", n)
		}
		for _, variant := range []string{media.Small, media.Medium, media.Large, media.Square} {
			if _, info := read(t, s.Service, author, m.ID, variant); info.Width != 1600 {
				t.Errorf("%s is %d wide before the job ran", variant, info.Width)
			}
		}
		s.react()
		for variant, width := range map[string]int{media.Small: 480, media.Medium: 960, media.Large: 1600, media.Square: 192} {
			if _, info := read(t, s.Service, author, m.ID, variant); info.Width != width {
				t.Errorf("%s is %d wide", variant, info.Width)
			}
		}
		before := s.files()
		if _, err := s.Replace(t.Context(), author, m.ID, "b.jpg", bytes.NewReader(photo(t, 500, 1000))); err != nil {
			t.Fatal(err)
		}
		formers, err := s.Formers(t.Context(), author, m.ID)
		must(t, err)
		back, err := s.Restore(t.Context(), author, m.ID, formers[0].ID) // before the sizes of what replaced it are made
		must(t, err)
		s.react()
		if _, info := read(t, s.Service, author, back.ID, media.Small); info.Width != 480 || info.ETag == back.Ref {
			t.Errorf("the small width is %+v", info)
		}
		if n := s.files(); n != before+1 {
			t.Errorf("%d files after %d", n, before)
		}
		must(t, s.Delete(t.Context(), author, m.ID))
		s.react()
		if n := s.files(); n != 0 {
			t.Errorf("%d files stay", n)
		}
	})
}

func TestWhatIsCroppedFollowsTheFocus(t *testing.T) {
	t.Parallel()
	eachShelf(t, func(t *testing.T, s *shelf) {
		m := s.photo("a.jpg", "", 1800, 1200)
		s.react()
		square, _ := read(t, s.Service, author, m.ID, media.Square)
		if _, info := read(t, s.Service, author, m.ID, media.Share); info.Width != 1200 || info.Height != 630 {
			t.Errorf("the card of a link is %d by %d", info.Width, info.Height)
		}
		before := s.files()
		must(t, s.SetFocus(t.Context(), author, m.ID, media.FocusAt("bottom-right")))
		read(t, s.Service, author, m.ID, media.Square) // the next larger, meanwhile
		s.react()
		if now, info := read(t, s.Service, author, m.ID, media.Square); bytes.Equal(now, square) || info.Width != 192 {
			t.Errorf("the square is %+v", info)
		}
		if n := s.files(); n != before {
			t.Errorf("%d files after %d", n, before)
		}
		small := s.photo("b.jpg", "", 900, 600)
		s.react()
		if _, info := read(t, s.Service, author, small.ID, media.Share); info.Width != 900 {
			t.Errorf("of a small picture the card is %d wide", info.Width)
		}
	})
}

func TestACopyIsAlteredAndTheFirstStays(t *testing.T) {
	t.Parallel()
	eachShelf(t, func(t *testing.T, s *shelf) {
		m := s.photo("a.jpg", "L’établi", 1000, 600)
		now, err := s.AlterCopy(t.Context(), author, m.ID, media.Change{Turn: 270})
		must(t, err)
		if now.ID == m.ID || now.Width != 600 || now.Alt != "L’établi" {
			t.Errorf("the copy is %+v", now)
		}
		if _, info := read(t, s.Service, author, m.ID, media.Large); info.Width != 1000 || info.Edition != "" {
			t.Errorf("the first is %+v", info)
		}
		if _, err := s.AlterCopy(t.Context(), stranger, m.ID, media.Change{Turn: 270}); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("of another voice: %v", err)
		}
	})
}

func TestAPictureIsTurnedAndCut(t *testing.T) {
	t.Parallel()
	eachShelf(t, func(t *testing.T, s *shelf) {
		m := s.photo("a.jpg", "", 1000, 600)
		now, err := s.Alter(t.Context(), author, m.ID, media.Change{Turn: 90, Crop: media.Crop{X: .5, Y: 0, W: .5, H: .25}})
		must(t, err)
		if now.Width != 300 || now.Height != 250 || now.Name != "a.jpg" {
			t.Errorf("altered as %+v", now)
		}
		for name, c := range map[string]media.Change{
			"nothing":     {},
			"an angle":    {Turn: 45},
			"outside":     {Crop: media.Crop{X: .5, W: .6, H: 1}},
			"negative":    {Crop: media.Crop{X: -.1, W: .5, H: .5}},
			"no width":    {Crop: media.Crop{W: 0, H: 1}},
			"some pixels": {Crop: media.Crop{W: .01, H: .01}},
		} {
			if _, err := s.Alter(t.Context(), author, m.ID, c); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := s.Alter(t.Context(), author, s.put("x"), media.Change{Turn: 90}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a document: %v", err)
		}
	})
}

func TestAFileThatIsShownGoesOnlyOnPurpose(t *testing.T) {
	t.Parallel()
	eachShelf(t, func(t *testing.T, s *shelf) {
		mine, both, face := s.photo("mien.jpg", "", 60, 40), s.photo("deux.jpg", "", 60, 41), s.photo("visage.jpg", "", 60, 42)
		s.show(7, mine.ID, both.ID)
		must(t, s.d.Write(t.Context(), func(tx *db.Tx) error {
			if err := s.ReferIn(tx, owner, media.Use{Kind: "post", Subject: 8, Voice: 2}, []fact.MediaID{both.ID}); err != nil {
				return err
			}
			return s.ReferIn(tx, author, media.Use{Kind: "voice", Subject: 1, Voice: 1, Published: true, Public: true}, []fact.MediaID{face.ID})
		}))
		for id, code := range map[fact.MediaID]string{both.ID: "media.elsewhere", face.ID: "media.of_voice"} {
			if err := s.Remove(t.Context(), author, id); !fault.Is(err, fault.KindConflict) || !strings.Contains(err.Error(), code) {
				t.Errorf("removed: %v, want %s", err, code)
			}
		}
		must(t, s.Remove(t.Context(), owner, both.ID))
		if _, err := s.Replace(t.Context(), author, mine.ID, "b.jpg", bytes.NewReader(photo(t, 50, 50))); err != nil {
			t.Fatal(err)
		}
		must(t, s.Remove(t.Context(), author, mine.ID))
		s.react()
		if got := s.names(owner, media.Filter{}); !slices.Equal(got, []string{"visage.jpg"}) {
			t.Errorf("left is %v", got)
		}
		if _, _, err := s.File(t.Context(), owner, mine.ID, media.Small); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the file is served: %v", err)
		}
		if n := s.files(); n != 2 { // the small width and the square of what is left
			t.Errorf("%d files are on the disk", n)
		}
	})
}

func TestNineSpotsAndBack(t *testing.T) {
	t.Parallel()
	for _, name := range media.Spots() {
		if got := media.FocusAt(name).Spot(); got != name {
			t.Errorf("%s comes back as %s", name, got)
		}
	}
	if media.FocusAt("x").Said || (media.Focus{}).Spot() != "" {
		t.Error("nobody said, and it is somewhere")
	}
}
