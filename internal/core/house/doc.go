// Package house is the company or practice that owns the installation: its name, its legal identity, its zone, and
// whether strangers may read it.
//
// There is one house in a database. It goes public only when what the law of its country asks to show is complete
// (Missing); until then it answers strangers with a 503 and shows its owner everything. The package also keeps what an
// owner sets (settings; the mail relay is sealed).
//
// It emits HouseSetUp (through feature/begin), HouseChanged, HouseOpened and HouseClosed, and hears nothing.
package house
