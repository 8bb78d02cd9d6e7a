package api_test

import (
	"testing"

	"causerie/internal/platform/db"
)

func TestAListOfPeopleIsImportedAsJSONOrAsItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	list := "Prénom;Nom;Courriel\nHélène;Morvan;helene@morvan.example\nPaul;;pas une adresse\n"
	at := "/api/v1/contacts/import"
	w.post(at, object{"file": list, "basis": "client", "dry_run": true}).want(200).has(object{"dry_run": true, "created": float64(1), "consents": float64(1), "refused": float64(1)})
	got := w.post(at, object{"file": list, "basis": "client", "source": "Salon"}).want(200)
	got.has(object{"created": float64(1), "consents": float64(1), "refused": float64(1)})
	refusals, _ := got.body["refusals"].([]any)
	if len(refusals) != 1 {
		t.Fatalf("%v", got.raw)
	}
	contains(t, refusals[0].(map[string]any), object{"line": float64(3), "field": "email", "code": "malformed"})
	latin := "Pr\xe9nom;Courriel\nH\xe9l\xe8ne;helene@morvan.example\nAna;ana@legoff.example\n"
	w.send(w.write, "POST", at+"?basis=consent&wording=Oui&jurisdiction=FR", latin, "Content-Type", "text/csv").want(200).has(object{"created": float64(1), "already": float64(0), "completed": float64(1)})
	multipart := "--x\r\nContent-Disposition: form-data; name=\"basis\"\r\n\r\nclient\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.vcf\"\r\n\r\nBEGIN:VCARD\r\nFN:Yann\r\nEMAIL:yann@a.example\r\nEND:VCARD\r\n\r\n--x--\r\n"
	w.send(w.write, "POST", at, multipart, "Content-Type", "multipart/form-data; boundary=x").want(200).has(object{"created": float64(1), "consents": float64(1)})
	people := w.get("/api/v1/contacts?q=morvan").items()
	if len(people) != 1 || len(w.get("/api/v1/contacts/"+people[0]["id"].(string)+"/consents").items()) != 2 {
		t.Errorf("%v", people)
	}
	w.post(at, object{"file": list, "basis": "consent"}).want(422)
	w.post(at, object{}).want(422)
	w.post(at, object{"file": "1;2\n3;4"}).want(422)
	w.send(w.read, "POST", at, object{"file": list}).want(403)
}
