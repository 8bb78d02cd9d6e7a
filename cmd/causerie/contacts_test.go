package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAListOfPeopleIsBroughtInFromAFile(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *shell) {
		s.setUp()
		do := func(args ...string) string {
			return strings.ReplaceAll(s.do("", append([]string{"import", "contacts"}, args...)...), "\u00a0", " ")
		}
		dir := t.TempDir()
		list, refused := filepath.Join(dir, "clients.csv"), filepath.Join(dir, "refus.csv")
		if err := os.WriteFile(list, []byte("Pr\xe9nom;Nom;Courriel\r\nH\xe9l\xe8ne;Morvan;helene@morvan.example\r\nPaul;=1+1;pas une adresse\r\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if out := do(list, "--basis", "client", "--dry-run"); !strings.Contains(out, "Essai") || !strings.Contains(out, "Personnes ajoutées : 1") {
			t.Errorf("%s", out)
		}
		out := do(list, "--basis", "client", "--refused", refused)
		if !strings.Contains(out, "Personnes ajoutées : 1") || !strings.Contains(out, "lignes 3") {
			t.Errorf("%s", out)
		}
		b, err := os.ReadFile(refused)
		if err != nil || !strings.HasPrefix(string(b), "\uFEFFPrénom,Nom,Courriel,ligne,raison\r\nPaul,'=1+1,pas une adresse,3,Cette adresse") {
			t.Errorf("%q, %v", b, err)
		}
		if out := do(list, "--basis", "client"); !strings.Contains(out, "Personnes ajoutées : 0") || strings.Contains(out, "registre") {
			t.Errorf("again: %s", out)
		}
		s.refuse(1, "Ce champ est à remplir", "", "import", "contacts", list, "--basis", "consent")
		s.refuse(1, "n’existe pas", "", "import", "contacts", filepath.Join(dir, "rien.csv"))
	})
}
