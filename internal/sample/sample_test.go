package sample

import "testing"

func TestTheHouseParses(t *testing.T) {
	t.Parallel()
	d, err := World()
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Posts) == 0 || len(d.Contacts) == 0 {
		t.Fatal("the house is empty")
	}
}
