package schema

import "testing"

func TestKeysOfStoredShapesBecomeSnakeCase(t *testing.T) {
	t.Parallel()
	for have, want := range map[string]string{
		`{"Post":"0sb7202g9zwhq","At":1795690800000}`:                      `{"at":1795690800000,"post":"0sb7202g9zwhq"}`,
		`{"Event":{"ID":"A","At":"B"},"Fact":{"First":true,"What":null}}`:  `{"event":{"at":"B","id":"A"},"fact":{"first":true,"what":null}}`,
		`{"Posts":["A","B"],"PublishAt":[{"Voice":"Été <b>"}],"Empty":{}}`: `{"empty":{},"posts":["A","B"],"publish_at":[{"voice":"Été \u003cb\u003e"}]}`,
		`{"post":"A","first_at":2}`:                                        `{"first_at":2,"post":"A"}`,
		`"0sb7202g9zwhq"`:                                                  `"0sb7202g9zwhq"`,
		`{}`:                                                               `{}`,
		`null`:                                                             `null`,
	} {
		got, err := snakeKeys([]byte(have))
		if err != nil || string(got) != want {
			t.Errorf("%s became %s, want %s: %v", have, got, want, err)
		}
	}
	for _, bad := range []string{``, `{`, `{"A":`, `[1,`} {
		if got, err := snakeKeys([]byte(bad)); err == nil {
			t.Errorf("%q became %s", bad, got)
		}
	}
}
