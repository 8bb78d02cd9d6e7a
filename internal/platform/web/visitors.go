package web

import "causerie/internal/platform/clock"

// Visitors is the name in Options.Rates of how often a network may have something rendered by strangers, who are bound by nothing
// else: a page that the cache does not hold, a refusal, an address that leads nowhere. What the cache answers never comes here. Where
// Options.Rates has no such rate nobody is bound.
//
// Not counted are those who are signed in, from wherever they ask; words and files (Route.Light, Route.Shared); what has
// a rate of its own, as long as that lets it pass, so that a comment is taken whatever else its network asks for; and a page that the
// cache knows and has made anew because it changed, which is done once, whoever happens to ask first.
//
// What it protects is the processor, so that it goes by the system's clock, whatever the clock of the house shows.
const Visitors = "visitors"

// charge counts r as one of Visitors, once. What it returns when it was one too many is answered by the barest page there is, so that
// refusing costs less than asking.
func (ro *Router) charge(r *Request) error {
	if r.charged || r.id.Actor.SignedIn() || !ro.limits.has(Visitors) {
		return nil
	}
	r.charged = true
	if k := keeperOf(r.out); k != nil && k.Renews() {
		return nil
	}
	err := r.Limit(Visitors)
	r.overdrew = err != nil
	return err
}

// clockOf returns the clock by which a rate goes.
func (l *limits) clockOf(name string) clock.Clock {
	if name == Visitors {
		return clock.System{}
	}
	return l.clock
}
