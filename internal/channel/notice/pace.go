package notice

import "time"

// what is told.
type what string

const (
	request   what = "request"   // somebody asks the house for something
	held      what = "held"      // something waits for a yes
	published what = "published" // a comment appeared by itself
	answer    what = "answer"    // a reader is told: somebody answered under what they wrote
)

// pace says how what comes as it comes is gathered.
type pace struct {
	calm    time.Duration // nothing more came for so long: it is told
	longest time.Duration // however much comes, the first waits no longer
	free    int           // mails that leave as they are; the next ones keep a distance, more at each
}

var (
	urgent  = pace{calm: 5 * time.Second, longest: 15 * time.Second, free: 3} // there is a request among it
	patient = pace{calm: 20 * time.Second, longest: 2 * time.Minute, free: 1}
	reader  = pace{free: 4}
)

// recent is how long a mail counts among those after which the next keeps its distance.
const recent = 6 * time.Hour

// distances are kept after the mails that are not free: the last holds for all that follow.
var distances = []time.Duration{5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}

// due returns when what came from first to last is told; lately is when mails of the last hours left, oldest first.
func (p pace) due(first, last time.Time, lately []time.Time) time.Time {
	due := last.Add(p.calm)
	if p.longest > 0 && due.After(first.Add(p.longest)) {
		due = first.Add(p.longest)
	}
	if n := len(lately) - p.free; n >= 0 && len(lately) > 0 {
		due = latest(due, lately[len(lately)-1].Add(distances[min(n, len(distances)-1)]))
	}
	return due
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// plan is what is told now, and when there is something to tell next, zero when there is not.
type plan struct {
	tell []item
	next time.Time
}

// add puts a batch that is due at an instant into the plan.
func (p *plan) add(batch []item, due, now time.Time) {
	switch {
	case len(batch) == 0:
	case !due.After(now):
		p.tell = append(p.tell, batch...)
	case p.next.IsZero() || due.Before(p.next):
		p.next = due
	}
}

// plan decides about what waits for an account, oldest first; of what is never told nothing is in it.
func (c Choice) plan(waiting []item, lately []time.Time, now time.Time, zone *time.Location) (p plan) {
	var requests, others, daily []item
	for _, it := range waiting {
		switch {
		case c.of(it.what) == Daily:
			daily = append(daily, it)
		case it.what == request:
			requests = append(requests, it)
		default:
			others = append(others, it)
		}
	}
	if len(daily) > 0 {
		p.add(daily, c.DailyAt.after(daily[0].at, zone), now)
	}
	together := append(requests[:len(requests):len(requests)], others...)
	due := patient.of(others, lately)
	if len(requests) > 0 {
		due = urgent.of(requests, lately) // what else waits goes with it
	}
	if end, quiet := c.quietAt(latest(due, now), zone); quiet {
		if c.Through {
			p.add(requests, due, now)
			together = others
		}
		due = end
	}
	p.add(together, due, now)
	return p
}

// of is due for a batch, oldest first.
func (p pace) of(batch []item, lately []time.Time) time.Time {
	if len(batch) == 0 {
		return time.Time{}
	}
	return p.due(batch[0].at, batch[len(batch)-1].at, lately)
}

// planReader decides about what waits for a reader.
func planReader(waiting []item, lately []time.Time, now time.Time) (p plan) {
	p.add(waiting, reader.of(waiting, lately), now)
	return p
}
