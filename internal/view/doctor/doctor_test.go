package doctor_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/core/mailer"
	"causerie/internal/core/media"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/view/doctor"
	"causerie/internal/view/timeline/timelinetest"
)

// carrier is what carries mail in these tests.
type carrier struct {
	sender mail.Sender
	err    error
}

func (c carrier) Ways(context.Context) ([]mailer.Way, error) {
	return []mailer.Way{{Sender: c.sender}}, c.err
}

// patient is a house in good health: people wrote, were answered, became clients, and a picture is shown.
type patient struct {
	*timelinetest.World
	doctor.Doctor
}

func each(t *testing.T, fn func(t *testing.T, p *patient)) {
	t.Helper()
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		p := &patient{World: w, Doctor: doctor.Doctor{DB: w.DB, House: w.House, Queue: w.Queue, Data: t.TempDir(), Carrier: carrier{}}}
		p.Blobs = blob.Dir(filepath.Join(p.Data, "blobs"))
		w.Must(os.Chmod(p.Data, 0o700))
		w.Must(os.WriteFile(filepath.Join(p.Data, "secret.key"), []byte("x"), 0o600))
		var drawn bytes.Buffer
		w.Must(png.Encode(&drawn, image.NewGray(image.Rect(0, 0, 60, 40))))
		m, err := media.New(w.DB, p.Blobs).Upload(t.Context(), w.Claire, "bois.png", &drawn, "")
		w.Must(err)
		article, err := w.Posts.Create(t.Context(), w.Claire, post.Input{Voice: w.Voice.ID, Title: "Le chêne", Body: "Il dure.", Cover: m.ID, CoverAlt: "Une planche",
			Section: "Métier", Tags: []string{"bois"}})
		w.Must(err)
		_, err = w.Posts.Publish(t.Context(), w.Claire, article.ID)
		w.Must(err)
		_, err = w.Queue.RunDue(t.Context())
		w.Must(err)
		remark := w.Comment(article, "Paul", "paul@kervella.example", "Oui.")
		_, err = w.Inbox.Answer(t.Context(), w.Claire, remark.ID, "Merci.")
		w.Must(err)
		asked := w.Request("Paul", "paul@kervella.example", "Un banc ?", "")
		_, err = w.Mandates.FromMessage(t.Context(), w.Claire, asked.ID)
		w.Must(err)
		w.Clock.Advance(time.Minute)
		yves, err := w.Contacts.Create(t.Context(), w.Claire, contact.NewContact{Name: "Yves"})
		w.Must(err)
		_, err = w.Mandates.Open(t.Context(), w.Claire, mandate.Input{Title: "Une table", Contact: yves.ID})
		w.Must(err)
		_, err = p.do(`INSERT INTO accounts (id, email, email_key, name, lang, password_hash, created_at) VALUES ($1, 'c@aubin.example', 'c@aubin.example', 'Claire', 'fr-FR', '', 1)`,
			w.Claire.Account)
		w.Must(err)
		fn(t, p)
	})
}

// do runs a text that no service would, and returns how many rows it changed.
func (p *patient) do(text string, args ...any) (n int64, err error) {
	err = p.World.DB.Write(p.T.Context(), func(tx *db.Tx) (err error) {
		n, err = db.Exec(tx, db.Query{Name: "doctor_test.damage", SQL: text}, args...)
		return err
	})
	return n, err
}

// says returns what is found of a kind, at a level or above.
func (p *patient) says(t *testing.T, what string, level doctor.Level) string {
	t.Helper()
	var said []string
	for _, f := range p.Look(t.Context()) {
		if f.What == "doctor" {
			t.Errorf("the doctor stumbles: %s", f.Text)
		}
		if f.What == what && f.Level >= level {
			said = append(said, f.Text)
		}
	}
	return strings.Join(said, "\n")
}

func TestAHouseInGoodHealthHasNothingWrong(t *testing.T) {
	each(t, func(t *testing.T, p *patient) {
		for _, f := range p.Look(t.Context()) {
			if f.Level == doctor.Wrong {
				t.Errorf("%+v", f)
			}
		}
	})
}

// Every reference in turn names what is not there. Where the database refuses that itself, nothing is to be found.
func TestWhatNamesNothingIsFound(t *testing.T) {
	each(t, func(t *testing.T, p *patient) {
		const nothing = 987_654_321
		broken := map[doctor.Reference]bool{}
		for _, r := range slices.Backward(doctor.References()) {
			where := strings.ReplaceAll(r.When, "c.", "")
			if where == "" {
				where = "TRUE"
			}
			n, err := p.do(fmt.Sprintf(`UPDATE %s SET %s = $1 WHERE %s`, r.Table, r.Column, where), nothing)
			if err != nil && !strings.Contains(strings.ToLower(err.Error()), "foreign key") {
				t.Errorf("%+v: %v", r, err)
			}
			broken[r] = err == nil && n > 0
		}
		said := p.says(t, "rows", doctor.Wrong)
		found := 0
		for r, broken := range broken {
			if !broken {
				continue
			}
			found++
			if want := fmt.Sprintf("%s name a row of %s that is gone (%s)", r.Table, r.Parent, r.Column); !strings.Contains(said, want) {
				t.Errorf("not said: %s", want)
			}
		}
		if found < 20 {
			t.Errorf("only %d references were broken: the house of this test is too empty", found)
		}
	})
}

