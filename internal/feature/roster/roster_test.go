package roster_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/coretest"
	"causerie/internal/feature/roster"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
)

var morning = time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)

type world struct {
	*coretest.Core
	t      testing.TB
	ledger *consent.Service
	*roster.Service
	refused []roster.Refusal
}

func newWorld(t testing.TB, d *db.DB) *world {
	w := &world{Core: coretest.New(t, d), t: t}
	w.ledger = consent.New(consent.Options{DB: d, Bus: w.Bus, House: w.House, Contacts: w.Contacts, Box: w.Box})
	w.Service = roster.New(roster.Deps{DB: d, House: w.House, Contacts: w.Contacts, Consents: w.ledger, Queue: w.Queue})
	w.SetUp(coretest.Aubin(), coretest.Claire())
	return w
}

func each(t *testing.T, run func(t *testing.T, w *world)) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) { run(t, newWorld(t, d)) }, dbtest.ClockAt(morning))
}

func file(name, s string) roster.File {
	return roster.File{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(s)), nil }}
}

func (w *world) bring(f roster.File, o roster.Options) roster.Report {
	w.t.Helper()
	w.refused = nil
	o.Refused = func(r roster.Refusal) error { w.refused = append(w.refused, r); return nil }
	r, err := w.Import(w.t.Context(), actor.System(), f, o)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) find(email string) (c contact.Contact) {
	w.t.Helper()
	c, found, err := w.Contacts.Holder(w.t.Context(), actor.System(), contact.Address(email))
	if err != nil || !found {
		w.t.Fatalf("%s: %v, %v", email, found, err)
	}
	return c
}

func (w *world) standing(email string) string {
	w.t.Helper()
	all, err := w.ledger.Standings(w.t.Context(), actor.System(), w.find(email).ID, contact.Email)
	if err != nil {
		w.t.Fatal(err)
	}
	if all[consent.Letter].May {
		return "may by " + all[consent.Letter].By.Basis
	}
	return all[consent.Letter].Why
}

func says(r roster.Report) string {
	return fmt.Sprintf("%d rows: %d new, %d completed, %d already, %d twice, %d refused, %d may, %d may not", r.Rows, r.Created, r.Completed, r.Already, r.Twice, r.Refused, r.Consents, r.Withdrawn)
}

const clients = "Prénom;Nom;Société;Adresse de messagerie;Téléphone mobile;Remarques\r\n" +
	"Hélène;Morvan;Menuiserie du Port;helene@morvan.example;06 12 34 56 78;Aime le chêne\r\n" +
	"Paul;Kervella;;paul@kervella.example;;\r\n" +
	"Helene;Morvan;;HELENE@morvan.example;;\r\n" +
	"Sans;Adresse;Atelier;;;\r\n" +
	";;;pas une adresse;;\r\n" +
	"Jeanne;Le Bihan;;jeanne@lebihan.example;06 12 34 56 78;\r\n"

func TestASecondRunAddsNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		o := roster.Options{Consent: consent.Evidence{Basis: consent.Client, Source: "Fichier des clients"}}
		dry := o
		dry.DryRun = true
		want := "6 rows: 4 new, 0 completed, 0 already, 1 twice, 1 refused, 3 may, 0 may not"
		if got := says(w.bring(file("clients.csv", clients), dry)); got != want {
			t.Errorf("dry: %s", got)
		}
		if all, _, err := w.Contacts.List(t.Context(), actor.System(), contact.Filter{}); err != nil || len(all) != 0 {
			t.Fatalf("a dry run left %v, %v", all, err)
		}
		if got := says(w.bring(file("clients.csv", clients), o)); got != want {
			t.Error(got)
		}
		if len(w.refused) != 1 || w.refused[0].Line != 6 || w.refused[0].Field != "email" || w.refused[0].Row[3] != "pas une adresse" {
			t.Errorf("%+v", w.refused)
		}
		h := w.find("helene@morvan.example")
		if h.Name != "Hélène Morvan" || h.Company != "Menuiserie du Port" || h.Note != "Aime le chêne" || len(h.Handles) != 2 || h.Lang != "fr-FR" {
			t.Errorf("%+v", h)
		}
		if j := w.find("jeanne@lebihan.example"); len(j.Handles) != 1 { // a telephone that Hélène has makes them not one
			t.Errorf("%+v", j)
		}
		if got := says(w.bring(file("autre nom.csv", clients), o)); got != "6 rows: 0 new, 0 completed, 4 already, 1 twice, 1 refused, 0 may, 0 may not" {
			t.Errorf("again: %s", got)
		}
		err := w.DB.Read(t.Context(), func(tx *db.Tx) error {
			n, err := consent.Verify(tx)
			if n != 3 {
				t.Errorf("%d rows in the ledger", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhoLeftElsewhereIsNoSubscriberHere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		list := "email,name,subscribed_to_emails,complimentary_plan,created_at\nyes@a.example,Oui,true,false,2026-01-05T10:00:00.000Z\nno@a.example,Non,false,false,2026-01-05T10:00:00.000Z\n"
		yes := roster.Options{Consent: consent.Evidence{Basis: consent.Agreement, Wording: "La lettre d’Ateliers Aubin"}}
		r := w.bring(file("members.csv", list), yes)
		if r.Program != "Ghost" || says(r) != "2 rows: 2 new, 0 completed, 0 already, 0 twice, 0 refused, 1 may, 1 may not" {
			t.Errorf("%+v", r)
		}
		if got := fmt.Sprint(w.standing("yes@a.example"), ", ", w.standing("no@a.example")); got != "may by consent, withdrawn" {
			t.Error(got)
		}
		// Who withdraws here stays away when a list without dates is brought in again.
		_, err := w.ledger.Record(t.Context(), actor.System(), w.find("yes@a.example").ID, consent.Evidence{Basis: consent.Withdrawal, Purpose: consent.Letter})
		if err != nil {
			t.Fatal(err)
		}
		yes.Consent.Wording = "Autre texte"
		r = w.bring(file("liste.csv", "email\nyes@a.example\n"), yes)
		if r.Consents != 0 || len(r.Notes) != 1 || r.Notes[0].Code != "stopped" || w.standing("yes@a.example") != "withdrawn" {
			t.Errorf("%+v", r)
		}
	})
}

func TestWhoAskedToBeForgottenDoesNotComeBackUnseen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.bring(file("a.csv", clients), roster.Options{})
		if err := w.Contacts.Erase(t.Context(), actor.System(), w.find("paul@kervella.example").ID); err != nil {
			t.Fatal(err)
		}
		r := w.bring(file("a.csv", clients), roster.Options{})
		if r.Created != 0 || len(w.refused) != 2 || w.refused[1].Line != 3 || w.refused[1].Code != "erased" || w.refused[1].Row != nil {
			t.Errorf("%s %+v", says(r), w.refused)
		}
	})
}

func TestGroundsStandInTheRowsToo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		list := "email,basis,jurisdiction,wording,date d'inscription\na@a.example,consentement,FR,La lettre,03/02/2026\nb@a.example,implied_inquiry,CA,,2026-11-01\nc@a.example,peut-être,FR,,\nd@a.example,,,,\n"
		r := w.bring(file("x.csv", list), roster.Options{})
		if says(r) != "4 rows: 3 new, 0 completed, 0 already, 0 twice, 1 refused, 2 may, 0 may not" || r.Reasons[0].Code != "basis.unknown" || r.Reasons[0].Lines[0] != 4 {
			t.Errorf("%+v", r)
		}
		rows, err := w.ledger.Of(t.Context(), actor.System(), w.find("a@a.example").ID)
		if err != nil || rows[0].At.Format("2006-01-02") != "2026-02-03" || rows[0].Wording != "La lettre" || w.standing("d@a.example") != "none" {
			t.Errorf("%+v, %v", rows, err)
		}
		if _, err := w.Import(t.Context(), actor.System(), file("x.csv", "email\na@a.example\n"), roster.Options{Consent: consent.Evidence{Basis: consent.Agreement}}); err == nil {
			t.Error("an agreement without its words was taken")
		}
	})
}

