package contact_test

import (
	"slices"
	"testing"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

func TestAValueIsReadAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, written, kept, problem string }{
		{contact.Text, "  Chêne \n massif ", "Chêne massif", ""},
		{contact.Date, "2026-03-04", "2026-03-04", ""},
		{contact.Date, "4/3/2026", "2026-03-04", ""},
		{contact.Date, "04.03.2026", "2026-03-04", ""},
		{contact.Date, "12/25/2026", "2026-12-25", ""},
		{contact.Date, "31/02/2026", "", "date"},
		{contact.Date, "bientôt", "", "date"},
		{contact.Date, "2026-03-04T10:00:00Z", "2026-03-04", ""},
		{contact.Number, "1 234,50", "1234.5", ""},
		{contact.Number, "1,234.5", "1234.5", ""},
		{contact.Number, "1.234,5", "1234.5", ""},
		{contact.Number, "1,234,567", "1234567", ""},
		{contact.Number, "−12 €", "-12", ""},
		{contact.Number, "-0", "0", ""},
		{contact.Number, "007", "7", ""},
		{contact.Number, "douze", "", "decimal"},
		{contact.Number, "1.2.3", "", "decimal"},
		{contact.Number, "999999999999999", "", "decimal"},
		{contact.Number, "0.00001", "", "decimal"},
		{contact.Choice, "CHENE", "Chêne", ""},
		{contact.Choice, "Sapin", "", "unknown"},
		{contact.Choice, "", "", ""},
	} {
		f := contact.Field{ID: 7, Kind: c.kind, Choices: []string{"Chêne", "Hêtre"}}
		v, err := f.Read(c.written)
		if p := fault.ProblemsOf(err); c.problem != "" && (len(p) != 1 || p[0].Code != c.problem || p[0].Field != f.Input()) {
			t.Errorf("%s %q: %v, want the problem %s", c.kind, c.written, err, c.problem)
		} else if c.problem == "" && (err != nil || v.Text != c.kept) {
			t.Errorf("%s %q is %q, %v, want %q", c.kind, c.written, v.Text, err, c.kept)
		}
	}
	numbers := []string{"-99999999999999", "-12.5", "-12", "-0.0001", "0", "0.5", "7", "12", "1000", "99999999999999.9999"}
	keys := make([]string, len(numbers))
	for i, n := range numbers {
		keys[i] = contact.KeyOf(contact.Number, n)
	}
	if !slices.IsSorted(keys) || slices.Contains(keys, "") || len(slices.Compact(slices.Clone(keys))) != len(keys) {
		t.Errorf("the keys of numbers are not in their order: %q", keys)
	}
}

func TestAHouseKeepsWhatItWantsToKnowInFieldsOfItsOwn(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *contact.Service) {
		owner := actor.System()
		field := func(f contact.Field) contact.Field {
			t.Helper()
			f, err := s.SaveField(t.Context(), owner, f)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		wood := field(contact.Field{Name: "Essence", Kind: contact.Choice, Choices: []string{"Chêne", " ", "chene", "Hêtre"}})
		budget := field(contact.Field{Name: "Budget", Kind: contact.Number})
		if !slices.Equal(wood.Choices, []string{"Chêne", "Hêtre"}) {
			t.Errorf("the choices are %q", wood.Choices)
		}
		for name, f := range map[string]contact.Field{"taken": {Name: "BUDGET", Kind: contact.Text}, "required": {Kind: contact.Text}, "unknown": {Name: "x", Kind: "y"}} {
			if _, err := s.SaveField(t.Context(), owner, f); len(fault.ProblemsOf(err)) != 1 || fault.ProblemsOf(err)[0].Code != name {
				t.Errorf("%+v is %v, want %s", f, err, name)
			}
		}
		if _, err := s.SaveField(t.Context(), actor.Visitor(), contact.Field{Name: "x", Kind: contact.Text}); err == nil {
			t.Error("a visitor makes a field")
		}

		c, err := s.Create(t.Context(), owner, contact.NewContact{Name: "Paul Kervella", Place: " Quimper ", Lang: "fr-FR",
			Fields: map[fact.FieldID]string{wood.ID: "hêtre", budget.ID: "12 500 €"}})
		if err != nil || c.In(wood.ID) != "Hêtre" || c.In(budget.ID) != "12500" || c.Place != "Quimper" {
			t.Fatalf("%+v, %v", c, err)
		}
		found := func(query string, want bool) {
			t.Helper()
			all, _, err := s.List(t.Context(), owner, contact.Filter{Query: query})
			if err != nil || (len(all) == 1) != want {
				t.Errorf("%q finds %d people, %v", query, len(all), err)
			}
		}
		found("hetre", true)
		found("quimper", true)
		_, err = s.Change(t.Context(), owner, c.ID, contact.Patch{Fields: map[fact.FieldID]string{wood.ID: "Sapin", budget.ID: "cher", 99: "x"}})
		if p := fault.ProblemsOf(err); len(p) != 3 || p[0].Field != wood.Input() || p[1].Field != budget.Input() {
			t.Errorf("%v", err)
		}
		wood.Choices = []string{"Chêne"} // theirs is given up, and stays
		wood = field(wood)
		if c, err = s.Change(t.Context(), owner, c.ID, contact.Patch{Fields: map[fact.FieldID]string{wood.ID: "Hêtre", budget.ID: ""}}); err != nil || c.In(wood.ID) != "Hêtre" || c.In(budget.ID) != "" {
			t.Errorf("%+v, %v", c, err)
		}
		if err := s.RaiseField(t.Context(), owner, budget.ID); err != nil {
			t.Error(err)
		}
		if err := s.ArchiveField(t.Context(), owner, wood.ID, true); err != nil {
			t.Error(err)
		}
		all, err := s.Fields(t.Context(), owner)
		if err != nil || len(all) != 2 || all[0].ID != budget.ID || !all[1].Archived() || len(contact.Asked(all)) != 1 {
			t.Errorf("%+v, %v", all, err)
		}
		if err := s.Rebuild(t.Context()); err != nil {
			t.Error(err)
		}
		found("hetre", true)
		if err := s.Erase(t.Context(), owner, c.ID); err != nil {
			t.Error(err)
		}
		found("hetre", false)
		left := db.Query{Name: "test.values", SQL: `SELECT (SELECT COUNT(*) FROM contact_values) + (SELECT COUNT(*) FROM contacts WHERE place <> '' OR place_key <> '')`}
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			n, err := db.One(tx, left, db.Scalar[int])
			if n != 0 {
				t.Errorf("%d things are still known of somebody who was erased", n)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}