func TestEachKindOfDamageIsFound(t *testing.T) {
	each(t, func(t *testing.T, p *patient) {
		for _, c := range []struct {
			name, damage string
			what, says   string
			level        doctor.Level
		}{
			{"a post is missing from the public site", `UPDATE public_posts SET post_id = 12345`, "rows", "missing from the public site", doctor.Wrong},
			{"what is no published post is public", `UPDATE public_posts SET post_id = 12346`, "rows", "public that should not be", doctor.Wrong},
			{"a job gave up", `INSERT INTO jobs (id, kind, lane, body, state, released, due_at, attempts, failure, created_at)
				VALUES (1, 'post.index', '', '{}', 'dead', FALSE, 1, 9, 'it broke', 1)`, "jobs", "post.index: it broke", doctor.Wrong},
			{"the law lacks something", `UPDATE house SET identity = '{}'`, "house", "is online but lacks", doctor.Wrong},
		} {
			if n, err := p.do(c.damage); err != nil || n == 0 {
				t.Errorf("%s: %d rows, %v", c.name, n, err)
				continue
			}
			if said := p.says(t, c.what, c.level); !strings.Contains(said, c.says) {
				t.Errorf("%s: the doctor says %q", c.name, said)
			}
		}
	})
}

func TestFilesThatAreGoneOrDamagedAreCounted(t *testing.T) {
	each(t, func(t *testing.T, p *patient) {
		blobs := filepath.Join(p.Data, "blobs")
		p.World.Must(filepath.WalkDir(blobs, func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				err = os.WriteFile(path, []byte("autre chose"), 0o600)
			}
			return err
		}))
		if said := p.says(t, "files", doctor.Wrong); !strings.Contains(said, "are damaged") {
			t.Errorf("the doctor says %q", said)
		}
		p.World.Must(os.RemoveAll(blobs))
		if said := p.says(t, "files", doctor.Wrong); !strings.Contains(said, "are missing from") {
			t.Errorf("the doctor says %q", said)
		}
	})
}

// What an operator did by hand, as root or with a umask, is what stops a house later.
func TestADirectoryThatTheHouseCouldNotWriteToIsSaid(t *testing.T) {
	each(t, func(t *testing.T, p *patient) {
		file := filepath.Join(p.Data, "causerie.db.before-0001-1")
		p.World.Must(os.WriteFile(file, nil, 0o644))
		if said := p.says(t, "directory", doctor.Note); !strings.Contains(said, "others on this machine can read: "+file) {
			t.Errorf("the doctor says %q", said)
		}
		if os.Getuid() != 0 {
			p.World.Must(os.Chmod(file, 0o400))
			if said := p.says(t, "directory", doctor.Wrong); !strings.Contains(said, "cannot be written by the user running this: "+file) {
				t.Errorf("the doctor says %q", said)
			}
			return
		}
		p.World.Must(os.Chown(file, 65534, 65534))
		if said := p.says(t, "directory", doctor.Wrong); !strings.Contains(said, "some files do not belong to the owner of "+p.Data+", who could not write to them: "+file) {
			t.Errorf("the doctor says %q", said)
		}
	})
}

func TestAnAddressThatNoStrangerCanReachIsSaid(t *testing.T) {
	each(t, func(t *testing.T, p *patient) {
		for address, says := range map[string]string{
			"http://localhost:8080": "no one can open from elsewhere", "http://127.0.0.1": "no one can open from elsewhere", "https://[::1]:8443": "no one can open from elsewhere",
			"http://192.168.1.20:8080": "no one can open from elsewhere", "https://causerie": "no one can open from elsewhere", "https://nas.local": "no one can open from elsewhere",
			"http://claire.example": "is not encrypted", "http://203.0.113.7": "is not encrypted", "https://claire.example": "", "https://[2001:db8::7]": "",
		} {
			u, err := url.Parse(address)
			p.World.Must(err)
			p.URL = u
			if said := p.says(t, "address", doctor.Note); (says == "") != (said == "") || !strings.Contains(said, says) {
				t.Errorf("%s: the doctor says %q, want %q", address, said, says)
			}
		}
	})
}

func TestARelayThatDoesNotAnswerAndAKeyThatOthersReadAreWrong(t *testing.T) {
	each(t, func(t *testing.T, p *patient) {
		relay, err := mail.ParseRelay("smtp://127.0.0.1:9?tls=off")
		p.World.Must(err)
		p.Carrier = carrier{sender: &mail.Pool{Relay: relay}}
		if said := p.says(t, "relay", doctor.Wrong); !strings.Contains(said, "does not let us in") {
			t.Errorf("the doctor says %q", said)
		}
		p.Carrier = carrier{err: fmt.Errorf("sealed by another key")}
		if said := p.says(t, "relay", doctor.Wrong); !strings.Contains(said, "another key") {
			t.Errorf("the doctor says %q", said)
		}
		p.World.Must(os.Chmod(filepath.Join(p.Data, "secret.key"), 0o644))
		if said := p.says(t, "secret", doctor.Wrong); !strings.Contains(said, "chmod 600") {
			t.Errorf("the doctor says %q", said)
		}
		p.World.Must(os.Remove(filepath.Join(p.Data, "secret.key")))
		if said := p.says(t, "secret", doctor.Wrong); !strings.Contains(said, "is missing") {
			t.Errorf("the doctor says %q", said)
		}
		p.Passphrase = true
		if said := p.says(t, "secret", doctor.Note); !strings.Contains(said, "keep it with the backups") {
			t.Errorf("the doctor says %q", said)
		}
	})
}
