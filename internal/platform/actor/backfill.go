package actor

// Importer is the program while it brings in the past: what it does is recorded, and nobody is told.
func Importer() Actor { return Actor{Name: "import", system: true, backfill: true} }

// Backfilling reports whether a only brings in the past: its facts are marked, and reactions ignore them.
func (a Actor) Backfilling() bool { return a.backfill }

// Backfill returns a as one who only brings in the past.
func (a Actor) Backfill() Actor {
	a.backfill = true
	return a
}