func TestFilesAreRecognised(t *testing.T) {
	for name, c := range map[string]struct{ text, program, want string }{
		"linkedin": {"Notes:\r\n\"When exporting your connection data, you may notice that some are missing\"\r\n\r\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n" +
			"Ana,\"Looper, DipWSET\",https://www.linkedin.com/in/ana,,\"A, B\",Chef,07 Dec 2025\r\n", "LinkedIn", "Ana Looper, DipWSET|A, B|Chef|[]|[]|[https://www.linkedin.com/in/ana]|2025-12-07"},
		"google": {"\xEF\xBB\xBFFirst Name,Middle Name,Last Name,Phonetic First Name,File As,Organization Name,Organization Title,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value\n" +
			"Ana,,Le Goff,,,Café,Gérante,,* myContacts,* Work,ana@a.example ::: ana@b.example,,Mobile,06 00 00 00 00\n", "Google Contacts", "Ana Le Goff|Café|Gérante|[ana@a.example ana@b.example]|[06 00 00 00 00]|[]|"},
		"outlook in French": {"\"Nom\",\"Titre\",\"Prénom\",\"Deuxième prénom\",\"Nom\",\"Suffixe\",\"Surnom\",\"Société \",\"Service \",\"Titre\",\"Adresse de messagerie\"\n\"Fiche\",\"Mme\",\"Ana\",\"\",\"Le Goff\",\"\",\"\",\"Café\",\"\",\"Gérante\",\"ana@a.example\"\n",
			"Outlook", "Ana Le Goff|Café|Gérante|[ana@a.example]|[]|[]|"},
		"no headings": {"ana@a.example;Ana Le Goff\npaul@a.example;Paul\n", "", "Ana Le Goff|||[ana@a.example]|[]|[]|"},
		"addresses":   {"Ana <ana@a.example>\n", "", "|||[ana@a.example]|[]|[]|"},
		"cards":       {"BEGIN:VCARD\nVERSION:3.0\nFN:Ana Le Goff\nORG:Café\nEMAIL:ana@a.example\nEND:VCARD\n", "", "Ana Le Goff|Café||[ana@a.example]|[]|[]|"},
	} {
		l, err := roster.Look(file(name, c.text), morning)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		p := l.First[0]
		known := ""
		if !p.Known.IsZero() {
			known = p.Known.Format("2006-01-02")
		}
		if got := fmt.Sprintf("%s|%s|%s|%v|%v|%v|%s", p.Name, p.Company, p.Role, p.Emails, p.Phones, p.Pages, known); got != c.want || l.Program != c.program {
			t.Errorf("%s of %q: %s", name, l.Program, got)
		}
	}
	for name, s := range map[string]string{"a workbook": "PK\x03\x04xxxx", "nothing": "", "numbers": "1,2\n3,4\n"} {
		if l, err := roster.Look(file(name, s), morning); err == nil {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

func TestRealLists(t *testing.T) {
	dir := os.Getenv("CAUSERIE_SHARED")
	if dir == "" {
		dir, _ = filepath.Abs("../../../../shared")
	}
	files, _ := filepath.Glob(filepath.Join(dir, "testdata/blog-exports/mg-*members*/*.csv"))
	cards, _ := filepath.Glob(filepath.Join(dir, "testdata/vcards/*.vcf"))
	if len(files)+len(cards) == 0 {
		t.Skip("no real lists here")
	}
	want := map[string]string{"subscribed.csv": "5 may, 0 may not", "unsubscribed.csv": "0 may, 5 may not", "cleaned.csv": "0 may, 5 may not",
		"fixtures_signup_emails.csv": "2 refused, 17 may, 2 may not"}
	w := newWorld(t, dbtest.Open(t, db.SQLite, schema.All(), dbtest.ClockAt(morning)))
	for _, path := range slices.Concat(files, cards) {
		f := roster.File{Name: filepath.Base(path), Open: func() (io.ReadCloser, error) { return os.Open(path) }}
		r := w.bring(f, roster.Options{Consent: consent.Evidence{Basis: consent.Agreement, Wording: "La lettre"}})
		accents := slices.ContainsFunc(w.refused, func(r roster.Refusal) bool { return r.Code != "accent" }) // no mail can be written to these
		if accents || want[f.Name] != "" && !strings.HasSuffix(says(r), want[f.Name]) {
			t.Errorf("%s of %q: %s %+v", f.Name, r.Program, says(r), w.refused)
		}
	}
}

func TestAListThatIsGivenOnThePageComesInAsAJob(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, me := t.Context(), actor.System()
		id, err := w.Keep(ctx, me, "clients.csv", strings.NewReader(clients))
		if err != nil {
			t.Fatal(err)
		}
		u, l, err := w.Upload(ctx, me, id)
		if err != nil || u.State != roster.Waiting || l.Rows != 6 || len(l.First) != 6 {
			t.Fatalf("%+v %+v %v", u, l, err)
		}
		if err := w.Start(ctx, me, id, roster.Choice{Basis: consent.Agreement}); err == nil {
			t.Error("an agreement without its words was taken")
		}
		for range 2 { // pressed twice
			if err := w.Start(ctx, me, id, roster.Choice{Basis: consent.Client, Fields: l.Fields}); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			if _, err := w.Queue.RunDue(ctx); err != nil {
				t.Fatal(err)
			}
		}
		u, _, err = w.Upload(ctx, me, id)
		if err != nil || u.State != roster.Done || u.Report.Created != 4 || len(u.Refused) != 1 || u.Done != 6 {
			t.Errorf("%+v %v", u, err)
		}
		w.DB.Clock().(*clock.Manual).Advance(roster.KeepUploads + time.Hour)
		if n, err := w.Prune(ctx); n != 1 || err != nil {
			t.Errorf("%d pruned, %v", n, err)
		}
	})
}

func TestWhoIsTakenAlongComesBackAsTheyWere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.bring(file("clients.csv", clients+"=cmd|'/C calc'!A0;X;;x@a.example;;\r\n"), roster.Options{})
		var table, cards strings.Builder
		if err := errors.Join(w.Table(t.Context(), actor.System(), w.Everybody(actor.System()), &table), w.Cards(t.Context(), actor.System(), w.Everybody(actor.System()), &cards)); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(table.String(), "\n=") || !strings.Contains(table.String(), "'=cmd") {
			t.Errorf("a cell is a formula: %s", table.String())
		}
		for name, s := range map[string]string{"a.csv": table.String(), "a.vcf": cards.String()} {
			if r := w.bring(file(name, s), roster.Options{}); r.Rows != 5 || r.Already != 5 {
				t.Errorf("%s: %s %+v", name, says(r), r.Reasons)
			}
		}
		if err := w.Table(t.Context(), actor.Visitor(), w.Everybody(actor.System()), io.Discard); err == nil {
			t.Error("a stranger took everybody along")
		}
	})
}

