package live

// Prune and Look let tests do at once what Run does by the clock.
var (
	Prune = (*Hub).prune
	Look  = (*Hub).look
)
