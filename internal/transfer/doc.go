// Package transfer is what all importers of other programs' exports share: the ledger of what was brought in, and the
// report of what was understood. The importers are packages below it (wordpress); the house's own archive is in archive.
//
// An import keeps three promises. A second run of the same export adds nothing: the ledger (the table imported, which
// this package alone writes) knows each thing by its source, its kind and its name there. Nobody is told: importers act as
// actor.Importer, whose facts no reaction hears. And nothing is dropped in silence: what was not understood, left where it
// was or changed on its way is in the Report, with enough of its name to find it again.
package transfer