func TestColumnsComeIntoTheFieldsOfTheHouseAndGoWithThem(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, me := t.Context(), actor.System()
		field := func(f contact.Field) contact.Field {
			t.Helper()
			f, err := w.Contacts.SaveField(ctx, me, f)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		wood := field(contact.Field{Name: "Essence préférée", Kind: contact.Choice, Choices: []string{"Chêne", "Hêtre"}})
		budget := field(contact.Field{Name: "Budget", Kind: contact.Number})
		list := "Nom;Courriel;Ville;BUDGET;Essence preferee;Atelier\nAna Le Goff;ana@legoff.example;Brest;12 500,5 €;chene;Architecte\nPaul;paul@kervella.example;;beaucoup;Sapin;\n"
		id, err := w.Keep(ctx, me, "clients.csv", strings.NewReader(list))
		if err != nil {
			t.Fatal(err)
		}
		_, l, err := w.Upload(ctx, me, id)
		if err != nil || !slices.Equal(l.Fields, []roster.Field{roster.Name, roster.Email, roster.Place, roster.Own(budget.ID), roster.Own(wood.ID), roster.None}) {
			t.Fatalf("%v, %v", l.Fields, err)
		}
		l.Fields[5] = roster.NewOwn
		if err := w.Start(ctx, me, id, roster.Choice{Fields: l.Fields}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Queue.RunDue(ctx); err != nil {
			t.Fatal(err)
		}
		fields, err := w.Contacts.Fields(ctx, me)
		if err != nil || len(fields) != 3 || fields[2].Name != "Atelier" || fields[2].Kind != contact.Text {
			t.Fatalf("%+v, %v", fields, err)
		}
		look := func(name string) contact.Contact {
			t.Helper()
			found, _, err := w.Contacts.List(ctx, me, contact.Filter{Query: name})
			if err != nil || len(found) != 1 {
				t.Fatalf("%s: %+v, %v", name, found, err)
			}
			return found[0]
		}
		ana, paul := look("goff"), look("kervella")
		if ana.Place != "Brest" || ana.In(budget.ID) != "12500.5" || ana.In(wood.ID) != "Chêne" || ana.In(fields[2].ID) != "Architecte" {
			t.Errorf("%+v", ana)
		}
		if paul.Note != "Essence préférée : Sapin\nBudget : beaucoup" || len(paul.Values) != 0 {
			t.Errorf("%+v", paul)
		}
		if u, _, err := w.Upload(ctx, me, id); err != nil || len(u.Report.Notes) != 1 || u.Report.Notes[0].Code != "value" || u.Report.Notes[0].Count != 2 {
			t.Errorf("%+v, %v", u.Report, err)
		}
		look("architecte") // by its value

		var table, cards strings.Builder
		if err := errors.Join(w.Table(ctx, me, w.Everybody(me), &table), w.Cards(ctx, me, w.Everybody(me), &cards)); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"Essence préférée", "12500.5"} {
			if !strings.Contains(table.String(), want) {
				t.Errorf("the table does not say %q:\n%s", want, table.String())
			}
		}
		for _, want := range []string{"X-CAUSERIE-ESSENCE-PREFEREE:Chêne", "ADR:;;;Brest;;;"} {
			if !strings.Contains(cards.String(), want) {
				t.Errorf("the cards do not say %q:\n%s", want, cards.String())
			}
		}
		if err := w.Contacts.Erase(ctx, me, ana.ID); err != nil {
			t.Fatal(err)
		}
		for name, s := range map[string]string{"a.csv": table.String(), "a.vcf": cards.String()} {
			other := strings.ReplaceAll(strings.ReplaceAll(s, "ana@legoff.example", name+"@legoff.example"), "Ana Le Goff", "Ana "+name)
			w.bring(file(name, other), roster.Options{})
			if c := look(name[2:]); c.Place != "Brest" || c.In(budget.ID) != "12500.5" || c.In(wood.ID) != "Chêne" || c.In(fields[2].ID) != "Architecte" {
				t.Errorf("%s: %+v", name, c)
			}
		}
		if _, err := w.Import(ctx, me, file("b.csv", list), roster.Options{Fields: []roster.Field{roster.Name, roster.Email, roster.None, roster.NewOwn}}); err == nil {
			t.Error("a column becomes a field without anybody's choice")
		}
	})
}
